// An echo bot: npm run build && node demo/node/echo-bot.mjs <name> <password>. Each message gets one echo, even if the bot is killed in between.
import { createClient } from 'flooim/node';

const [name, password] = process.argv.slice(2);
const { APPID: appid, DNS_SERVER: dnsServer, DATA_DIR: dataDir = 'echo-bot-data' } = process.env;
const im = createClient({ appid, dnsServer, dataDir });
const { userManage, rosterManage, sysManage } = im;
const answered = new Set();
const isOwn = (from) => from === String(userManage.getUid());
function answer({ id, from, content, isHistory }) {
  if (isOwn(from) || isHistory || answered.has(id)) return;
  answered.add(id);
  sysManage.sendRosterMessage({ uid: from, content, ext: JSON.stringify({ echoOf: id }) });
  rosterManage.readRosterMessage(from, id); // stored after the echo, so a message without an echo is unread
}
/** Answers messages that an earlier run stored but did not answer or mark as read. They are not emitted again. */
async function answerUnread() {
  for (const { type, id, unread } of userManage.getConversationList()) {
    if (type !== 'roster' || unread === 0) continue;
    const sending = sysManage.getSendingMessages(id, type);
    const { messages } = await sysManage.getMessages({ id, type, limit: 500 });
    const own = [...sending, ...messages].filter(({ from, ext }) => isOwn(from) && ext);
    for (const { ext } of own) answered.add(JSON.parse(ext).echoOf);
    messages.filter(({ status }) => status === 0).forEach(answer);
  }
}

im.on({ onRosterMessage: answer, loginSuccess: answerUnread, flooError: ({ error }) => console.error(error.message) });
if (userManage.getUid() === undefined) await im.login({ name, password }); // later runs resume the session
process.once('SIGTERM', () => im.dispose());
