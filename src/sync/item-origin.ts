import { FlooError } from '../errors.ts';
import { SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { isMessage } from '../store/schema.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { MessageBodyType, MessageOperationType as Op, MetaNameSpace, UserNoticeType } from '../wire/enums.ts';
import type { IXID } from '../wire/message-types.ts';
import type { ReceivedMessage, ReceivedMeta } from './message-mapper.ts';
import { findConversation } from './operations.ts';
import type { SyncEvent } from './sync-events.ts';

/**
 * Whether items may be where they came. A server passes on what peers send: it may do so without a look at the namespace, the
 * receiver or the message that an operation names. It does state the sender, who is believed.
 */

/** Operations that a user does to their own view, from another device. */
const BY_ONESELF: readonly number[] = [Op.READ_ALL, Op.READ_CANCEL, Op.DELETE];
const BY_AUTHOR: readonly number[] = [Op.RECALL, Op.APPEND, Op.REPLACE];
const USER_NOTICES: readonly number[] = Object.values(UserNoticeType);

/** What an item is checked against. */
interface Place {
  queue: Id;
  self: Id;
  isGroup(id: Id): boolean;
}

const idOf = (xid: IXID | null | undefined): Id => xid?.uid ?? SYSTEM_ID;

/** Whether an item may not be in this queue. Items without an effect may. */
export function isForeign(meta: ReceivedMeta, place: Place): boolean {
  const { queue, self } = place;
  const isSystemQueue = queue === SYSTEM_ID;
  switch (meta.ns) {
    case MetaNameSpace.MESSAGE:
      return !!meta.payload && isForeignMessage(meta as ReceivedMessage, place);
    case MetaNameSpace.CONVERSATION:
      return !!meta.payload?.operation && ![self, SYSTEM_ID].includes(idOf(meta.from));
    case MetaNameSpace.USER_NOTICE:
      return !isSystemQueue && !!meta.payload?.type && USER_NOTICES.includes(meta.payload.type);
    case MetaNameSpace.GROUP_NOTICE:
      return !isSystemQueue && !!meta.payload?.gid && idOf(meta.payload.gid) !== queue;
    case MetaNameSpace.ROSTER_NOTICE: {
      const { from, to = [] } = meta.payload ?? {};
      const named = [from, ...to].map(idOf).filter((id) => id !== SYSTEM_ID);
      if (named.length === 0) return false;
      // A notice that names no receiver goes to the owner of the queue.
      return !isSystemQueue || (to.length > 0 && !named.includes(self));
    }
    default:
      return false;
  }
}

function isForeignMessage({ from, to, payload }: ReceivedMessage, place: Place): boolean {
  const { queue, self } = place;
  const [sender, receiver] = [idOf(from), idOf(to)];
  if (payload.type === MessageBodyType.GROUPCHAT) return queue !== SYSTEM_ID && receiver !== queue;
  if (payload.type === MessageBodyType.OPER) return isForeignOperation({ sender, receiver, payload }, place);
  const isInQueue = [sender, receiver].includes(queue);
  // Some servers leave out the receiver, who is the owner of the queue then, and the sender of what the system sends.
  const isOurs = sender === self || receiver === self || receiver === SYSTEM_ID;
  if (payload.type === MessageBodyType.CHAT)
    return !isOurs || (queue !== SYSTEM_ID && sender !== SYSTEM_ID && !isInQueue);
  return !(isOurs || isInQueue);
}

function isForeignOperation(
  { sender, receiver, payload }: { sender: Id; receiver: Id; payload: ReceivedMessage['payload'] },
  { queue, self, isGroup }: Place,
): boolean {
  const { type = 0, xid } = payload.operation ?? {};
  if (sender === self || sender === SYSTEM_ID || type === Op.UNKNOWN) return false;
  if (BY_ONESELF.includes(type)) return true;
  // It names the conversation from either side, or its group.
  const named = idOf(xid);
  if (![SYSTEM_ID, self, sender, receiver].includes(named) && !isGroup(named)) return true;
  if (receiver === self || receiver === SYSTEM_ID) return queue !== SYSTEM_ID && sender !== queue && receiver !== queue;
  return queue !== SYSTEM_ID && receiver !== queue;
}

/**
 * Whether an operation changes the text of somebody else's message, or takes it away. In a group an admin may recall; the
 * server knows who is one.
 */
export async function isByAnother(
  tx: StoreTransaction,
  { from, to, payload: { operation } }: ReceivedMessage,
  self: Id,
): Promise<boolean> {
  const { type = 0, mid = SYSTEM_ID } = operation ?? {};
  const sender = idOf(from);
  if (!BY_AUTHOR.includes(type) || sender === SYSTEM_ID) return false;
  const receiver = idOf(to);
  const key = findConversation(tx, sender === self || tx.isGroup(receiver) ? receiver : sender);
  if (type === Op.RECALL && tx.isGroup(receiver)) return false;
  const item = (await tx.messages.find(key, [mid])).get(mid);
  return item !== undefined && isMessage(item) && item.from !== sender;
}

/** One problem for all refused items of a page. */
export function refusedItems(refused: readonly ReceivedMeta[]): SyncEvent[] {
  const [first] = refused;
  if (!first) return [];
  const details = { id: first.id, ns: first.ns, count: refused.length };
  const error = new FlooError('ServerResponseInvalid', 'an item that does not belong here was refused', { details });
  return [{ type: 'problem', error }];
}
