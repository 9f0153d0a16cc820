import { LOWEST, previousId, withGap } from './gaps.ts';
import type { StoreTransaction } from './transaction.ts';
import type { WorkingSetReader } from './working-set-reader.ts';

/** Notes that only what is in memory can be read from now on: the server has the other messages. */
export function noteUnreadable(tx: StoreTransaction, reader: WorkingSetReader): void {
  const floors = tx.messages.keepInMemory();
  for (const [key] of reader.conversations()) {
    const record = tx.conversation(key);
    if (!record) continue;
    const floor = floors.get(key);
    const last = floor === undefined ? record.newestId : previousId(floor);
    if (last !== '0') tx.updateConversation(key, { gaps: withGap(record.gaps, LOWEST, last) });
  }
}
