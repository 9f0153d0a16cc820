import type { Account } from '../account/account.ts';
import type { DeviceNames } from '../model/device.ts';
import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import type { ConversationKey } from '../store/schema.ts';
import type { Tail } from '../store/segments.ts';
import { ColdConversations } from '../sync/cold-conversations.ts';
import { Commands } from '../sync/commands.ts';
import type { DispatchDeps, DispatchStore } from '../sync/commit.ts';
import { ConversationCommands } from '../sync/conversation-commands.ts';
import { DetailCommands } from '../sync/detail-commands.ts';
import { unlist } from '../sync/listing.ts';
import { ServerTime } from '../sync/server-time.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import type { SyncEngine } from '../sync/sync-engine.ts';
import type { Request } from './calls.ts';
import { ownChanges } from './own-changes.ts';
import type { TabCalls } from './tab-calls.ts';

/** The parts of an account that depend on which tab leads. */
export type AccountParts = Pick<
  Account,
  'store' | 'device' | 'sync' | 'directory' | 'files' | 'resend' | 'discard' | 'explain' | 'settled'
>;

interface PartsDeps {
  uid: Id;
  clock: Clock;
  calls: TabCalls;
  store: DispatchStore;
  loaded: Promise<void>;
  device(): DeviceNames;
  maxMessageBytes: number;
  /** How far the server's clock is ahead, as the leading tab knows it. */
  aheadMs: number;
  emit(events: readonly SyncEvent[]): void;
  percentOf(mid: Id): number | undefined;
  /** Keeps the newest messages of a conversation in memory. */
  addTail(key: ConversationKey, tail: Tail): void;
}

/**
 * The account of a tab that follows. Changes are made twice, by the same commands: here at once, and in the leading tab, which
 * stores them. Everything else is asked of the leading tab.
 */
export function createFollowerParts(deps: PartsDeps): AccountParts {
  const { calls, store } = deps;
  const { reader } = store;
  const ask: Ask = async <T>(request: Request) => (await calls.request(request)) as T;
  const time = new ServerTime(deps.clock, deps.aheadMs);
  const commands = showingCommands(deps, time);
  const { send, ...changes } = ownChanges({
    ...{ calls, store },
    make: () => commands,
    sendFile: (_file, by, key, message) => by.send(key, message),
  });
  return {
    store: {
      get isLoaded() {
        return store.isLoaded;
      },
      loaded: deps.loaded,
      reader,
      query: {
        before: async (key, id, limit, type) => ask({ name: 'before', key, id, limit, type }),
        after: async (key, id, limit, type) => ask({ name: 'after', key, id, limit, type }),
        message: async (key, id) => ask({ name: 'message', key, id }),
        count: async (key, type) => ask({ name: 'count', key, type }),
      },
      search: async (text, keyStart, limit) => ask({ name: 'search', text, keyStart, limit }),
    },
    device: {
      get names() {
        return deps.device();
      },
    },
    sync: { ...changes, ...requestsIn(deps, ask), serverNow: () => time.now() },
    directory: {
      refresh: async () => ask({ name: 'refresh' }),
      refreshFriends: async () => ask({ name: 'refreshFriends' }),
      refreshGroups: async () => ask({ name: 'refreshGroups' }),
      fetchUsers: async (ids, refetch) => ask({ name: 'fetchUsers', ids: [...ids], refetch: refetch === true }),
      fetchGroups: async (ids, refetch) => ask({ name: 'fetchGroups', ids: [...ids], refetch: refetch === true }),
    },
    files: {
      send,
      percentOf: (mid) => deps.percentOf(mid) ?? (reader.outboxEntry(mid)?.state === 'uploading' ? 0 : undefined),
    },
    resend: (mid) => {
      const row = reader.outboxEntry(mid);
      const canSend = row?.state === 'failed' && row.message !== undefined;
      if (canSend) calls.change({ name: 'resend', mid }, () => undefined);
      return canSend;
    },
    discard: async (mid) => ask({ name: 'discard', mid }),
    explain: async () => ask({ name: 'explain' }),
    // What came from the leading tab is visible.
    settled: async () => undefined,
  };
}

/** Asks the leading tab, which answers with what the request is for. */
type Ask = <T>(request: Request) => Promise<T>;

type Sync = AccountParts['sync'];

/** The commands of a tab that follows: they show what the leading tab will store. */
function showingCommands(
  { calls, store, emit, clock, uid: self, maxMessageBytes, device }: PartsDeps,
  time: ServerTime,
): Pick<SyncEngine, 'commands' | 'conversations' | 'details'> {
  const dispatching: DispatchDeps = {
    store,
    emitHere: (events) => {
      time.follow(events);
      emit(events);
    },
    outbox: WITHOUT_OUTBOX,
  };
  const making = { ...dispatching, clock, time, mids: calls.mids, self };
  return {
    commands: new Commands({ ...making, maxMessageBytes }),
    conversations: new ConversationCommands({ ...making, deviceSN: () => device().serial }),
    details: new DetailCommands(dispatching),
  };
}

/** A change that is only shown sends nothing. */
const WITHOUT_OUTBOX: DispatchDeps['outbox'] = {
  admit: (entry) => entry,
  push: () => undefined,
  wait: () => undefined,
  withdraw: (tx, entry) => {
    tx.deleteOutbox(entry.mid);
    return unlist(tx, entry);
  },
};

/** What is asked of the server. */
function requestsIn(
  { calls, store, clock, emit, addTail }: PartsDeps,
  ask: Ask,
): Pick<Sync, 'cold' | 'sendTyping' | 'sendSignal' | 'hurry' | 'requestHistory' | 'loadHistory'> {
  /** For requests whose outcome events report. */
  const askFor = (request: Request): void => void calls.request(request).catch(() => undefined);
  const warm = async (key: ConversationKey): Promise<void> => {
    const tail = await ask<Tail | undefined>({ name: 'tail', key });
    if (tail) addTail(key, tail);
  };
  return {
    cold: new ColdConversations({
      store: {
        get isLoaded() {
          return store.isLoaded;
        },
        reader: store.reader,
        warm,
      },
      clock,
      emit,
    }),
    sendTyping: (to, status) => {
      const mid = calls.mids.next();
      askFor({ name: 'typing', to, status, mid });
      return mid;
    },
    // Under one mid, so that the server takes it once, whichever tab sends it.
    sendSignal: async (signal) => ask({ name: 'signal', signal, mid: calls.mids.next() }),
    // The leading tab has it already, and lives on.
    hurry: () => undefined,
    requestHistory: (queue, before, amount) => askFor({ name: 'requestHistory', queue, before, amount }),
    loadHistory: async (queue, before, amount) => ask({ name: 'loadHistory', queue, before, amount }),
  };
}
