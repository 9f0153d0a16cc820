import type { Chronicle } from '../chronicle/chronicle.ts';
import type { StorageExplanation, WaitingItem, WaitingReason } from '../chronicle/explanation.ts';
import type { Step } from '../chronicle/step.ts';
import type { OutboxEntry } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { SyncEngine } from '../sync/sync-engine.ts';

/** What an account contributes to `explain()`. */
export interface AccountExplanation {
  /** What happened in the tab that has the data. */
  readonly steps: readonly Step[];
  readonly waiting: readonly WaitingItem[];
  readonly storage: StorageExplanation;
  /** See `Explanation.clockSkewMs`. */
  readonly clockSkewMs: number | undefined;
}

interface ExplainedAccount {
  store: Pick<Store, 'reader' | 'isLoaded' | 'waitingWrites'>;
  sync: Pick<SyncEngine, 'pulls' | 'time'>;
  isOnDisk: boolean;
  isOnline: boolean;
  chronicle: Pick<Chronicle, 'steps'>;
}

/** Counts what waits in an account, and what it has in memory. */
export function explainAccount({ store, sync, isOnDisk, isOnline, chronicle }: ExplainedAccount): AccountExplanation {
  const { reader } = store;
  const rows = reader.outbox();
  const incomplete = [...reader.incomplete()].length;
  return {
    steps: chronicle.steps(),
    waiting: [
      ...waitingRows(rows, isOnline),
      ...counted('conversationsSyncing', sync.pulls.size),
      ...counted('conversationsIncomplete', incomplete),
      ...counted('writes', store.waitingWrites),
      ...counted('storageLoading', store.isLoaded ? 0 : 1),
    ],
    storage: {
      kept: isOnDisk ? 'database' : 'memory',
      records: {
        conversations: reader.conversations().length,
        messages: reader.messagesInMemory().reduce((sum, [, messages]) => sum + messages.length, 0),
        users: reader.users().length,
        groups: reader.groups().length,
        outbox: rows.length,
      },
    },
    clockSkewMs: sync.time.skewMs,
  };
}

const counted = (reason: WaitingReason, count: number): WaitingItem[] => (count > 0 ? [{ reason, count }] : []);

/** The rows of the outbox by what they wait for. */
function waitingRows(rows: readonly OutboxEntry[], isOnline: boolean): WaitingItem[] {
  const items = new Map<WaitingReason, { count: number; since: number }>();
  for (const row of rows) {
    const reason = reasonOf(row, isOnline);
    const { count = 0, since = row.createdAt } = items.get(reason) ?? {};
    items.set(reason, { count: count + 1, since: Math.min(since, row.createdAt) });
  }
  return [...items].map(([reason, item]) => ({ reason, ...item }));
}

function reasonOf({ state, waitsFor }: OutboxEntry, isOnline: boolean): WaitingReason {
  if (state === 'failed') return 'failedSends';
  if (state === 'uploading') return 'uploads';
  if (state === 'unnumbered') return 'idsUnknown';
  if (waitsFor !== undefined) return 'operationsOnUnsentMessages';
  return isOnline ? 'sendsUnanswered' : 'sendsWithoutConnection';
}
