import { copyFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createDevServer } from 'flooim-devserver';
import { run } from './packed.ts';

/** What a deployed bot does with the SDK: it takes the factory in one of three places, listens, logs in and writes. */
const BOT = `
const { createRequire } = require('node:module');
const sdk = createRequire(__filename)('./lanying-im.cjs');
const factory = sdk.flooim || sdk.default || sdk;
const [dnsServer, name, uid] = process.argv.slice(2);
const im = factory({ appid: 'welovemaxim', dnsServer, ws: true, forceNode: true, transports: ['websocket'], autoLogin: false, logLevel: 'off' });
im.listen({
  loginSuccess: () => im.sysManage.sendRosterMessage({ uid, content: 'hello' }),
  onRosterMessage: ({ from, content }) => {
    console.log(content);
    if (from === uid) im.disConnect();
  },
});
im.login({ name, password: 'secret12' });
`;

test('G6: one copied file is a whole SDK for a bot in Node', async () => {
  const server = await createDevServer();
  onTestFinished(async () => server.close());
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'flooim-copied-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  copyFileSync(fileURLToPath(new URL('../../dist/node.cjs', import.meta.url)), join(folder, 'lanying-im.cjs'));
  writeFileSync(join(folder, 'bot.cjs'), BOT);
  const { users } = server.data.app('welovemaxim');
  // It writes to itself, as bots do with commands.
  const bot = users.add('bot', 'secret12');
  const { stdout } = await run(process.execPath, ['bot.cjs', server.dnsUrl, bot.username, String(bot.id)], {
    cwd: folder,
    timeout: 20_000,
  });
  expect(stdout).toBe('hello\n');
}, 30_000);
