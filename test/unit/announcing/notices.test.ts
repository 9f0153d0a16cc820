import { expect, test } from 'vitest';
import type { Account } from '../../../src/account/account.ts';
import { Announcer } from '../../../src/announcing/announcer.ts';
import type { ClientEvents } from '../../../src/client-events.ts';
import { FlooError } from '../../../src/errors.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { openStore } from '../../../src/store/store.ts';
import type { SyncEvent } from '../../../src/sync/sync-events.ts';
import { Emitter } from '../../../src/util/emitter.ts';
import { GroupNoticeType as G, RosterNoticeType as R } from '../../../src/wire/index.ts';

const SELF = '100';
const PEER = '200';
const GROUP = '301';

const xid = (uid: string) => ({ uid, deviceSN: 0 });
const head = (id: string) => ({ id, from: xid(PEER), to: xid(SELF), timestamp: '1' });
const group = (id: string, type: number, from: string, to: string[] = [], content = ''): SyncEvent => ({
  type: 'group-notice',
  meta: { ...head(id), ns: 2, payload: { type, gid: xid(GROUP), from: xid(from), to: to.map(xid), content } },
});
const roster = (id: string, type: number, from: string, to: string[] = [], content = ''): SyncEvent => ({
  type: 'roster-notice',
  meta: { ...head(id), ns: 3, payload: { type, from: xid(from), to: to.map(xid), content, roster_vsn: '' } },
});

/** An announcer over a store in memory and a directory that only notes what it is asked for. */
async function create() {
  const store = await openStore(await createMemoryKvProvider().open('user'));
  await store.update((tx) => {
    tx.putUsers([{ user_id: 100 }, { user_id: 200 }, { user_id: 201 }]);
    tx.putGroupInfos([{ group_id: 301, name: 'old' }]);
  });
  const heard: string[] = [];
  const asked: string[] = [];
  const state = { failing: false };
  const fetch = async (what: string): Promise<boolean> => {
    asked.push(what);
    if (state.failing) throw new FlooError('ServerTimeOut');
    return true;
  };
  const emitter = new Emitter<ClientEvents>({
    bySourceText: false,
    onHandlerError: (error) => heard.push(String(error)),
  });
  const names: (keyof ClientEvents)[] = [
    ...(['flooError', 'recentlistUpdate', 'onUnreadChange', 'onRosterListUpdate', 'onRosterInfoUpdate'] as const),
    ...(['onRosterRemoved', 'onRosterBlocked', 'onGroupListUpdate', 'onGroupMemberChanged', 'onGroupJoined'] as const),
    ...(['onGroupLeaved', 'onGroupInfoUpdated', 'onGroupOwnerAssigned'] as const),
  ];
  for (const name of names) emitter.on(name, () => heard.push(`${name}: ${store.reader.group(GROUP)!.name}`));
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const announcer = new Announcer(emitter, logger);
  const account = {
    uid: SELF,
    store,
    isOpen: true,
    directory: {
      fetchUsers: async (ids: string[], anew?: boolean) => fetch(`users ${ids.join()}${anew ? ' anew' : ''}`),
      fetchGroups: async (ids: string[], anew?: boolean) => fetch(`groups ${ids.join()}${anew ? ' anew' : ''}`),
    },
    members: {
      of: () => [{}],
      refresh: async (id: string, ids: string[]) => fetch(`members ${ids.join()} of ${id}`),
      remove: (id: string, ids: string[]) => asked.push(`${ids.join()} left ${id}`),
    },
  };
  const announce = async (...events: SyncEvent[]): Promise<void> => {
    announcer.announce(events, account as unknown as Account);
    await new Promise((resolve) => setTimeout(resolve, 10));
  };
  return { announce, announcer, account, store, heard, asked, state };
}

test('notices of one page ask once for all they make out of date', async () => {
  const { announce, asked, heard } = await create();
  await announce(
    group('1', G.JOINED, PEER),
    group('2', G.JOINED, '201'),
    group('3', G.OWNER_ASSIGNED, PEER, ['201']),
    group('4', G.ANNOUNCEMENT_UPDATED, PEER),
    roster('5', R.BLOCKED, SELF, [PEER]),
    roster('6', R.UNBLOCKED, SELF, ['201']),
  );
  expect(asked).toEqual(['users 200,201 anew', 'groups 301,301 anew', 'members 200,201 of 301']);
  expect(heard.filter((name) => name.startsWith('onGroupMemberChanged'))).toHaveLength(3);
  expect(heard.at(-1)).toBe('onGroupMemberChanged: old');
});

test('who left is removed and not asked for, who came back is', async () => {
  const { announce, asked } = await create();
  await announce(group('1', G.JOINED, PEER), group('2', G.LEAVED, PEER));
  expect(asked).toEqual(['200 left 301']);
  asked.length = 0;
  await announce(group('3', G.LEAVED, PEER), group('4', G.JOINED, PEER));
  expect(asked).toEqual(['200 left 301', 'members 200 of 301']);
});

test('a fetch that fails is a problem and costs nothing else', async () => {
  const { announce, asked, heard, state } = await create();
  state.failing = true;
  await announce(group('1', G.OWNER_ASSIGNED, PEER, ['201']));
  expect(heard).toEqual(['onGroupOwnerAssigned: old', 'flooError: old']);
  state.failing = false;
  await announce(group('2', G.OWNER_ASSIGNED, PEER, ['201']));
  expect(asked).toEqual(['groups 301 anew', 'groups 301 anew']);
  expect(heard.slice(2)).toEqual(['onGroupOwnerAssigned: old', 'onGroupListUpdate: old']);
});

test('names nobody knows are asked for once, and again after the next login', async () => {
  const { announce, announcer, asked } = await create();
  await announce(group('1', G.JOINED, '999'));
  await announce(group('2', G.LEAVED, '999'));
  expect(asked.filter((what) => what.startsWith('users'))).toEqual(['users 999']);
  announcer.online();
  await announce(group('3', G.LEAVED, '999'));
  expect(asked.filter((what) => what.startsWith('users'))).toEqual(['users 999', 'users 999']);
});
