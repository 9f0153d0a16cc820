/** demo/node's echo bot, killed again and again at the worst moments: something is stored, and nobody knows it yet. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createDiskKvProvider } from '../../src/platform/node/disk-kv.ts';
import { serverTexts, storedTexts } from '../bench/crash/audit.ts';
import { until } from '../support/client-events.ts';
import { APP_ID, PASSWORD, startWorld } from '../support/client-world.ts';
import type { World } from '../support/client-world.ts';
import { deviceOn, temporaryDirectory } from '../support/data-dir.ts';

const BOT = fileURLToPath(new URL('../../demo/node/echo-bot.mjs', import.meta.url));
const END = new URL('../support/end-at-sync.mjs', import.meta.url).href;
const KILLS = 14;
const BURST = 3;
/** How late the server answers, so that a kill finds messages in every state. */
const DELAYS_MS = [0, 5, 30];

/** A bot whose messages are in the directory, and what it complained of. @param endAt it ends when it has stored so often. */
function startBot(world: World, directory: string, endAt = 0): { child: ChildProcess; complaints: string[] } {
  const child = spawn(process.execPath, ['--import', END, BOT, 'bot', PASSWORD], {
    env: { ...process.env, DNS_SERVER: world.server.dnsUrl, DATA_DIR: directory, END_AT: String(endAt) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const complaints: string[] = [];
  child.stderr.on('data', (bytes: Buffer) => complaints.push(bytes.toString()));
  world.cleanup(async () => end(child, 'SIGKILL'));
  return { child, complaints };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

const isOnline = (world: World, id: number): boolean => world.server.admin.connections().some(({ uid }) => uid === id);

test('every message is echoed once and stored once, even if the bot is killed in between', async () => {
  const world = await startWorld();
  const directory = temporaryDirectory(world);
  const botId = await world.register('bot');
  const alice = await world.member('alice');
  const said: string[] = [];
  const say = (): void => {
    said.push(`message ${said.length}`);
    alice.client.sysManage.sendRosterMessage({ uid: botId, content: said.at(-1)! });
  };
  const echoes = (): string[] =>
    alice.events
      .all('onRosterMessage')
      .filter(({ from }) => from === String(botId))
      .map(({ content }) => content);

  // What is older than the bot's directory is not echoed: the first catch-up has to be over.
  const first = startBot(world, directory);
  await until(() => isOnline(world, botId), 'the bot to be online', 60_000);
  say();
  await until(() => echoes().length === 1, 'the first echo', 60_000);
  await end(first.child, 'SIGTERM');

  for (let kill = 0; kill < KILLS; kill++) {
    world.server.admin.setDelay(DELAYS_MS[kill % DELAYS_MS.length]!);
    for (let i = 0; i < BURST; i++) say();
    const bot = startBot(world, directory, kill + 1);
    // One that has less to store lives until it has said everything.
    await until(() => hasEnded(bot.child) || echoes().length === said.length, `the end of run ${kill}`, 60_000);
    await end(bot.child, 'SIGKILL');
    expect(bot.complaints).toEqual([]);
  }
  world.server.admin.setDelay(0);
  const bot = startBot(world, directory);
  say();
  await until(() => new Set(echoes()).size === said.length, 'all echoes', 60_000);
  // An echo too many would leave before this one.
  say();
  await until(() => echoes().includes(said.at(-1)!), 'the last echo', 60_000);
  await end(bot.child, 'SIGTERM');
  // What it did not live to learn, the server id of an echo for one, every later run finds out.
  const { client } = world.client({}, deviceOn(directory));
  await until(() => client.isLogin(), 'the login');
  await until(() => client.sysManage.getSendingMessages(alice.id, 'roster').length === 0, 'every answer');
  await client.dispose();

  const twice = new Map(said.map((text) => [text, 2]));
  expect(serverTexts(world.app, alice.id, botId)).toEqual(twice);
  expect(echoes().sort()).toEqual([...said].sort());
  expect(readdirSync(directory).sort()).toEqual([`flooim.${APP_ID}.${botId}`, 'preferences.json']);
  const kv = await createDiskKvProvider(directory).open(`flooim.${APP_ID}.${botId}`);
  const records = (await kv.range({ from: '', to: '~' })).map(({ key, value }): [string, unknown] => [key, value]);
  await kv.close();
  expect(storedTexts(records)).toEqual(twice);
}, 300_000);

test('C9: no old message is echoed, and none twice: after a restart, and with a fresh directory', async () => {
  const world = await startWorld();
  const botId = await world.register('bot');
  const alice = await world.member('alice');
  const say = async (...texts: string[]): Promise<void> => {
    const sent = alice.events.all('onRosterMessage').filter(({ from }) => from === alice.uid).length;
    for (const content of texts) alice.client.sysManage.sendRosterMessage({ uid: botId, content });
    await alice.events.count('onRosterMessage', sent + texts.length, ({ from }) => from === alice.uid);
  };
  const echoes = (): string[] =>
    alice.events
      .all('onRosterMessage')
      .filter(({ from }) => from === String(botId))
      .map(({ content }) => content);
  /** Starts the bot, says something to it, and kills it when it has answered that and what waited for it. */
  const answered = async (directory: string, text: string, waiting: readonly string[] = []): Promise<void> => {
    const bot = startBot(world, directory);
    await until(() => isOnline(world, botId), 'the bot to be online', 60_000);
    await say(text);
    for (const each of [text, ...waiting]) await until(() => echoes().includes(each), `the echo of ${each}`, 60_000);
    await end(bot.child, 'SIGKILL');
    expect(bot.complaints).toEqual([]);
    await until(() => !isOnline(world, botId), 'the bot to be offline', 60_000);
  };
  const directory = temporaryDirectory(world);
  await say('old 1', 'old 2', 'old 3');
  await answered(directory, 'first');
  await say('while away');
  await answered(directory, 'second', ['while away']);
  await say('before the fresh directory');
  await answered(temporaryDirectory(world), 'third');
  // The first directory comes back: it has not seen what the other one answered.
  await answered(directory, 'fourth', ['before the fresh directory']);
  expect(echoes().sort()).toEqual(['before the fresh directory', 'first', 'fourth', 'second', 'third', 'while away']);
}, 300_000);
