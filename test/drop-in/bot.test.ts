/** What a deployed bot does with the SDK, with the one built file copied elsewhere. */
import { copyFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { PASSWORD, startWorld } from '../support/client-world.ts';

/** It answers each message and reports it as read, and ends its session and begins another one when it is asked to. */
const BOT = `
const { createRequire } = require('node:module');
const loaded = createRequire(__filename)('./copy.cjs');
const [dnsServer, name, password] = process.argv.slice(2);
const report = (line) => console.log(JSON.stringify(line));
report(['flooim', 'default'].map((at) => typeof loaded[at]).concat(typeof (loaded.flooim || loaded.default || loaded)));
const flooim = loaded.flooim || loaded.default || loaded;
const config = { appid: 'welovemaxim', dnsServer, ws: true, forceNode: true, transports: ['websocket'], autoLogin: false, logLevel: 'off' };
let im;
let run = 0;
async function start() {
  run += 1;
  im = flooim(config);
  report([im.isReady(), !!im.isLogin()]);
  if (run === 1) im.listen({ auth() {}, message() {}, loginMessage() {}, loginSuccess, onRosterMessage, onGroupMessage, flooError: (e) => report(e), fireplaceError() {} });
  report({ login: String(await im.login({ name, password })) });
}
function loginSuccess() {
  report({ uid: typeof im.userManage.getUid(), isReady: im.isReady(), isLogin: !!im.isLogin() });
  const uid = im.userManage.getUid();
  im.sysManage.sendRosterMessage({ uid, type: 'command', content: '', ext: JSON.stringify({ openclaw: { run } }) });
}
async function onRosterMessage(message) {
  const self = String(im.userManage.getUid());
  if (String(message.from) === self) return;
  report({ type: message.type, toType: message.toType, ext: typeof message.ext, content: message.content });
  im.rosterManage.readRosterMessage(message.from, message.id);
  await im.sysManage.sendRosterMessage({ uid: message.from, content: 'echo ' + message.content, type: 'text' });
  if (message.content !== 'again' && message.content !== 'end') return;
  await new Promise((resolve) => setTimeout(resolve, 300));
  im.disConnect();
  im.disConnect();
  im.logout();
  report({ isLogin: !!im.isLogin() });
  if (message.content === 'again') await start();
}
async function onGroupMessage(message) {
  if (String(message.from) !== String(im.userManage.getUid()))
    im.sysManage.sendGroupMessage({ gid: message.to, content: 'echo ' + message.content, type: 'text' });
}
start().catch((error) => report({ failed: String(error) }));
`;

test('a bot with a copied file logs in, answers, marks as read, logs out, and starts again in the same process', async () => {
  const world = await startWorld();
  const owner = await world.member('owner');
  const bot = await world.register('bot');
  const gid = world.group(owner, { id: bot });
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'flooim-bot-')));
  world.cleanup(() => rmSync(folder, { recursive: true, maxRetries: 3 }));
  copyFileSync(fileURLToPath(new URL('../../dist/node.cjs', import.meta.url)), join(folder, 'copy.cjs'));
  writeFileSync(join(folder, 'bot.cjs'), BOT);
  const child = spawn(process.execPath, ['bot.cjs', world.server.dnsUrl, 'bot', PASSWORD], { cwd: folder });
  world.cleanup(() => void child.kill('SIGKILL'));
  let out = '';
  let errors = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  const ended = once(child, 'exit');
  const lines = (): unknown[] =>
    out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown);
  const online = { uid: 'number', isReady: true, isLogin: true };

  await expect
    .poll(lines, { timeout: 10_000 })
    .toEqual([['function', 'function', 'function'], [false, false], online, { login: 'undefined' }]);
  const ask = async (content: string): Promise<void> => {
    owner.events.skip();
    owner.client.sysManage.sendRosterMessage({ uid: bot, content });
    await owner.events.next('onRosterMessage', (message) => message.content === `echo ${content}`);
  };
  await ask('one');
  const [first] = owner.client.rosterManage.getRosterMessageByRid(bot);
  await expect.poll(() => owner.client.sysManage.getMessageStatus(bot, first!.id), { timeout: 3000 }).toBe('read');
  owner.client.sysManage.sendGroupMessage({ gid, content: 'to all' });
  await owner.events.next('onGroupMessage', ({ content }) => content === 'echo to all');
  await ask('again');
  const message = { type: 'text', toType: 'roster', ext: 'string' };
  await expect
    .poll(() => lines().slice(4), { timeout: 10_000 })
    .toMatchObject([
      { content: 'one' },
      { content: 'again' },
      { isLogin: false },
      [false, false],
      online,
      { login: 'undefined' },
    ]);
  await ask('end');
  expect(lines().slice(-1)).toMatchObject([{ ...message, content: 'end' }]);
  // Nothing keeps the process: no timer, no socket.
  expect(await ended).toEqual([0, null]);
  expect(lines().slice(-1)).toEqual([{ isLogin: false }]);
  expect(errors).toBe('');
}, 60_000);
