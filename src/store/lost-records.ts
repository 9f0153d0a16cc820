import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { LOWEST, nextId, previousId, withGap } from './gaps.ts';
import type { MessageQuery } from './message-query.ts';
import { conversationOfSegment, floorOf } from './schema.ts';
import type { ConversationKey } from './schema.ts';
import type { StoreTransaction } from './transaction.ts';
import type { WorkingSet } from './working-set.ts';
import type { WorkingSetReader } from './working-set-reader.ts';

/** Notes that messages may be missing. @param to the last one; the newest known message is the limit */
function noteLost(tx: StoreTransaction, key: ConversationKey, from: Id, to: Id): void {
  const record = tx.conversation(key);
  if (!record) return;
  const last = compareIds(to, record.newestId) < 0 ? to : record.newestId;
  tx.updateConversation(key, { gaps: withGap(record.gaps, from === '0' ? LOWEST : from, last) });
}

/** Notes that only what is in memory can be read from now on: the server has the other messages. */
export function noteUnreadable(tx: StoreTransaction, reader: WorkingSetReader): void {
  const floors = tx.messages.keepInMemory();
  for (const [key, { newestId }] of reader.conversations()) {
    const floor = floors.get(key);
    const last = floor === undefined ? newestId : previousId(floor);
    if (last !== '0') noteLost(tx, key, LOWEST, last);
  }
}

/**
 * Notes that messages of the damaged segments which the transaction read are missing. It is called at the end of each task, so
 * that what the task wrote into such a segment does not hide that.
 *
 * @param others keys of more damaged segments
 * @returns the keys of all of them
 */
export async function noteDamaged(tx: StoreTransaction, others: readonly string[] = []): Promise<readonly string[]> {
  const segments = [...new Set([...tx.messages.damaged, ...others])];
  for (const segment of segments)
    noteLost(tx, conversationOfSegment(segment), floorOf(segment), await tx.messages.heal(segment));
  return segments;
}

/** Notes for the conversations in memory whose newest segment is gone that its messages are missing. */
export function noteMissing(tx: StoreTransaction, { conversations, tails }: WorkingSet): void {
  for (const [key, tail] of [...tails.entries()]) {
    const { newestId = '0', clearedTo = '0' } = conversations.get(key) ?? {};
    const { items } = tail[tail.length - 1]!;
    const last = items[items.length - 1]?.id ?? '0';
    if (compareIds(last, newestId) < 0 && compareIds(clearedTo, newestId) < 0)
      noteLost(tx, key, nextId(last), newestId);
  }
}

/** A query that finds damaged segments healed: before it answers, what is lost is noted. */
export function healedQuery(query: MessageQuery, isDamaged: () => boolean, heal: () => Promise<void>): MessageQuery {
  const healed = async <T>(read: () => Promise<T>): Promise<T> => {
    const result = await read();
    if (!isDamaged()) return result;
    await heal();
    return read();
  };
  return {
    before: async (...given) => healed(async () => query.before(...given)),
    after: async (...given) => healed(async () => query.after(...given)),
    message: async (...given) => healed(async () => query.message(...given)),
    count: async (...given) => healed(async () => query.count(...given)),
  };
}
