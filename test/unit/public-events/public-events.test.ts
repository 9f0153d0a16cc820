import { describe, expect, test } from 'vitest';
import type { Account } from '../../../src/account/account.ts';
import type { ClientEvents } from '../../../src/client-events.ts';
import { FlooError } from '../../../src/errors.ts';
import type { NamedGroupMember } from '../../../src/model/group.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { PublicEvents } from '../../../src/public-events/public-events.ts';
import type { ConnectionState } from '../../../src/session/connection-state.ts';
import { openStore } from '../../../src/store/store.ts';
import type { SyncEvent } from '../../../src/sync/sync-events.ts';
import { Emitter } from '../../../src/util/emitter.ts';
import { GroupNoticeType as G, RosterNoticeType as R } from '../../../src/wire/index.ts';
import { fake } from '../../support/fakes.ts';
import { settle } from '../../support/settle.ts';

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

function createPublicEvents() {
  const emitter = new Emitter<ClientEvents>({
    bySourceText: false,
    onHandlerError: (error) => expect.fail(String(error)),
  });
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  return { emitter, publicEvents: new PublicEvents(emitter, logger, systemClock) };
}

/** Public events over a store in memory and a directory that only records its calls. */
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
  const { emitter, publicEvents } = createPublicEvents();
  const names: (keyof ClientEvents)[] = [
    ...(['flooError', 'recentlistUpdate', 'onUnreadChange', 'onRosterListUpdate', 'onRosterInfoUpdate'] as const),
    ...(['onRosterRemoved', 'onRosterBlocked', 'onGroupListUpdate', 'onGroupMemberChanged', 'onGroupJoined'] as const),
    ...(['onGroupLeaved', 'onGroupInfoUpdated', 'onGroupOwnerAssigned'] as const),
  ];
  for (const name of names) emitter.on(name, () => heard.push(`${name}: ${store.reader.group(GROUP)!.name}`));
  const account = fake<Account>({
    uid: SELF,
    store,
    isOpen: true,
    directory: {
      fetchUsers: async (ids, isForced) => fetch(`users ${[...ids].join()}${isForced ? ' again' : ''}`),
      fetchGroups: async (ids, isForced) => fetch(`groups ${[...ids].join()}${isForced ? ' again' : ''}`),
    },
    members: {
      of: () => [fake<NamedGroupMember>({})],
      refresh: async (id, ids) => {
        await fetch(`members ${ids.join()} of ${id}`);
      },
      remove(id, ids) {
        asked.push(`${ids.join()} left ${id}`);
        return false;
      },
    },
  });
  const receive = async (...events: SyncEvent[]): Promise<void> => {
    publicEvents.emitSync(events, account);
    await settle();
  };
  return { receive, publicEvents, heard, asked, state };
}

test('the notices of a page fetch all outdated details once', async () => {
  const { receive, asked, heard } = await create();
  await receive(
    group('1', G.JOINED, PEER),
    group('2', G.JOINED, '201'),
    group('3', G.OWNER_ASSIGNED, PEER, ['201']),
    group('4', G.ANNOUNCEMENT_UPDATED, PEER),
    roster('5', R.BLOCKED, SELF, [PEER]),
    roster('6', R.UNBLOCKED, SELF, ['201']),
  );
  expect(asked).toEqual(['users 200,201 again', 'groups 301,301 again', 'members 200,201 of 301']);
  expect(heard.filter((name) => name.startsWith('onGroupMemberChanged'))).toHaveLength(3);
  expect(heard.at(-1)).toBe('onGroupMemberChanged: old');
});

test('a member who left is removed and not fetched; one who came back is fetched', async () => {
  const { receive, asked } = await create();
  await receive(group('1', G.JOINED, PEER), group('2', G.LEAVED, PEER));
  expect(asked).toEqual(['200 left 301']);
  asked.length = 0;
  await receive(group('3', G.LEAVED, PEER), group('4', G.JOINED, PEER));
  expect(asked).toEqual(['200 left 301', 'members 200 of 301']);
});

