import { describe, expect, test } from 'vitest';
import { isFlooError } from '../../../src/errors.ts';
import { compareIds } from '../../../src/model/ids.ts';
import type { Message } from '../../../src/model/message.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvProvider } from '../../../src/platform/ports.ts';
import type { StoreTransaction } from '../../../src/store/transaction.ts';
import { openStore } from '../../../src/store/store.ts';
import type { Store } from '../../../src/store/store.ts';
import { createDeferred } from '../../../src/util/deferred.ts';
import { messageEntry } from '../../../src/sync/outgoing.ts';
import { createFailingProvider } from './failing-store.ts';
import { storedMessage as message } from './stored-message.ts';

const KEY = 'r200';

const entry = (mid: number) => messageEntry(String(mid), KEY, { content: 'x', type: 'text' }, '100', 1, '0');

const open = async (provider: KvProvider = createMemoryKvProvider()): Promise<Store> =>
  openStore(await provider.open('user'));

async function putMessages(tx: StoreTransaction, key: string, ids: readonly (number | string)[]): Promise<void> {
  const messages = ids.map((id) => message(id)).sort((a, b) => compareIds(a.id, b.id));
  await tx.messages.put(key, messages);
  tx.updateConversation(key, { newestId: String(ids[ids.length - 1]) });
}
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const idsInMemory = (store: Store, key = KEY): string[] => store.reader.newestMessages(key).map(({ id }) => id);

/** Changes one of everything. */
async function changeAll(tx: StoreTransaction): Promise<void> {
  await putMessages(tx, KEY, [1, 2]);
  tx.updateConversation(KEY, { unread: 2, previewId: '2' });
  tx.putOutbox(entry(7));
  tx.reserveMid('7');
  tx.setFriends(['200', '201']);
  tx.setGroups(['300']);
  tx.putUsers([{ user_id: 200, username: 'ann' }]);
  tx.putGroupInfos([{ group_id: 300, name: 'all' }]);
}

/** The data that getters return. */
const seen = ({ reader }: Store): unknown => ({
  conversations: reader.conversations(),
  messages: reader.conversations().map(([key]) => [key, reader.newestMessages(key)]),
  users: reader.users(),
  groups: reader.groups(),
  friends: reader.friends(),
  joinedGroups: reader.joinedGroups(),
  outbox: reader.outbox(),
  notices: reader.notices(),
  lastMid: reader.lastMid(),
});

