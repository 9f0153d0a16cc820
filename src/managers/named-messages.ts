import type { Account } from '../account/account.ts';
import type { Id } from '../model/ids.ts';
import { toOwnMessage } from '../model/message.ts';
import type { Message, SyncedMessage } from '../model/message.ts';
import { ABOVE_ALL, nextId } from '../store/gaps.ts';
import { conversationKey } from '../store/schema.ts';
import type { ConversationKey, OutboxEntry } from '../store/schema.ts';
import { isClientMid } from '../sync/client-mid.ts';
import { sentAs } from '../sync/operation-targets.ts';
import { copyData } from '../util/copy-data.ts';

// Apps name a message by its server id, or by the client id that its send returned.

/** A copy of a message that is stored or being sent. Undefined when there is none with this id. */
export async function readNamed(account: Account, key: ConversationKey, id: Id): Promise<Message | undefined> {
  const message = copyData(rowOf(account.store, key, id)?.message) ?? (await readStored(account.store, key, id));
  return message && toOwnMessage(message, account.uid);
}

/** A stored message by its server id, or by the client id that it was sent under. */
async function readStored(
  { query }: Account['store'],
  key: ConversationKey,
  id: Id,
): Promise<SyncedMessage | undefined> {
  return (await query.message(key, id)) ?? sentAs(id, async (amount) => query.before(key, ABOVE_ALL, amount));
}

/** Where a message is among the stored ones. */
interface Place {
  /** The message itself; for one that is being sent, the last one before it. */
  at: Id;
  /** The lowest id that is not before it. */
  end: Id;
}

/** The place of a message. An id that belongs to nothing here is taken for a server id. */
export async function placeOf(account: Account, key: ConversationKey, id: Id): Promise<Place> {
  const { after } = rowOf(account.store, key, id) ?? {};
  if (after !== undefined) return { at: after, end: nextId(after) };
  const { id: at = id } = (id === '0' ? undefined : await readNamed(account, key, id)) ?? {};
  return { at, end: at };
}

/** Asks the server for older messages than this one. */
export function requestBefore(account: Account, queue: Id, id: Id, amount: number): void {
  const { store, sync } = account;
  const request = (before: Id): void => sync.requestHistory(queue, before, amount);
  if (id === '0' || !isClientMid(id)) return request(id);
  const place = async (): Promise<Place> => {
    await store.loaded;
    const group = conversationKey('group', queue);
    const key = store.reader.conversation(group) ? group : conversationKey('roster', queue);
    return placeOf(account, key, id);
  };
  place().then(
    ({ end }) => request(end),
    // A storage that fails knows no client id. The server is asked all the same.
    () => request(id),
  );
}

function rowOf({ reader }: Account['store'], key: ConversationKey, id: Id): OutboxEntry | undefined {
  const row = reader.outboxEntry(id);
  return row?.message && row.conversation === key ? row : undefined;
}
