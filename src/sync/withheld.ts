import type { Id } from '../model/ids.ts';
import { isMessage } from '../store/schema.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { flatMap } from '../util/es2019.ts';
import { commit } from './commit.ts';
import type { CommitDeps } from './commit.ts';
import type { SyncEvent } from './sync-events.ts';

type MessageEvent = Extract<SyncEvent, { type: 'message' }>;

/** Events that wait in one conversation. More are emitted at once. */
const MAX_WITHHELD = 2000;

/**
 * New messages that a page of history showed while their queue was being synced. The sync may deliver them, too, and emits them
 * then, as what they are. What it did not bring when it ends is emitted as history.
 */
export class Withheld {
  private readonly deps: CommitDeps;
  private readonly isSyncing: (queue: Id) => boolean;
  private readonly events = new Map<Id, readonly MessageEvent[]>();

  /** @param isSyncing - whether a sync of this queue waits or runs */
  constructor(deps: CommitDeps, isSyncing: (queue: Id) => boolean) {
    this.deps = deps;
    this.isSyncing = isSyncing;
  }

  /** A page of history is stored. @param given - the events of its new messages */
  hold(queue: Id, given: readonly SyncEvent[]): void {
    const events = flatMap(given, (event) => (event.type === 'message' ? event : []));
    if (events.length === 0) return;
    const all = [...(this.events.get(queue) ?? []), ...events];
    this.events.set(queue, all);
    if (all.length > MAX_WITHHELD) this.emit(queue, all);
    // The sync may have ended while the page was being stored.
    else this.release();
  }

  /** Emits the events of all queues that are synced to their ends. */
  release(): void {
    for (const [queue, events] of [...this.events]) if (!this.isSyncing(queue)) this.emit(queue, events);
  }

  private emit(queue: Id, events: readonly MessageEvent[]): void {
    this.events.delete(queue);
    void commit(this.deps, async (tx) => undelivered(tx, events));
  }
}

/** Those of messages that are still here, and that only history brought. */
async function undelivered(tx: StoreTransaction, events: readonly MessageEvent[]): Promise<SyncEvent[]> {
  const left: SyncEvent[] = [];
  for (const event of events) {
    const { key, message } = event;
    const stored = (await tx.messages.find(key, [message.id])).get(message.id);
    if (stored && isMessage(stored) && stored.isHistory) left.push(event);
  }
  return left;
}
