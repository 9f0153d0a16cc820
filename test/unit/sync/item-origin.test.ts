import { describe, expect, test } from 'vitest';
import {
  GroupNoticeType,
  MessageOperationType as Op,
  RosterNoticeType,
  UserNoticeType,
} from '../../../src/wire/enums.ts';
import type { Meta } from '../../../src/wire/index.ts';
import { chat, emitted, GROUP, openTestStore, operation, PEER, SELF } from './harness.ts';

const STRANGER = '201';
const OTHER_GROUP = '301';
const KEY = `r${PEER}`;

const notice = (ns: number, payload: object, from = PEER, to = SELF): Meta =>
  ({ id: '50', from: { uid: from, deviceSN: 1 }, to: { uid: to, deviceSN: 0 }, ns, payload }) as Meta;
const named = (uid: string): { uid: string } => ({ uid });

describe('D10, item by item: refused and not shown', () => {
  test.each<[string, string, Meta]>([
    ['a message from one stranger to another', PEER, chat({ id: 9, from: STRANGER, to: '202' })],
    ['a message of the peer to a stranger', PEER, chat({ id: 9, to: STRANGER })],
    ['a message of a stranger to us', PEER, chat({ id: 9, from: STRANGER })],
    ['our message to a stranger', PEER, chat({ id: 9, from: SELF, to: STRANGER })],
    ['one from a stranger to another in the system queue', '0', chat({ id: 9, from: STRANGER, to: '202' })],
    ['a group message among those of a user', PEER, { ...chat({ id: 9, to: GROUP }) }],
    ['a message of another group', GROUP, chat({ id: 9, to: OTHER_GROUP, type: 3 })],
    [
      'a message that is typing to a stranger',
      PEER,
      chat({ id: 9, to: STRANGER, content: '', ext: '{"input_status":1}' }),
    ],
    ['an own deletion, by the peer', PEER, operation(9, { type: Op.DELETE, mid: '1', xid: named(SELF) })],
    ['an own READ_ALL, by the peer', PEER, operation(9, { type: Op.READ_ALL, mid: '1', xid: named(SELF) })],
    ['an own READ_CANCEL, by the peer', PEER, operation(9, { type: Op.READ_CANCEL, mid: '1', xid: named(SELF) })],
    ['a recall in another conversation', PEER, operation(9, { type: Op.RECALL, mid: '1', xid: named(STRANGER) })],
    ['a recall by a stranger', PEER, operation(9, { type: Op.RECALL, mid: '1', xid: named(SELF) }, STRANGER)],
    ['a receipt of a stranger', PEER, operation(9, { type: Op.READ_ACK, mid: '2', xid: named(PEER) }, STRANGER)],
    ['an operation among others', PEER, operation(9, { type: Op.APPEND, mid: '1' }, STRANGER, '202')],
    ['an operation in another group', GROUP, operation(9, { type: Op.RECALL, mid: '1' }, PEER, OTHER_GROUP)],
    [
      'the deletion of our conversation, by the peer',
      PEER,
      notice(6, { type: 1, operation: { type: 2, xid: named(PEER) } }),
    ],
    ['a kick that a peer sent', PEER, notice(4, { type: UserNoticeType.KICKED_BY_OTHER_DEVICE })],
    [
      'a change of friends that a peer sent',
      PEER,
      notice(3, { type: RosterNoticeType.ADDED, from: named(PEER), to: [named(SELF)] }),
    ],
    [
      'a change of friends of others',
      '0',
      notice(3, { type: RosterNoticeType.ADDED, from: named(PEER), to: [named(STRANGER)] }),
    ],
    ['a notice of another group', GROUP, notice(2, { type: GroupNoticeType.DESTROYED, gid: named(OTHER_GROUP) })],
    ['the recall of our message by the peer', PEER, operation(9, { type: Op.RECALL, mid: '2', xid: named(SELF) })],
    ['an edit of our message by the peer', PEER, operation(9, { type: Op.REPLACE, mid: '2', xid: named(SELF) })],
  ])('%s', async (_, queue, meta) => {
    const { store, apply } = await openTestStore();
    await store.update((tx) => tx.setGroups([GROUP, OTHER_GROUP]));
    await apply([chat({ id: 1 }), chat({ id: 2, from: SELF, to: PEER })]);
    const before = JSON.stringify([store.reader.conversations(), store.reader.newestMessages(KEY)]);
    expect(emitted(await apply([meta], { queue }))).toEqual(['problem ServerResponseInvalid']);
    // The page counts as delivered all the same.
    const after = JSON.stringify([store.reader.conversations(), store.reader.newestMessages(KEY)]);
    expect(after.replace(/"gaps":\[[^\]]*\]+/g, '')).toBe(before.replace(/"gaps":\[[^\]]*\]+/g, ''));
  });

  test('one problem for all of a page', async () => {
    const { apply } = await openTestStore();
    const metas = Array.from({ length: 50 }, (_, i) => chat({ id: i + 1, from: STRANGER, to: '202' }));
    expect(emitted(await apply([...metas, chat({ id: 90 })], { queue: PEER }))).toEqual([
      `message ${KEY} 90`,
      `unread ${KEY}`,
      'list',
      'problem ServerResponseInvalid',
    ]);
  });
});

describe('what only the author may do, and comes before the message', () => {
  test.each([
    ['a recall', operation(9, { type: Op.RECALL, mid: '3', xid: named(SELF) })],
    [
      'an edit',
      {
        ...operation(9, { type: Op.REPLACE, mid: '3', xid: named(SELF) }),
        payload: { type: 1, content: 'forged', operation: { type: Op.REPLACE, mid: '3', xid: named(SELF) } },
      } as Meta,
    ],
  ])('%s by another has no effect', async (_, forged) => {
    const { store, apply } = await openTestStore();
    await apply([forged]);
    await apply([chat({ id: 3, from: SELF, to: PEER })]);
    expect(store.reader.newestMessages(KEY).map(({ content }) => content)).toEqual(['text 3']);
  });

  test('a recall by both is one of the author', async () => {
    const { store, apply } = await openTestStore();
    await apply([operation(8, { type: Op.RECALL, mid: '3', xid: named(SELF) })]);
    await apply([operation(9, { type: Op.RECALL, mid: '3', xid: named(PEER) }, SELF, PEER)]);
    await apply([chat({ id: 3, from: SELF, to: PEER })]);
    expect(store.reader.newestMessages(KEY)).toEqual([]);
  });
});
