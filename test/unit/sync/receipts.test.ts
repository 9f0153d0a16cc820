import { describe, expect, test } from 'vitest';
import { markRead } from '../../../src/sync/receipts.ts';
import { chat, dump, GROUP, openTestStore, operation, PEER, SELF, emitted } from './harness.ts';
import type { TestStore } from './harness.ts';

const KEY = `r${PEER}`;
const READ_ACK = 1;
const READ_ALL = 2;
const READ_CANCEL = 3;
const DELIVER_ACK = 4;
const PLAY_ACK = 7;

async function withMessages(...metas: ReturnType<typeof chat>[]): Promise<TestStore> {
  const opened = await openTestStore();
  await opened.apply(metas);
  return opened;
}

const unreadOf = ({ store }: TestStore, key = KEY): number => store.reader.conversation(key)!.unread;
const statusOf = ({ store }: TestStore, id: string | number, key = KEY): number | undefined =>
  store.reader.newestMessages(key).find((message) => message.id === String(id))?.status;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => chat({ id: from + at }));

describe('reading here', () => {
  test('a whole conversation marks only its unread messages', async () => {
    const opened = await withMessages(
      chat({ id: 1 }),
      chat({ id: 2, status: 2 }),
      chat({ id: 3, from: SELF, to: PEER }),
      chat({ id: 4 }),
    );
    expect(unreadOf(opened)).toBe(2);
    const read = await opened.store.update(async (tx) => markRead(tx, KEY, SELF));
    expect(read.map(({ id }) => id)).toEqual(['1', '4']);
    expect(unreadOf(opened)).toBe(0);
    expect([1, 3, 4].map((id) => statusOf(opened, id))).toEqual([2, 0, 2]);
  });

  test('one message', async () => {
    const opened = await withMessages(...range(1, 3));
    await opened.store.update(async (tx) => markRead(tx, KEY, SELF, { only: '2' }));
    expect(unreadOf(opened)).toBe(2);
    expect([1, 2, 3].map((id) => statusOf(opened, id))).toEqual([0, 2, 0]);
  });

  test('it twice changes nothing', async () => {
    const opened = await withMessages(...range(1, 3));
    for (const only of ['2', '2', '9']) {
      await opened.store.update(async (tx) => markRead(tx, KEY, SELF, { only }));
    }
    expect(unreadOf(opened)).toBe(2);
  });

  test('an unknown conversation changes nothing', async () => {
    const { store, kv } = await openTestStore();
    expect(await store.update(async (tx) => markRead(tx, KEY, SELF))).toEqual([]);
    expect(await dump(kv)).toEqual({});
  });

  test('more messages than memory holds leaves none unread', async () => {
    const opened = await withMessages(...range(1, 150));
    expect(unreadOf(opened)).toBe(150);
    await opened.store.update(async (tx) => markRead(tx, KEY, SELF));
    expect(unreadOf(opened)).toBe(0);
  });
});

describe('a READ_ALL of another device', () => {
  test('reads up to its message', async () => {
    const opened = await withMessages(...range(1, 4));
    const readAll = operation(9, { type: READ_ALL, mid: '3', xid: { uid: PEER } }, SELF, SELF);
    expect(emitted(await opened.apply([readAll]))).toEqual([
      `status ${KEY} 1`,
      `status ${KEY} 2`,
      `status ${KEY} 3`,
      `unread ${KEY}`,
    ]);
    expect(unreadOf(opened)).toBe(1);
    expect([1, 2, 3, 4].map((id) => statusOf(opened, id))).toEqual([2, 2, 2, 0]);
  });

  test('comes again and changes nothing', async () => {
    const opened = await withMessages(...range(1, 4));
    const readAll = operation(9, { type: READ_ALL, mid: '3', xid: { uid: PEER } }, SELF, SELF);
    await opened.apply([readAll]);
    expect(await opened.apply([readAll])).toEqual([]);
    expect(unreadOf(opened)).toBe(1);
  });

  test('of a group reads the group', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1, to: GROUP }), chat({ id: 2, to: GROUP })], { queue: GROUP });
    await opened.apply([operation(9, { type: READ_ALL, mid: '2', xid: { uid: GROUP } }, SELF, SELF)]);
    expect(unreadOf(opened, `g${GROUP}`)).toBe(0);
  });

  test('also counts messages that are no longer in memory', async () => {
    const opened = await withMessages(...range(1, 150));
    await opened.apply([operation(900, { type: READ_ALL, mid: '148', xid: { uid: PEER } }, SELF, SELF)]);
    expect(unreadOf(opened)).toBe(2);
  });
});

