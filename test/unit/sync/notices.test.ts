import { describe, expect, test } from 'vitest';
import type { IGroupNotice, IRosterNotice, Meta } from '../../../src/wire/index.ts';
import { GroupNoticeType as G, RosterNoticeType as R } from '../../../src/wire/index.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { openStore } from '../../../src/store/store.ts';
import { createFailingProvider } from '../store/failing-store.ts';
import { chat, dump, GROUP, openTestStore, PEER, SELF, emitted } from './harness.ts';

const THIRD = '201';
const xids = (...uids: string[]) => uids.map((uid) => ({ uid, deviceSN: 0 }));
const meta = (id: number, ns: 2 | 3, payload: object): Meta => ({
  id: String(id),
  from: { uid: '0' },
  to: { uid: SELF },
  ns,
  payload,
});
const roster = (type: number, from: string, ...to: string[]): IRosterNotice => ({
  type,
  from: { uid: from },
  to: xids(...to),
});
const group = (type: number, from: string, ...to: string[]): IGroupNotice => ({
  type,
  gid: { uid: GROUP },
  from: { uid: from },
  to: xids(...to),
});

describe('a roster notice', () => {
  const FRIEND = '202';
  test.each<[string, IRosterNotice, string[]]>([
    ['ADDED by a user', roster(R.ADDED, PEER, SELF), [FRIEND, PEER]],
    ['ADDED to several', roster(R.ADDED, PEER, SELF, THIRD), [FRIEND]],
    ['ACCEPTED by a user', roster(R.ACCEPTED, PEER, SELF), [FRIEND, PEER]],
    ['ACCEPTED by ourselves elsewhere', roster(R.ACCEPTED, SELF, PEER), [FRIEND, PEER]],
    ['REMOVED by ourselves elsewhere', roster(R.REMOVED, SELF, FRIEND), []],
    ['REMOVED by the other side', roster(R.REMOVED, FRIEND, SELF), [FRIEND]],
    ['DECLINED', roster(R.DECLINED, PEER, SELF), [FRIEND]],
    ['BLOCKED', roster(R.BLOCKED, PEER, SELF), [FRIEND]],
    ['APPLIED', roster(R.APPLIED, PEER, SELF), [FRIEND]],
    ['of a newer server', roster(99, PEER, SELF), [FRIEND]],
    ['that names nobody', {}, [FRIEND]],
  ])('%s', async (_, payload, friends) => {
    const { store, apply } = await openTestStore();
    await store.update((tx) => tx.setFriends([FRIEND]));
    expect(emitted(await apply([meta(1, 3, payload)], { queue: '0' }))).toEqual(['roster-notice']);
    expect(store.reader.friends()).toEqual(friends);
  });

  test.each([R.ADDED, R.ACCEPTED])('of others is refused, type %i', async (type) => {
    const { store, apply } = await openTestStore();
    await store.update((tx) => tx.setFriends([FRIEND]));
    const events = await apply([meta(1, 3, roster(type, PEER, THIRD))], { queue: '0' });
    expect(emitted(events)).toEqual(['problem ServerResponseInvalid']);
    expect(store.reader.friends()).toEqual([FRIEND]);
  });
});

