import type { Id } from '../model/ids.ts';
import type { ConversationKey, StoredMessage } from './schema.ts';
import { findMessage } from './segments.ts';
import type { WorkingSet } from './working-set.ts';

/** A message, if it is among those in memory. */
export function messageInMemory({ tails }: WorkingSet, key: ConversationKey, id: Id): StoredMessage | undefined {
  return findMessage(tails.get(key) ?? [], id);
}
