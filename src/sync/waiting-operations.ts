import type { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { OutboxEntry } from '../store/schema.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import type { IMessageBody } from '../wire/message-types.ts';
import type { SyncEvent } from './sync-events.ts';

/**
 * Operations on messages that the server has not answered. Their rows wait (`waitsFor`) until the message has its server id,
 * which the operation must name. They fail with the message.
 */
export class WaitingOperations {
  /** The operations of each message, by client ids. Some may have ended. */
  private readonly byMessage = new Map<Id, Set<Id>>();

  add({ mid, waitsFor }: OutboxEntry): void {
    if (waitsFor === undefined) return;
    const operations = this.byMessage.get(waitsFor);
    if (operations) operations.add(mid);
    else this.byMessage.set(waitsFor, new Set([mid]));
  }

  /**
   * Puts what the fate of messages means for their operations into the transaction.
   *
   * @param events - of the messages
   * @returns these events with those of the operations, and the operations that can be sent now
   */
  follow(tx: StoreTransaction, events: readonly SyncEvent[]): { events: SyncEvent[]; released: OutboxEntry[] } {
    const all: SyncEvent[] = [];
    const released: OutboxEntry[] = [];
    for (const event of events) {
      all.push(event);
      if (event.type === 'sent') {
        for (const entry of this.of(tx, event.mid)) {
          const ready = withTarget(entry, event.message.id);
          tx.putOutbox(ready);
          released.push(ready);
        }
      } else if (event.type === 'failed') all.push(...this.fail(tx, event.mid, event.error));
    }
    return { events: all, released };
  }

  /** Ends the operations on a message that will not be sent. */
  fail(tx: StoreTransaction, message: Id, error: FlooError): SyncEvent[] {
    return this.of(tx, message).map(({ mid }): SyncEvent => {
      tx.deleteOutbox(mid);
      return { type: 'failed', mid, message: undefined, error };
    });
  }

  private of(tx: StoreTransaction, message: Id): OutboxEntry[] {
    const mids = [...(this.byMessage.get(message) ?? [])];
    return mids.map((mid) => tx.outboxEntry(mid)).filter((entry) => entry?.waitsFor === message) as OutboxEntry[];
  }
}

/** The row of an operation on the message with this server id. */
export function withTarget({ waitsFor: _waitsFor, ...entry }: OutboxEntry, mid: Id): OutboxEntry {
  const payload: IMessageBody = entry.meta.payload;
  return {
    ...entry,
    meta: { ...entry.meta, payload: { ...payload, operation: { ...payload.operation, mid } } },
  };
}