describe('a group notice', () => {
  const JOINED = '301';
  test.each<[string, IGroupNotice, 'in' | 'out', 'before' | 'not before']>([
    ['CREATED', group(G.CREATED, SELF), 'in', 'not before'],
    ['JOINED by us', group(G.JOINED, SELF, PEER), 'in', 'not before'],
    ['JOINED by another', group(G.JOINED, PEER), 'out', 'not before'],
    ['INVITE_ACCEPTED by us', group(G.INVITE_ACCEPTED, SELF, PEER), 'in', 'not before'],
    ['INVITE_ACCEPTED by another', group(G.INVITE_ACCEPTED, PEER, SELF), 'out', 'not before'],
    ['APPLY_ACCEPTED for us', group(G.APPLY_ACCEPTED, PEER, SELF), 'in', 'not before'],
    ['APPLY_ACCEPTED by us', group(G.APPLY_ACCEPTED, SELF, PEER), 'out', 'not before'],
    ['INVITED', group(G.INVITED, PEER, SELF), 'out', 'not before'],
    ['DESTROYED', group(G.DESTROYED, PEER), 'out', 'before'],
    ['LEAVED by us', group(G.LEAVED, SELF), 'out', 'before'],
    ['LEAVED by another', group(G.LEAVED, PEER), 'in', 'before'],
    ['KICKED, us among them', group(G.KICKED, PEER, THIRD, SELF), 'out', 'before'],
    ['KICKED, others', group(G.KICKED, PEER, THIRD), 'in', 'before'],
    ['BLOCKED, us', group(G.BLOCKED, PEER, SELF), 'out', 'before'],
    ['BLOCKED, others', group(G.BLOCKED, PEER, THIRD), 'in', 'before'],
    ['INFO_UPDATED', group(G.INFO_UPDATED, PEER), 'in', 'before'],
    ['of a newer server', group(99, PEER), 'in', 'before'],
  ])('%s', async (_, payload, after, before) => {
    const { store, apply } = await openTestStore();
    await store.update((tx) => tx.setGroups(before === 'before' ? [JOINED, GROUP] : [JOINED]));
    expect(emitted(await apply([meta(1, 2, payload)], { queue: '0' }))).toEqual(['group-notice']);
    expect(store.reader.joinedGroups()).toEqual(after === 'in' ? [JOINED, GROUP] : [JOINED]);
  });
});

test('several notices of a page apply in the order of their ids', async () => {
  const { store, apply } = await openTestStore();
  await apply(
    [meta(3, 2, group(G.JOINED, SELF)), meta(1, 2, group(G.JOINED, SELF)), meta(2, 2, group(G.LEAVED, SELF))],
    { queue: '0' },
  );
  expect(store.reader.joinedGroups()).toEqual([GROUP]);
});

test('a repeated notice is applied and emitted once, also after a restart', async () => {
  const first = await openTestStore();
  await first.apply([meta(1, 2, group(G.JOINED, SELF)), meta(2, 2, group(G.LEAVED, SELF))], { queue: '0' });
  await first.store.update((tx) => tx.addGroup(GROUP));
  const { store, apply } = await first.reopen();
  expect(await apply([meta(2, 2, group(G.LEAVED, SELF))], { queue: '0' })).toEqual([]);
  expect(store.reader.joinedGroups()).toEqual([GROUP]);
});

test('the details in a notice are stored for its group or friend', async () => {
  const { store, apply } = await openTestStore();
  const content = (json: string) => ({ content: json });
  await store.update((tx) => tx.putGroupInfos([{ group_id: 300, name: 'old', avatar: 'kept' }]));
  await apply(
    [
      meta(1, 2, { ...group(G.INFO_UPDATED, PEER), ...content('{"property":"name","name":"new","group_id":9}') }),
      meta(2, 2, { ...group(G.INFO_UPDATED, PEER), ...content('{"property":"display_name","display_name":"card"}') }),
      meta(3, 2, { ...group(G.INFO_UPDATED, PEER), ...content('no json') }),
      meta(4, 3, { ...roster(R.INFO_UPDATED, PEER, SELF), ...content('{"nick_name":"n","user_id":7}') }),
      meta(5, 3, { ...roster(R.INFO_UPDATED, SELF, PEER), ...content('{"alias":"a"}') }),
      meta(6, 3, roster(R.MUTED, SELF, PEER)),
      meta(7, 3, roster(R.MUTED, SELF, THIRD)),
      meta(8, 3, roster(R.UNMUTED, SELF, THIRD)),
    ],
    { queue: '0' },
  );
  expect(store.reader.groups().map(([, group]) => group)).toEqual([{ group_id: 300, name: 'new', avatar: 'kept' }]);
  expect(store.reader.users().map(([, user]) => user)).toEqual([
    { user_id: 200, nick_name: 'n', alias: 'a', mute_notification: true },
    { user_id: 201, mute_notification: false },
  ]);
});

