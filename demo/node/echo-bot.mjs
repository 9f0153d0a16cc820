// An echo bot: npm run build && node demo/node/echo-bot.mjs <name> <password>. Each message gets one echo in its life, even if the
// bot is killed in between. What is older than the bot's data directory gets none.
import { createClient } from 'flooim/node';

const [name, password] = process.argv.slice(2);
const { APPID: appid, DNS_SERVER: dnsServer, DATA_DIR: dataDir = 'echo-bot-data' } = process.env;
const im = createClient({ appid, dnsServer, dataDir });
const { userManage, rosterManage, sysManage } = im;
const PAGE = 500;
const taken = new Set();
const echoOf = (id) => JSON.stringify({ echoOf: id });

async function answer(message) {
  const { id, from, content, arrival } = message;
  if (message.isOwn || arrival === 'history' || taken.has(id)) return;
  taken.add(id);
  // Only a message that is not live may have an echo already, of an earlier run.
  const echo = arrival === 'live' ? 'none' : await findEcho(from, id);
  if (echo === 'unknown') return void taken.delete(id); // it stays unread, and the next login looks again
  if (echo === 'none') sysManage.sendRosterMessage({ uid: from, content, ext: echoOf(id) });
  rosterManage.readRosterMessage(from, id); // stored after the echo, so a message without an echo is unread
}

/** Looks among the user's own later messages, which may be on their way or still at the server. */
async function findEcho(uid, mid) {
  const isEcho = (message) => message.isOwn && message.ext === echoOf(mid);
  if (sysManage.getSendingMessages(uid, 'roster').some(isEcho)) return 'sent';
  for (let after = mid; ;) {
    const { messages, complete } = await sysManage.getMessages({ id: uid, type: 'roster', after, limit: PAGE });
    if (messages.some(isEcho)) return 'sent';
    if (!complete) return 'unknown';
    if (messages.length < PAGE) return 'none';
    after = messages[PAGE - 1].id;
  }
}

/** Answers what an earlier run stored and did not answer. It is not emitted again. */
async function answerUnread() {
  for (const { type, id, unread } of userManage.getConversationList()) {
    if (type !== 'roster' || unread === 0) continue;
    const { messages } = await sysManage.getMessages({ id, type, limit: PAGE });
    const waiting = messages.filter(({ status, arrival }) => status === 0 && arrival !== 'history');
    for (const message of waiting) await answer({ ...message, arrival: 'waiting' });
  }
}

im.on({ onRosterMessage: answer, loginSuccess: answerUnread, flooError: ({ error }) => console.error(error.message) });
if (userManage.getUid() === undefined) await im.login({ name, password }); // later runs resume the session
process.once('SIGTERM', () => im.dispose());
