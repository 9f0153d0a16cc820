import type { WriteStep } from '../chronicle/chronicle.ts';
import type { FlooError } from '../errors.ts';
import type { ConversationKey } from '../store/schema.ts';
import type { SyncEvent } from '../sync/sync-events.ts';

/** Writes which sends failed: those that had no connection in time together, the others each with its reason. */
export function noteFailures(events: readonly SyncEvent[], write: WriteStep): void {
  let expired = 0;
  for (const event of events) {
    if (event.type !== 'failed') continue;
    if (hasExpired(event.error)) expired++;
    else write('sendRefused', { reason: event.error.reason });
  }
  if (expired > 0) write('expired', { rows: expired });
}

/** No server said it. */
const hasExpired = ({ reason, statusCode, restCode }: FlooError): boolean =>
  reason === 'ServerTimeOut' && statusCode === undefined && restCode === undefined;

export interface StorageListener {
  /** From now on everything is in memory only. */
  onDegraded(error: FlooError): void;
  /** Old messages of these conversations were removed from this device to make room. */
  onTrimmed(conversations: readonly ConversationKey[]): void;
  /** Records of earlier runs are lost. What they held comes from the server again. */
  onDamaged(error: FlooError): void;
}

/** A listener that also writes what it hears of. */
export const noted = (listener: StorageListener, write: WriteStep): StorageListener => ({
  onDegraded: (error) => {
    write('storageDegraded', { reason: error.reason });
    listener.onDegraded(error);
  },
  onTrimmed: (conversations) => {
    write('storageTrimmed', { conversations: conversations.length });
    listener.onTrimmed(conversations);
  },
  onDamaged: (error) => {
    const records = error.details?.['records'];
    write('storageDamaged', { records: Array.isArray(records) ? records.length : 0 });
    listener.onDamaged(error);
  },
});