test('leaving a group or removing a friend deletes the conversation up to that moment', async () => {
  const { store, apply } = await openTestStore();
  await apply([chat({ id: 1 }), chat({ id: 2, to: GROUP }), chat({ id: 7 })]);
  const events = await apply([meta(5, 2, group(G.LEAVED, SELF)), meta(6, 3, roster(R.REMOVED, SELF, PEER))], {
    queue: '0',
  });
  expect(emitted(events)).toEqual([
    ...[`unread g${GROUP}`, 'list', 'group-notice'],
    ...[`unread r${PEER}`, 'list', 'roster-notice'],
  ]);
  expect(store.reader.conversations().map(([, record]) => record)).toMatchObject([
    { id: PEER, listed: true, unread: 1, clearedTo: '6' },
    { id: GROUP, listed: false, unread: 0, clearedTo: '5' },
  ]);
});

test('nothing is deleted when there is no conversation', async () => {
  const { store, apply } = await openTestStore();
  expect(emitted(await apply([meta(5, 2, group(G.LEAVED, SELF))], { queue: '0' }))).toEqual(['group-notice']);
  expect(store.reader.conversation(`g${GROUP}`)?.listed).toBe(false);
});

test('all changes of a page of notices are one batch: a process that ends right after it loses nothing', async () => {
  const { provider, batches } = createFailingProvider();
  const { store, apply } = await openTestStore(provider);
  await apply([chat({ id: 1, to: GROUP })]);
  await store.update((tx) => tx.setGroups([GROUP]));
  batches.length = 0;
  await apply(
    [
      meta(2, 2, { ...group(G.INFO_UPDATED, PEER), content: '{"name":"new"}' }),
      meta(3, 2, group(G.KICKED, PEER, SELF)),
      meta(4, 3, roster(R.MUTED, SELF, PEER)),
    ],
    { queue: '0' },
  );
  expect(batches).toHaveLength(1);
  const kv = await createMemoryKvProvider().open('user');
  await kv.commit(batches[0]!);
  const { reader } = await openStore(kv);
  expect(reader.conversation(`g${GROUP}`)).toMatchObject({ listed: false, clearedTo: '3' });
  expect([reader.joinedGroups(), reader.group(GROUP), reader.user(PEER)]).toEqual([
    [],
    { group_id: 300, name: 'new' },
    { user_id: 200, mute_notification: true },
  ]);
  expect(reader.notices()).toMatchObject([{ id: '3', payload: { type: G.KICKED } }]);
});

test('a user notice and a conversation operation are emitted and change nothing here', async () => {
  const { kv, apply } = await openTestStore();
  const metas = [
    { id: '1', from: { uid: '0' }, ns: 4, payload: { type: 7 } },
    { id: '2', from: { uid: SELF }, ns: 6, payload: { type: 1, operation: { type: 1, xid: { uid: PEER } } } },
  ] as Meta[];
  expect(emitted(await apply(metas, { queue: '0' }))).toEqual(['user-notice']);
  expect(Object.keys(await dump(kv))).toEqual(['q/0']);
});

test('infos, pushes, calls and unknown namespaces are not emitted', async () => {
  const { apply } = await openTestStore();
  const metas = [
    { id: '1', ns: 5, payload: { content: 'x' } },
    { id: '2', ns: 7, payload: { type: 2, content: 'pushed' } },
    { id: '3', ns: 8, payload: { content: '{}' } },
    { id: '4', ns: 99, payload: Uint8Array.of(1) },
  ] as Meta[];
  expect(await apply(metas, { queue: '0' })).toEqual([]);
});
