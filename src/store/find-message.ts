import type { Id } from '../model/ids.ts';
import { isMessage } from './schema.ts';
import type { ConversationKey, StoredMessage } from './schema.ts';
import { covers, findItem } from './segments.ts';
import type { WorkingSet } from './working-set.ts';

/** A message, if it is among those in memory. */
export function messageInMemory({ tails }: WorkingSet, key: ConversationKey, id: Id): StoredMessage | undefined {
  const tail = tails.get(key);
  const item = tail && covers(tail, id) ? findItem(tail, id) : undefined;
  return item && isMessage(item) ? item : undefined;
}
