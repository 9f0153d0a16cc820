import { describe, expect, test } from 'vitest';
import type { IGroupNotice, IRosterNotice, Meta } from '../../../src/wire/index.ts';
import { GroupNoticeType as G, RosterNoticeType as R } from '../../../src/wire/index.ts';
import { dump, GROUP, openTestStore, PEER, SELF, told } from './harness.ts';

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
    ['ADDED, of others', roster(R.ADDED, PEER, THIRD), [FRIEND]],
    ['ADDED to several', roster(R.ADDED, PEER, SELF, THIRD), [FRIEND]],
    ['ACCEPTED by a user', roster(R.ACCEPTED, PEER, SELF), [FRIEND, PEER]],
    ['ACCEPTED by ourselves elsewhere', roster(R.ACCEPTED, SELF, PEER), [FRIEND, PEER]],
    ['ACCEPTED, of others', roster(R.ACCEPTED, PEER, THIRD), [FRIEND]],
    ['REMOVED by ourselves elsewhere', roster(R.REMOVED, SELF, FRIEND), []],
    ['REMOVED by the other side', roster(R.REMOVED, FRIEND, SELF), [FRIEND]],
    ['DECLINED', roster(R.DECLINED, PEER, SELF), [FRIEND]],
    ['BLOCKED', roster(R.BLOCKED, PEER, SELF), [FRIEND]],
    ['APPLIED', roster(R.APPLIED, PEER, SELF), [FRIEND]],
    ['of a newer server', roster(99, PEER, SELF), [FRIEND]],
    ['that names nobody', {}, [FRIEND]],
  ])('%s', async (_, payload, friends) => {
    const { store, apply } = await openTestStore();
    await store.update((draft) => draft.setFriends([FRIEND]));
    expect(told(await apply([meta(1, 3, payload)], { queue: '0' }))).toEqual(['roster-notice']);
    expect([...store.working.friends]).toEqual(friends);
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
    await store.update((draft) => draft.setGroups(before === 'before' ? [JOINED, GROUP] : [JOINED]));
    expect(told(await apply([meta(1, 2, payload)], { queue: '0' }))).toEqual(['group-notice']);
    expect([...store.working.groups]).toEqual(after === 'in' ? [JOINED, GROUP] : [JOINED]);
  });
});

test('several notices of a page apply in the order of their ids', async () => {
  const { store, apply } = await openTestStore();
  await apply(
    [meta(3, 2, group(G.JOINED, SELF)), meta(1, 2, group(G.JOINED, SELF)), meta(2, 2, group(G.LEAVED, SELF))],
    { queue: '0' },
  );
  expect([...store.working.groups]).toEqual([GROUP]);
});

test('a notice that comes again applies and is told once, also after a restart', async () => {
  const first = await openTestStore();
  await first.apply([meta(1, 2, group(G.JOINED, SELF)), meta(2, 2, group(G.LEAVED, SELF))], { queue: '0' });
  await first.store.update((draft) => draft.addGroup(GROUP));
  const { store, apply } = await first.reopen();
  expect(await apply([meta(2, 2, group(G.LEAVED, SELF))], { queue: '0' })).toEqual([]);
  expect([...store.working.groups]).toEqual([GROUP]);
});

test('a user notice and a conversation operation are told and change nothing here', async () => {
  const { kv, apply } = await openTestStore();
  const metas = [
    { id: '1', from: { uid: '0' }, ns: 4, payload: { type: 7 } },
    { id: '2', from: { uid: SELF }, ns: 6, payload: { type: 1, operation: { type: 1, xid: { uid: PEER } } } },
  ] as Meta[];
  expect(told(await apply(metas, { queue: '0' }))).toEqual(['user-notice']);
  expect(Object.keys(await dump(kv))).toEqual(['q/0']);
});

test('infos, pushes, calls and unknown namespaces are not told', async () => {
  const { apply } = await openTestStore();
  const metas = [
    { id: '1', ns: 5, payload: { content: 'x' } },
    { id: '2', ns: 7, payload: { type: 2, content: 'pushed' } },
    { id: '3', ns: 8, payload: { content: '{}' } },
    { id: '4', ns: 99, payload: Uint8Array.of(1) },
  ] as Meta[];
  expect(await apply(metas, { queue: '0' })).toEqual([]);
});
