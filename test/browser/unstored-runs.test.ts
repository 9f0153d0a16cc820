/** Runs on an IndexedDB that fails, is gone, or holds something wrong, and the good starts after them. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createIndexedDbKvProvider } from '../../src/platform/browser/kv-store.ts';
import { quiet, until } from '../support/client-events.ts';
import { create, pair } from './people.ts';
import type { Person } from './people.ts';

const LOGIN = { name: 'alice', password: 'secret12' };

afterEach(() => vi.restoreAllMocks());

async function talk(from: Person, to: Person, content: string): Promise<void> {
  from.client.sysManage.sendRosterMessage({ uid: to.id, content });
  await to.events.next('onRosterMessage', (message) => message.content === content);
}

/** The next start of the page. */
async function nextStart(appid: string, { id }: Person): Promise<Person> {
  const made = create(appid, { autoLogin: false });
  await made.client.login(LOGIN);
  return { ...made, id };
}

/** What the client shows of a conversation; `complete` only counts when everything is there. */
async function shown({ client }: Person, id: number): Promise<unknown> {
  const { messages, complete } = await client.sysManage.getMessages({ id, type: 'roster', limit: 100 });
  const item = client.userManage.getConversationList().find((one) => one.id === id);
  return { complete, contents: messages.map(({ content }) => content), unread: item?.unread, preview: item?.content };
}

const nameOf = (appid: string, { id }: Person): string => `flooim.${appid}.${id}`;

/** Ways in which IndexedDB fails in the middle of a run, for the databases of one user. */
const FAULTS: Record<string, (name: string) => void> = {
  'put() throws': (name) => {
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
      if (this.transaction.db.name.startsWith(name)) throw new DOMException('full', 'QuotaExceededError');
      return put.call(this, value, key);
    });
  },
  'transaction() throws': (name) => {
    const transaction = IDBDatabase.prototype.transaction;
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, stores, mode) {
      if (this.name.startsWith(name)) throw new DOMException('broken', 'UnknownError');
      return transaction.call(this, stores, mode);
    });
  },
  'transactions end with an error': (name) => {
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
      const request = put.call(this, value, key);
      if (this.transaction.db.name.startsWith(name)) this.transaction.abort();
      return request;
    });
  },
};

describe('messages of a run that could not store', () => {
  it.each(Object.entries(FAULTS))('A1: come back at the next good start, when %s', async (_, fail) => {
    const { appid, alice, bob } = await pair();
    await talk(bob, alice, '1');
    fail(nameOf(appid, alice));
    for (const text of ['2', '3', '4']) await talk(bob, alice, text);
    await talk(alice, bob, 'mine');
    const all = { complete: true, contents: ['1', '2', '3', '4', 'mine'], unread: 4, preview: 'mine' };
    await expect.poll(async () => shown(alice, bob.id)).toEqual(all);
    vi.restoreAllMocks();
    await alice.client.dispose();
    const next = await nextStart(appid, alice);
    await expect.poll(async () => shown(next, bob.id)).toEqual(all);
    await next.client.dispose();
    expect(await shown(await nextStart(appid, alice), bob.id)).toEqual(all);
  });

  it('A1: come back at the next good start, when the database did not open', async () => {
    const { appid, alice, bob } = await pair();
    await talk(bob, alice, '1');
    await alice.client.dispose();
    const open = indexedDB.open.bind(indexedDB);
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation((name, version) => {
      if (name.startsWith(nameOf(appid, alice))) throw new DOMException('broken', 'UnknownError');
      return open(name, version);
    });
    const unstored = await nextStart(appid, alice);
    for (const text of ['2', '3', '4']) await talk(bob, unstored, text);
    await talk(unstored, bob, 'mine');
    vi.restoreAllMocks();
    await unstored.client.dispose();
    const next = await nextStart(appid, alice);
    await expect
      .poll(async () => shown(next, bob.id))
      .toEqual({ complete: true, contents: ['1', '2', '3', '4', 'mine'], unread: 4, preview: 'mine' });
  });
});

describe('databases that were deleted between two runs', () => {
  it('A2: a page whose databases are gone shows what a new device shows', async () => {
    const { appid, alice, bob } = await pair();
    const { group_id: gid } = await bob.client.groupManage.asyncCreate({ name: 'group', user_list: [alice.id] });
    for (const text of ['1', '2', '3', '4', '5']) await talk(bob, alice, text);
    for (const content of ['6', '7', '8']) {
      bob.client.sysManage.sendGroupMessage({ gid, content });
      await alice.events.next('onGroupMessage', (message) => message.content === content);
    }
    await quiet(150);
    await alice.client.dispose();
    for (const { name } of await indexedDB.databases())
      if (name?.startsWith(nameOf(appid, alice)))
        await new Promise<void>((resolve, reject) => {
          const request = indexedDB.deleteDatabase(name);
          request.onsuccess = () => resolve();
          request.onblocked = () => reject(new Error('blocked'));
        });
    const next = await nextStart(appid, alice);
    const list = (): unknown[] =>
      next.client.userManage
        .getConversationList()
        .filter(({ id }) => id === bob.id || id === gid)
        .map(({ id, unread, content }) => ({ id, unread, content }));
    await expect.poll(list).toEqual([
      { id: gid, unread: 3, content: '8' },
      { id: bob.id, unread: 5, content: '5' },
    ]);
    await until(() => next.client.rosterManage.getRosterMessageByRid(bob.id).length === 5, 'the messages');
    await until(() => next.client.groupManage.getGroupMessage(gid).length === 3, 'the messages of the group');
  });
});

describe('records of a wrong shape', () => {
  const wrong: [string, (bob: number) => string, unknown][] = [
    ['a segment', (bob) => `s/r${bob}/${'0'.repeat(20)}`, '[5]'],
    ['a segment that is no text', (bob) => `s/r${bob}/${'0'.repeat(20)}`, { wrong: true }],
    ['friends', () => 'l/friends', 5],
    ['users', (bob) => `users/${String(bob).slice(-2)}`, '[null]'],
    ['conversations', (bob) => `conversations/${String(bob).slice(-2)}`, '[5]'],
    ['an outbox row', () => 'o/0000000000000000000x', { mid: 'x', state: 'queued', conversation: 'r1', meta: {} }],
    ['the device', () => 'x/device', { guid: 5 }],
    ['a queue', () => 'q/0', [null]],
  ];
  it.each(wrong)('A4: %s is dropped and healed, and the login settles', async (_, keyOf, value) => {
    const { appid, alice, bob } = await pair();
    for (const text of ['1', '2', '3']) await talk(bob, alice, text);
    await quiet(150);
    await alice.client.dispose();
    const kv = await createIndexedDbKvProvider().open(nameOf(appid, alice));
    await kv.commit([{ op: 'put', key: keyOf(bob.id), value }]);
    await kv.close();
    const next = await nextStart(appid, alice);
    const all = { complete: true, contents: ['1', '2', '3'], unread: 3, preview: '3' };
    await expect.poll(async () => shown(next, bob.id)).toEqual(all);
    expect(next.events.all('flooError').length).toBeLessThan(2);
    await talk(next, bob, 'still here');
    await next.client.dispose();
    const again = await nextStart(appid, alice);
    await expect.poll(async () => shown(again, bob.id)).toMatchObject({ contents: ['1', '2', '3', 'still here'] });
    expect(again.events.all('flooError')).toEqual([]);
  });
});