describe('a READ_ACK', () => {
  test('of the peer: our message is read', async () => {
    const opened = await withMessages(chat({ id: 1, from: SELF, to: PEER }));
    expect(emitted(await opened.apply([operation(9, { type: READ_ACK, mid: '1' })]))).toEqual([`status ${KEY} 1`]);
    expect(statusOf(opened, 1)).toBe(2);
  });

  test('of our other device: the message is read here too', async () => {
    const opened = await withMessages(...range(1, 2));
    const ack = operation(9, { type: READ_ACK, mid: '1' }, SELF, PEER);
    expect(emitted(await opened.apply([ack]))).toEqual([`status ${KEY} 1`, `unread ${KEY}`]);
    expect(unreadOf(opened)).toBe(1);
  });

  test('of the peer for its own message is ignored: a receipt concerns our messages', async () => {
    const opened = await withMessages(chat({ id: 1 }));
    expect(emitted(await opened.apply([operation(9, { type: READ_ACK, mid: '1' })]))).toEqual([]);
    expect(statusOf(opened, 1)).toBe(0);
    expect(unreadOf(opened)).toBe(1);
  });

  test('of a message that is not stored is ignored', async () => {
    const opened = await withMessages(chat({ id: 1, from: SELF, to: PEER }));
    expect(emitted(await opened.apply([operation(9, { type: READ_ACK, mid: '5' })]))).toEqual([]);
  });
});

test('a READ_ACK finds a group message that is still being stored', async () => {
  const opened = await openTestStore();
  const ack = operation(9, { type: READ_ACK, mid: '1' });
  await Promise.all([
    opened.store.update(() => undefined),
    opened.apply([chat({ id: 1, from: SELF, to: GROUP })], { queue: GROUP }),
    opened.apply([ack]),
  ]);
  expect(opened.store.reader.newestMessages(`g${GROUP}`).map(({ status }) => status)).toEqual([2]);
});

test('a DELIVER_ACK after the READ_ACK does not undo it', async () => {
  const opened = await withMessages(chat({ id: 1, from: SELF, to: PEER }), chat({ id: 2, from: SELF, to: PEER }));
  await opened.apply([operation(8, { type: READ_ACK, mid: '1' })]);
  expect(emitted(await opened.apply([operation(9, { type: DELIVER_ACK, mid: '1' })]))).toEqual([]);
  expect(emitted(await opened.apply([operation(10, { type: DELIVER_ACK, mid: '2' })]))).toEqual([`status ${KEY} 2`]);
  expect([1, 2].map((id) => statusOf(opened, id))).toEqual([2, 1]);
});

test('a READ_CANCEL makes a message unread and counts it again', async () => {
  const opened = await withMessages(...range(1, 2));
  await opened.store.update(async (tx) => markRead(tx, KEY, SELF));
  const cancel = operation(9, { type: READ_CANCEL, mid: '2', xid: { uid: PEER } }, SELF, SELF);
  expect(emitted(await opened.apply([cancel]))).toEqual([`status ${KEY} 2`, `cancelled ${KEY} 2`, `unread ${KEY}`]);
  expect(unreadOf(opened)).toBe(1);
  expect(statusOf(opened, 2)).toBe(0);
  const again = operation(10, { type: READ_CANCEL, mid: '2', xid: { uid: PEER } }, SELF, SELF);
  expect(emitted(await opened.apply([again]))).toEqual([`status ${KEY} 2`]);
  expect(unreadOf(opened)).toBe(1);
});

test('a PLAY_ACK marks a message played, once', async () => {
  const opened = await withMessages(chat({ id: 1, from: SELF, to: PEER, ctype: 2 }));
  expect(emitted(await opened.apply([operation(9, { type: PLAY_ACK, mid: '1' })]))).toEqual([`status ${KEY} 1`]);
  expect(opened.store.reader.newestMessages(KEY)[0]!.isPlayed).toBe(true);
  expect(emitted(await opened.apply([operation(10, { type: PLAY_ACK, mid: '1' })]))).toEqual([]);
});

test('unknown operations change nothing and emit nothing', async () => {
  const opened = await withMessages(...range(1, 2));
  for (const type of [0, 99]) {
    expect(emitted(await opened.apply([operation(20 + type, { type, mid: '1', xid: { uid: PEER } })]))).toEqual([]);
  }
  expect(emitted(await opened.apply([{ ...operation(50, {}), payload: { type: 1, ctype: 6 } } as never]))).toEqual([]);
  expect(unreadOf(opened)).toBe(2);
});

test('a receipt and its message may come in one page, in any order', async () => {
  const opened = await openTestStore();
  await opened.apply([operation(9, { type: READ_ALL, mid: '2', xid: { uid: PEER } }, SELF, SELF), ...range(1, 3)]);
  expect(unreadOf(opened)).toBe(1);
  expect([1, 2, 3].map((id) => statusOf(opened, id))).toEqual([2, 2, 0]);
});