describe('an update', () => {
  test('is one batch, visible as a whole when it is stored, and there after a restart', async () => {
    const { provider, batches } = createFailingProvider();
    const store = await open(provider);
    await store.warm(KEY);
    await store.update(changeAll);
    expect(store.reader.lastMid()).not.toBe('0');
    expect(batches.length).toBe(1);
    expect(idsInMemory(store)).toEqual(['1', '2']);
    expect(store.reader.conversation(KEY)).toMatchObject({ unread: 2, previewId: '2', newestId: '2' });
    expect(store.reader.outbox().map(({ mid }) => mid)).toEqual(['7']);
    expect(store.reader.friends()).toEqual(['200', '201']);
    expect(store.reader.joinedGroups()).toEqual(['300']);
    expect(store.reader.user('200')).toEqual({ user_id: 200, username: 'ann' });
    expect(store.reader.group('300')).toEqual({ group_id: 300, name: 'all' });

    const reopened = await open(provider);
    expect(seen(reopened)).toEqual(seen(store));
    expect(reopened.reader.lastMid()).toBe(store.reader.lastMid());
  });

  test('is not visible before it is stored', async () => {
    const store = await open();
    const gate = createDeferred();
    const update = store.update(async (tx) => {
      await changeAll(tx);
      await gate.promise;
    });
    await Promise.resolve();
    expect(store.reader.conversations().length).toBe(0);
    expect(store.reader.friends().length).toBe(0);
    gate.resolve();
    await update;
    expect(store.reader.conversations().length).toBe(1);
  });

  test('that cannot be stored changes nothing, neither in memory nor in the database', async () => {
    const { provider, fail } = createFailingProvider();
    const store = await open(provider);
    await store.update(changeAll);
    await store.warm(KEY);
    const before = structuredClone(seen(store));
    fail(true);
    const failing = store.update(async (tx) => {
      await putMessages(tx, KEY, [3]);
      await tx.messages.put(KEY, [message(1, { status: 2 })]);
      tx.updateConversation(KEY, { unread: 9 });
      tx.updateConversation('g300', { unread: 1 });
      tx.deleteOutbox('7');
      tx.putOutbox(entry(8));
      tx.addFriend('5');
      tx.removeGroup('300');
      tx.putUsers([{ user_id: 200, username: 'bob' }]);
    });
    await expect(failing).rejects.toSatisfy((error) => isFlooError(error, 'DbOperationFailed'));
    expect(seen(store)).toEqual(before);
    fail(false);
    expect(seen(await open(provider))).toEqual(before);
    await store.update((tx) => tx.addFriend('5'));
    expect(store.reader.friends()).toEqual(['200', '201', '5']);
  });

  test('fails with the others in its batch when that cannot be stored; later updates do not', async () => {
    const { provider, fail } = createFailingProvider();
    const store = await open(provider);
    const addFriend = async (id: string): Promise<string> =>
      store.update((tx) => {
        tx.addFriend(id);
        return id;
      });
    await addFriend('1');
    fail(true);
    const together = Promise.allSettled([addFriend('2'), addFriend('3')]);
    expect((await together).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(store.reader.friends()).toEqual(['1']);
    fail(false);
    await addFriend('4');
    expect(store.reader.friends()).toEqual(['1', '4']);
    expect((await open(provider)).reader.friends()).toEqual(['1', '4']);
  });

  test('with a task that throws changes nothing and commits nothing', async () => {
    const { provider, batches } = createFailingProvider();
    const store = await open(provider);
    const failing = store.update(async (tx) => {
      await changeAll(tx);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(batches).toEqual([]);
    expect(store.reader.conversations().length).toBe(0);
    expect(await store.update(() => 'next')).toBe('next');
  });

  test('that changes nothing commits nothing', async () => {
    const { provider, batches } = createFailingProvider();
    const store = await open(provider);
    await store.update((tx) => tx.updateConversation(KEY, { unread: 1 }));
    expect(await store.update((tx) => tx.updateConversation(KEY, { unread: 1 }))).toBe(false);
    expect(batches.length).toBe(1);
  });

  test('runs after the one before, and sees its changes', async () => {
    const store = await open();
    const count = async (): Promise<number> =>
      store.update(async (tx) => {
        const unread = (tx.conversation(KEY)?.unread ?? 0) + 1;
        await Promise.resolve();
        tx.updateConversation(KEY, { unread });
        return unread;
      });
    expect(await Promise.all([count(), count(), count()])).toEqual([1, 2, 3]);
  });

  test('sees its own changes', async () => {
    const store = await open();
    await store.update(async (tx) => {
      tx.updateConversation(KEY, { unread: 1 });
      tx.updateConversation(KEY, { content: 'x' });
      expect(tx.conversation(KEY)).toMatchObject({ unread: 1, content: 'x' });
      await tx.messages.put(KEY, [message(1)]);
      await tx.messages.put(KEY, [message(1, { status: 2 })]);
      expect((await tx.messages.find(KEY, ['1'])).get('1')).toMatchObject({ status: 2 });
      tx.addFriend('1');
      tx.addFriend('2');
      tx.addFriend('1');
      tx.removeFriend('9');
    });
    expect(store.reader.conversation(KEY)).toMatchObject({ unread: 1, content: 'x' });
    expect(store.reader.friends()).toEqual(['1', '2']);
  });

  test('reserves client mids ahead, and never releases them', async () => {
    const { provider, batches } = createFailingProvider();
    const store = await open(provider);
    for (const mid of ['10', '9', '10240000', '10240011', '12']) {
      await store.update((tx) => tx.reserveMid(mid));
      const reopened = await open(provider);
      expect(reopened.reader.lastMid()).toBe(store.reader.lastMid());
      expect(Number(reopened.reader.lastMid())).toBeGreaterThanOrEqual(Number(mid));
    }
    // Ten seconds of 1024 each, twice.
    expect(batches.length).toBe(2);
  });

  test('hands out copies of records', async () => {
    const store = await open();
    await store.update((tx) => tx.updateConversation(KEY, { unread: 1 }));
    await store.update((tx) => {
      tx.conversation(KEY)!.unread = 99;
    });
    expect(store.reader.conversation(KEY)!.unread).toBe(1);
  });
});

describe('messages', () => {
  test('are found in memory and below it', async () => {
    const { provider } = createFailingProvider();
    const store = await open(provider);
    await store.update((tx) => putMessages(tx, KEY, numbers(1, 150)));
    for (const opened of [store, await open(provider)]) {
      await opened.update(async (tx) => {
        const found = await tx.messages.find(KEY, ['0', '1', '2', '50', '51', '75', '150', '151', '999']);
        expect([...found.keys()].map(Number).sort((a, b) => a - b)).toEqual([1, 2, 50, 51, 75, 150]);
        expect((await tx.messages.find('g200', ['1'])).size).toBe(0);
        expect((await tx.messages.find('r20', ['1'])).size).toBe(0);
      });
    }
  });

  test('in memory are the newest 100 of a conversation, ascending by number, in whatever order they come', async () => {
    const store = await open();
    await store.warm(KEY);
    const ids = ['99', '100', '9', '18446744073709551615', '9007199254740993', '9007199254740992'];
    await store.update((tx) => putMessages(tx, KEY, ids));
    expect(idsInMemory(store)).toEqual(['9', '99', '100', '9007199254740992', '9007199254740993', ids[3]]);
    await store.update((tx) => putMessages(tx, KEY, numbers(200, 320)));
    expect(idsInMemory(store)).toEqual([
      ...numbers(224, 320).map(String),
      '9007199254740992',
      '9007199254740993',
      '18446744073709551615',
    ]);
    await store.update((tx) => tx.messages.put(KEY, [message(1)]));
    expect(idsInMemory(store).length).toBe(100);
    expect(idsInMemory(store)[0]).toBe('224');
  });

  test('stay in their place when they change', async () => {
    const store = await open();
    await store.update((tx) => putMessages(tx, KEY, numbers(1, 3)));
    await store.warm(KEY);
    await store.update((tx) => tx.messages.put(KEY, [message(2, { content: 'edited' })]));
    expect(store.reader.newestMessages(KEY).map(({ content }) => content)).toEqual(['text 1', 'edited', 'text 3']);
  });

  test('that are not in memory keep the changes of all updates that share a batch', async () => {
    const { provider } = createFailingProvider();
    const store = await open(provider);
    await store.update(async (tx) => putMessages(tx, KEY, numbers(1, 600)));
    const edit = async (id: number): Promise<void> =>
      store.update(async (tx) => tx.messages.put(KEY, [message(id, { content: `edited ${id}` })]));
    await Promise.all([edit(600), edit(1), edit(2), edit(0), edit(1)]);
    for (const opened of [store, await open(provider)]) {
      const found = await opened.update(async (tx) => tx.messages.find(KEY, ['0', '1', '2', '3', '600']));
      expect([...found.values()].map((item) => (item as Message).content).sort()).toEqual(
        ['edited 0', 'edited 1', 'edited 2', 'edited 600', 'text 3'].sort(),
      );
    }
  });

  test('that are not in memory are seen by an update as it changed them', async () => {
    const store = await open();
    await store.update(async (tx) => putMessages(tx, KEY, numbers(1, 600)));
    await store.update(async (tx) => {
      await tx.messages.put(KEY, [message(5, { status: 2 })]);
      expect((await tx.messages.find(KEY, ['5'])).get('5')).toMatchObject({ status: 2 });
      const all = await tx.messages.after(KEY, '0');
      expect(all.length).toBe(600);
      expect(all[4]!.status).toBe(2);
    });
  });

  test('in memory are hardly more than a getter returns, however many come', async () => {
    const store = await open();
    for (let at = 0; at < 20; at++)
      await store.update(async (tx) => putMessages(tx, KEY, numbers(at * 50 + 1, at * 50 + 50)));
    const held = new Map(store.reader.messagesInMemory()).get(KEY)!.length;
    expect(held).toBeGreaterThanOrEqual(100);
    expect(held).toBeLessThan(230);
    expect(idsInMemory(store).length).toBe(100);
  });

  test('of a conversation that is not in memory are read by warming it', async () => {
    const { provider } = createFailingProvider();
    const first = await open(provider);
    for (const at of numbers(1, 60)) await first.update((tx) => putMessages(tx, `r${at}`, [at]));
    const store = await open(provider);
    expect(idsInMemory(store, 'r60')).toEqual(['60']);
    expect(idsInMemory(store, 'r1')).toEqual([]);
    await store.warm('r1');
    expect(idsInMemory(store, 'r1')).toEqual(['1']);
  });

  test('are in memory for the 64 conversations that were used last', async () => {
    const store = await open();
    for (const at of numbers(1, 64)) {
      await store.update((tx) => putMessages(tx, `r${at}`, [at]));
      await store.warm(`r${at}`);
    }
    expect(idsInMemory(store, 'r1')).toEqual(['1']);
    await store.warm('r65');
    expect(idsInMemory(store, 'r1')).toEqual(['1']);
    expect(store.reader.hasMessages('r2')).toBe(false);
    expect(idsInMemory(store, 'r3')).toEqual(['3']);
  });

  test('that were stored while their conversation was not in memory are visible once it is', async () => {
    const store = await open();
    await store.update((tx) => putMessages(tx, KEY, [5]));
    await store.warm(KEY);
    await store.update((tx) => putMessages(tx, KEY, [6]));
    expect(idsInMemory(store)).toEqual(['5', '6']);
  });
});

describe('ids that were applied', () => {
  const unseen = async (store: Store, ids: readonly (number | string)[], queue = '0'): Promise<string[]> =>
    store.update(async (tx) => [...(await tx.unseen(queue, ids.map(String)))]);

  test('are new once in each queue, also after a restart', async () => {
    const { provider } = createFailingProvider();
    const store = await open(provider);
    expect(await unseen(store, [1, 2, 2])).toEqual(['1', '2']);
    expect(await unseen(store, [2, 3])).toEqual(['3']);
    expect(await unseen(store, [1], '5')).toEqual(['1']);
    expect(await unseen(await open(provider), [1, 2, 3, 4])).toEqual(['4']);
  });

  test('asked for twice in one update are new once', async () => {
    const store = await open();
    await store.update(async (tx) => {
      expect((await tx.unseen('0', ['1'])).size).toBe(1);
      expect((await tx.unseen('0', ['1'])).size).toBe(0);
    });
  });

  test('are remembered in a number that a queue may repeat, and not forever', async () => {
    const { provider, batches } = createFailingProvider();
    const store = await open(provider);
    for (const at of numbers(1, 60)) await unseen(store, numbers(at * 10, at * 10 + 9));
    expect((batches[batches.length - 1]![0] as { value: string[] }).value.length).toBe(256);
    expect(await unseen(store, numbers(609 - 255, 609))).toEqual([]);
    expect(await unseen(store, [10])).toEqual(['10']);
  });

  test('are still new when the update failed', async () => {
    const { provider, fail } = createFailingProvider();
    const store = await open(provider);
    fail(true);
    await expect(unseen(store, [1])).rejects.toThrow();
    fail(false);
    expect(await unseen(store, [1])).toEqual(['1']);
  });
});

describe('details', () => {
  test('of users and groups are merged with those that are known', async () => {
    const store = await open();
    await store.update((tx) => tx.putUsers([{ user_id: 1, username: 'ann', alias: 'A' }]));
    await store.update((tx) => tx.putUsers([{ user_id: 1, alias: 'B' }]));
    await store.update((tx) => tx.putGroupInfos([{ group_id: 2, name: 'all', count: 1 }]));
    await store.update((tx) => tx.putGroupInfos([{ group_id: 2, count: 2 }]));
    expect(store.reader.user('1')).toEqual({ user_id: 1, username: 'ann', alias: 'B' });
    expect(store.reader.group('2')).toEqual({ group_id: 2, name: 'all', count: 2 });
  });

  test('of the same user twice in an update are merged too', async () => {
    const store = await open();
    await store.update((tx) =>
      tx.putUsers([
        { user_id: 1, username: 'ann' },
        { user_id: 1, alias: 'B' },
      ]),
    );
    expect(store.reader.user('1')).toEqual({ user_id: 1, username: 'ann', alias: 'B' });
  });
});

test('lists are replaced by those of the server', async () => {
  const store = await open();
  await store.update((tx) => tx.setFriends(['1', '2', '2']));
  await store.update((tx) => tx.setFriends(['3', '1']));
  expect(store.reader.friends()).toEqual(['3', '1']);
});

test('a database that cannot be read rejects with DbOperationFailed', async () => {
  const { provider, fail } = createFailingProvider();
  const kv = await provider.open('user');
  fail(false, true);
  await expect(openStore(kv)).rejects.toSatisfy((error) => isFlooError(error, 'DbOperationFailed'));
});

test('close waits for the update under way and then refuses others', async () => {
  const { provider } = createFailingProvider();
  const store = await open(provider);
  const update = store.update(changeAll);
  await store.close();
  await update;
  await expect(store.update(changeAll)).rejects.toSatisfy((error) => isFlooError(error, 'DbOperationFailed'));
  expect((await open(provider)).reader.conversations().length).toBe(1);
});
