import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { SyncedMessage } from '../model/message.ts';
import type { ConversationKey, OutboxEntry } from '../store/schema.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { isClientMid, timeOfMid } from './client-mid.ts';

/** Messages that are read first when one is looked for by its client id; then eight times as many, and so on. */
const FIRST_READ = 128;

/** The clocks of this device and the server may differ by this much, in ms. */
const CLOCK_DIFFERENCE_MS = 2 * 86_400_000;

/**
 * The server id of a message that an app names by its client id; undefined when there is none. An id that belongs to nothing
 * here is taken for a server id, and the server refuses it.
 */
export async function findSentId(tx: StoreTransaction, key: ConversationKey, mid: Id): Promise<Id | undefined> {
  if (!isClientMid(mid) || tx.outboxEntry(mid) || (await tx.messages.find(key, [mid])).size > 0) return undefined;
  return (await sentAs(mid, async (atLeast) => tx.messages.newest(key, atLeast)))?.id;
}

/**
 * The message that was sent under this client id.
 *
 * @param readNewest - reads this many of the newest messages of its conversation or more, ascending
 */
export async function sentAs(
  mid: Id,
  readNewest: (atLeast: number) => Promise<readonly SyncedMessage[]>,
): Promise<SyncedMessage | undefined> {
  if (!isClientMid(mid)) return undefined;
  const earliest = timeOfMid(mid) - CLOCK_DIFFERENCE_MS;
  for (let atLeast = FIRST_READ; ; atLeast *= 8) {
    const messages = await readNewest(atLeast);
    const found = messages.find(({ clientMid }) => clientMid !== undefined && compareIds(clientMid, mid) === 0);
    const [oldest] = messages;
    if (found || messages.length < atLeast || Number(oldest!.timestamp) < earliest) return found;
  }
}

/** Whether no byte of a message has left, and the server has refused it if one did: it can be withdrawn here. */
export const hasNotLeft = ({ state, tried }: OutboxEntry): boolean =>
  state === 'failed' || state === 'uploading' || (state === 'queued' && !tried);

/** Whether a row may be sent: its file is uploaded, and its message has a server id. */
export const isSendable = ({ state, waitsFor }: OutboxEntry): boolean => state === 'queued' && waitsFor === undefined;
