/** A client that stores in a directory, over restarts. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createNodePlatform } from '../../../src/platform/node/index.ts';
import type { KvStore, KvWrite } from '../../../src/platform/ports.ts';
import { createDeferred } from '../../../src/util/deferred.ts';
import { until } from '../../support/client-events.ts';
import { APP_ID, PASSWORD, startWorld } from '../../support/client-world.ts';
import { bytesOf, sameBytes } from '../../support/file-bytes.ts';
import type { Member, World } from '../../support/client-world.ts';
import { deviceOn, temporaryDirectory } from '../../support/data-dir.ts';

async function botAndAlice(directory: string, world: World): Promise<{ bot: Member; alice: Member }> {
  return { bot: await world.member('bot', {}, deviceOn(directory)), alice: await world.member('alice') };
}

const PATIENT = { timeout: 10_000 };

/** The files that wait for their upload. */
const shelved = (directory: string): string[] => {
  const shelf = join(directory, 'shelf');
  if (!existsSync(shelf)) return [];
  return readdirSync(shelf).flatMap((name) => readdirSync(join(shelf, name)).map((file) => join(shelf, name, file)));
};

describe('a client with a dataDir', () => {
  test('resumes the last run: the session, the conversations, the unsent messages', async () => {
    const world = await startWorld();
    const directory = temporaryDirectory(world);
    const { bot, alice } = await botAndAlice(directory, world);
    alice.client.sysManage.sendRosterMessage({ uid: bot.id, content: 'one' });
    await bot.events.next('onRosterMessage');
    const serial = bot.client.userManage.getDeviceSN();
    bot.client.disConnect();
    bot.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'said offline' });
    await bot.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sending');
    await bot.client.dispose();
    alice.client.sysManage.sendRosterMessage({ uid: bot.id, content: 'two' });

    const { client, events } = world.client({}, deviceOn(directory));
    expect(client.userManage.getUid()).toBe(bot.id);
    await events.next('recentlistUpdate');
    expect(client.userManage.getConversationList()).toMatchObject([{ id: alice.id, content: 'one', unread: 1 }]);
    await events.next('loginSuccess');
    expect(client.userManage.getDeviceSN()).toBe(serial);
    await events.next('onRosterMessage', ({ content }) => content === 'two');
    await alice.events.next('onRosterMessage', ({ content }) => content === 'said offline');
    // It was emitted in the first run, and is not again.
    expect(events.all('onRosterMessage').map(({ content }) => content)).not.toContain('one');
    const { messages } = await client.sysManage.getMessages({ id: alice.id, type: 'roster' });
    expect(messages.map(({ content }) => content).sort()).toEqual(['one', 'said offline', 'two']);
  });

  test('continues the upload of a deleted file and keeps no copy after sending', async () => {
    const world = await startWorld();
    const directory = temporaryDirectory(world);
    const { bot, alice } = await botAndAlice(directory, world);
    const bytes = bytesOf(300_000);
    const path = join(directory, 'report.bin');
    writeFileSync(path, bytes);
    bot.client.disConnect();
    bot.client.sysManage.sendRosterMessage({ uid: alice.id, file: path });
    bot.client.sysManage.sendRosterMessage({ uid: alice.id, file: bytes.slice(0, 1000) });
    const copies = (): number[] =>
      shelved(directory)
        .map((file) => statSync(file).size)
        .sort();
    await expect.poll(() => copies().join(), PATIENT).toBe('1000,300000');
    await bot.client.dispose();
    rmSync(path);

    const { client, events } = world.client({}, deviceOn(directory));
    for (let sent = 0; sent < 2; sent++)
      await events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    const received = [await alice.events.next('onRosterMessage'), await alice.events.next('onRosterMessage')];
    const { attach } = received.find((message) => message.attach?.fLen === bytes.length)!;
    expect(attach).toMatchObject({ dName: 'report.bin' });
    const file = await alice.client.sysManage.asyncFileDownload({ url: String(attach?.url) });
    sameBytes(new Uint8Array(await file.arrayBuffer()), bytes);
    await expect.poll(copies, PATIENT).toEqual([]);
    await client.dispose();
  });

  test('lists as unread the messages that were stored but not emitted before the process ended', async () => {
    const world = await startWorld();
    const directory = temporaryDirectory(world);
    const device = deviceOn(directory);
    const { open } = device.platform.kv;
    const isStored = createDeferred();
    const goOn = createDeferred();
    let isWaiting = false;
    // The process "ends" when the message is on the disk.
    const slow = async (store: KvStore, batch: readonly KvWrite[]): Promise<void> => {
      await store.commit(batch);
      if (!isWaiting || !batch.some((write) => write.op === 'put' && write.key.startsWith('s/'))) return;
      isStored.resolve();
      await goOn.promise;
    };
    device.platform.kv = {
      ...device.platform.kv,
      open: async (name) => {
        const store = await open(name);
        return { ...store, commit: async (batch) => slow(store, batch) };
      },
    };
    const bot = await world.member('bot', {}, device);
    const alice = await world.member('alice');
    isWaiting = true;
    alice.client.sysManage.sendRosterMessage({ uid: bot.id, content: 'do you hear me' });
    await isStored.promise;
    const found = join(temporaryDirectory(world), 'as the next run finds it');
    cpSync(directory, found, { recursive: true, filter: (path) => !path.includes('lock.') });
    expect(bot.events.all('onRosterMessage')).toEqual([]);

    const next = world.client({}, deviceOn(found));
    await next.events.next('loginSuccess');
    const { messages } = await next.client.sysManage.getMessages({ id: alice.id, type: 'roster' });
    expect(messages).toMatchObject([{ content: 'do you hear me', status: 0 }]);
    expect(next.client.userManage.getConversationList()).toMatchObject([{ id: alice.id, unread: 1 }]);
    // The server sends it again, as nobody acknowledged it; it is no news.
    alice.client.sysManage.sendRosterMessage({ uid: bot.id, content: 'and now' });
    await next.events.next('onRosterMessage', ({ content }) => content === 'and now');
    expect(next.events.all('onRosterMessage').map(({ content }) => content)).toEqual(['and now']);
    expect(next.client.userManage.getConversationList()).toMatchObject([{ unread: 2 }]);
    isWaiting = false;
    goOn.resolve();
  });

  test('owns the directory: another client is refused and changes nothing', async () => {
    const world = await startWorld();
    const directory = temporaryDirectory(world);
    const { bot, alice } = await botAndAlice(directory, world);
    const second = world.client({}, deviceOn(directory));
    const refused = await second.events.next('flooError');
    expect(refused.error.reason).toBe('DbOperationFailed');
    expect(refused.error.message).toContain(`${directory} is in use by process ${process.pid}`);
    await expect(second.client.login({ name: 'bot', password: PASSWORD })).rejects.toMatchObject({
      reason: 'DbOperationFailed',
    });
    expect(second.events.all('storageDegraded')).toEqual([]);
    alice.client.sysManage.sendRosterMessage({ uid: bot.id, content: 'still there?' });
    await bot.events.next('onRosterMessage', ({ content }) => content === 'still there?');
    await bot.client.dispose();
    await second.client.login({ name: 'bot', password: PASSWORD });
    expect(second.client.userManage.getConversationList()).toMatchObject([{ content: 'still there?' }]);
  });

  test('leaves nothing of the user after a wipe', async () => {
    const world = await startWorld();
    const directory = temporaryDirectory(world);
    const { bot, alice } = await botAndAlice(directory, world);
    alice.client.sysManage.sendRosterMessage({ uid: bot.id, content: 'forget me' });
    await bot.events.next('onRosterMessage');
    const path = join(directory, 'preferences.json');
    expect(readFileSync(path, 'utf8')).toContain(bot.client.userManage.getToken());
    expect(readdirSync(directory)).toContain(`flooim.${APP_ID}.${bot.uid}`);
    await bot.client.logout({ wipe: true });
    expect(readdirSync(directory)).toEqual(['preferences.json']);
    expect(readFileSync(path, 'utf8')).not.toContain(bot.uid);
  });

  test('works in memory if nothing can be written, and emits storageDegraded', async () => {
    const world = await startWorld();
    const file = join(temporaryDirectory(world), 'file');
    writeFileSync(file, '');
    const bot = await world.member('bot', {}, deviceOn(join(file, 'data')));
    const [event] = bot.events.all('storageDegraded');
    expect(event!.reason).toBe('DbOperationFailed');
    bot.client.sysManage.sendRosterMessage({ uid: bot.id, content: 'to myself' });
    await until(() => bot.client.userManage.getConversationList().length === 1, 'the message');
  });

  test('is not created without a path', () => {
    for (const dataDir of ['', 5, null])
      expect(() => createNodePlatform({ dataDir: dataDir as string })).toThrow(
        expect.objectContaining({ reason: 'InvalidParam' }),
      );
  });

  test('creates no directory before there is data to store', () => {
    const directory = join(tmpdir(), 'flooim-never-made');
    createNodePlatform({ dataDir: directory });
    expect(existsSync(directory)).toBe(false);
  });
});