test('a fetch that fails emits a problem and nothing else is lost', async () => {
  const { receive, asked, heard, state } = await create();
  state.failing = true;
  await receive(group('1', G.OWNER_ASSIGNED, PEER, ['201']));
  expect(heard).toEqual(['onGroupOwnerAssigned: old', 'flooError: old']);
  state.failing = false;
  await receive(group('2', G.OWNER_ASSIGNED, PEER, ['201']));
  expect(asked).toEqual(['groups 301 again', 'groups 301 again']);
  expect(heard.slice(2)).toEqual(['onGroupOwnerAssigned: old', 'onGroupListUpdate: old']);
});

test('unknown names are fetched once, and again after the next login', async () => {
  const { receive, publicEvents, asked } = await create();
  await receive(group('1', G.JOINED, '999'));
  await receive(group('2', G.LEAVED, '999'));
  expect(asked.filter((what) => what.startsWith('users'))).toEqual(['users 999']);
  publicEvents.emitOnline();
  await receive(group('3', G.LEAVED, '999'));
  expect(asked.filter((what) => what.startsWith('users'))).toEqual(['users 999', 'users 999']);
});

test('H1: names that come while others are fetched are one request, also after one that failed', async () => {
  const { receive, asked, state } = await create();
  state.failing = true;
  const all = [group('1', G.JOINED, '900'), group('2', G.JOINED, '901'), group('3', G.JOINED, '902')].map(
    async (event) => receive(event),
  );
  await Promise.all(all);
  state.failing = false;
  await receive(group('4', G.JOINED, '903'));
  expect(asked.filter((what) => what.startsWith('users'))).toEqual(['users 900', 'users 901,902', 'users 903']);
});

describe('the connection', () => {
  const cause = new FlooError('ServerTimeOut', 'silent');
  const names = ['connected', 'disconnected', 'reconnecting', 'fireplaceError'] as const;
  const emitted = (previous: ConnectionState, state: ConnectionState): unknown[][] => {
    const { emitter, publicEvents } = createPublicEvents();
    const events: unknown[][] = [];
    for (const name of names) emitter.on(name, (payload) => events.push([name, payload]));
    publicEvents.emitConnection(state, previous);
    return events;
  };
  const online = { name: 'online', attempt: 0 } as const;

  test('comes', () => {
    expect(emitted({ name: 'authenticating', attempt: 0, eager: true }, online)).toEqual([['connected', undefined]]);
    expect(emitted(online, { name: 'online', attempt: 1 })).toEqual([]);
  });

  test.each<[ConnectionState, string]>([
    [{ name: 'waiting', attempt: 1, cause }, 'silent'],
    [{ name: 'rejected', cause }, 'silent'],
    [{ name: 'closed' }, ''],
    [{ name: 'resolving', attempt: 0, eager: false }, ''],
  ])('goes: %j', (state, reason) => {
    expect(emitted(online, state)).toEqual([['disconnected', { reason }]]);
  });

  test('is made again, the first time without an event', () => {
    const resolving = (attempt: number) => ({ name: 'resolving', attempt, eager: false }) as const;
    const connecting = (attempt: number) => ({ name: 'connecting', attempt, eager: false }) as const;
    expect(emitted(resolving(0), connecting(0))).toEqual([]);
    expect(emitted(resolving(3), connecting(3))).toEqual([['reconnecting', { attempt: 3 }]]);
    const waiting = (attempt: number): ConnectionState => ({ name: 'waiting', attempt, cause });
    expect([4, 5, 6, 10].map((attempt) => emitted(connecting(attempt - 1), waiting(attempt)).length)).toEqual([
      0, 1, 0, 1,
    ]);
    expect(emitted(connecting(4), waiting(5))).toEqual([['fireplaceError', undefined]]);
  });
});
