import type { Id } from '../model/ids.ts';
import type { KvStore } from '../platform/ports.ts';
import { ABOVE_ALL, LOWEST, withGap } from './gaps.ts';
import { isMessage, KEYS, SCHEMA_VERSION, segmentRange } from './schema.ts';
import type { ConversationKey, ConversationRecord, StoredItem } from './schema.ts';
import { readDown, readPages, segmentsIn } from './segment-reader.ts';
import { packItems } from './segment-record.ts';
import { messagesOf } from './segments.ts';
import { checkBucket, isStoredConversation, putBucket, tableRange } from './table.ts';
import type { StoreTransaction } from './transaction.ts';

/** The conversations that lost messages, each with the id of the last message it lost. */
export type Removed = ReadonlyMap<ConversationKey, Id>;

/** Removes the oldest segments of every conversation, down to those that hold its `keep` newest messages. Never rejects. */
export async function makeRoom(kv: KvStore, keep: number): Promise<Removed> {
  const removed = new Map<ConversationKey, Id>();
  try {
    for await (const page of readPages(kv, tableRange('conversations')))
      for (const { key, value } of page) {
        const records = new Map(checkBucket(value, isStoredConversation).records);
        for (const conversation of records.keys())
          await removeOldest(kv, conversation, { key, records }, keep, removed);
      }
  } catch {
    // What was removed so far may be enough.
  }
  return removed;
}

/** Notes in a record that its messages up to `last` are missing here: the server still has them. */
export const withRemoved = (record: ConversationRecord, last: Id): ConversationRecord => ({
  ...record,
  gaps: withGap(record.gaps, LOWEST, last),
});

/** Notes in the records, also those in memory, what was removed. */
export function noteRemoved(tx: StoreTransaction, removed: Removed): void {
  for (const [key, last] of removed) {
    const record = tx.conversation(key);
    if (record) tx.updateConversation(key, withRemoved(record, last));
  }
}

/** A stored bucket of conversations. */
interface Bucket {
  key: string;
  records: Map<ConversationKey, ConversationRecord>;
}

/**
 * @param bucket where the record of this conversation is.
 * @param removed gets the id of the last message that was removed, if one was.
 */
async function removeOldest(
  kv: KvStore,
  conversation: ConversationKey,
  { key, records }: Bucket,
  keep: number,
  removed: Map<ConversationKey, Id>,
): Promise<void> {
  let count = 0;
  let oldestKept = ABOVE_ALL;
  let last: Id | undefined;
  // Stubs stay: deleted messages must not come back, and some operations still wait for their messages.
  const stubs: StoredItem[] = [];
  for await (const segment of readDown(segmentsIn(kv), conversation, ABOVE_ALL)) {
    const messages = messagesOf([segment]);
    if (count < keep) {
      count += messages.length;
      oldestKept = segment.floor;
    } else {
      last ??= messages[messages.length - 1]?.id;
      stubs.unshift(...segment.items.filter((item) => !isMessage(item)));
    }
  }
  if (last === undefined) return;
  records.set(conversation, withRemoved(records.get(conversation)!, last));
  const range = segmentRange(conversation, '0', oldestKept);
  // A full disk refuses a batch that puts anything, whatever else it deletes. If this run ends between the two batches, the
  // schema's version is absent, and the next run looks for what is missing: see migrations.ts.
  await kv.commit([
    { op: 'delete', key: KEYS.schema },
    { op: 'deleteRange', ...range },
  ]);
  removed.set(conversation, last);
  await kv.commit([
    // The first segment of a conversation has floor 0.
    { op: 'put', key: range.from, value: packItems(stubs) },
    putBucket(key, [...records]),
    { op: 'put', key: KEYS.schema, value: SCHEMA_VERSION },
  ]);
}
