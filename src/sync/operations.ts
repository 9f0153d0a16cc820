import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { DeliveryStatus, Message } from '../model/message.ts';
import type { StoreDraft } from '../store/draft.ts';
import { conversationKey } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import type { MessageMeta } from '../wire/frame-types.ts';
import type { IMessageBody } from '../wire/gen/codec.js';
import { MessageOperationType as Op } from '../wire/gen/enums.ts';
import { isUnread } from './conversation-rules.ts';
import { markRead } from './receipts.ts';
import type { SyncEvent } from './sync-events.ts';

/**
 * Apply an operation on a message (xsync 4), received or acknowledged. Those of this release: the receipts. The others are
 * told by no event yet and change nothing.
 */
export async function applyOperation(
  draft: StoreDraft,
  meta: MessageMeta,
  body: IMessageBody,
  self: Id,
): Promise<SyncEvent[]> {
  const operation = body.operation;
  if (!operation) return [];
  const mid = operation.mid ?? '0';
  const from = meta.from?.uid ?? '0';
  const peer = from === self ? (meta.to?.uid ?? '0') : from;
  const key = findConversation(draft, operation.xid?.uid && operation.xid.uid !== '0' ? operation.xid.uid : peer);
  switch (operation.type) {
    case Op.READ_ACK:
      return from === self
        ? readHere(draft, key, self, undefined, mid)
        : setStatus(draft, key, mid, DELIVERY_STATUS.read, self);
    case Op.DELIVER_ACK:
      return setStatus(draft, key, mid, DELIVERY_STATUS.delivered, self);
    case Op.READ_ALL:
      return readHere(draft, key, self, mid);
    case Op.READ_CANCEL:
      return unread(draft, key, mid, self);
    case Op.PLAY_ACK:
      return change(draft, key, mid, (message) => (message.isPlayed ? undefined : { ...message, isPlayed: true }));
    default:
      return [];
  }
}

/** A group when one of this id is known, else a user: the two never share an id. */
export function findConversation(draft: Pick<StoreDraft, 'conversation'>, id: Id): ConversationKey {
  const group = conversationKey('group', id);
  return draft.conversation(group) ? group : conversationKey('roster', id);
}

/** Read on another device of the same user, or acknowledged here. */
async function readHere(draft: StoreDraft, key: ConversationKey, self: Id, upTo?: Id, only?: Id): Promise<SyncEvent[]> {
  const read = await markRead(draft, key, self, upTo, only);
  const events: SyncEvent[] = read.map(({ id }) => ({ type: 'status', conversation: key, mid: id }));
  return read.length > 0 ? [...events, { type: 'unread', conversation: key }] : events;
}

/** The receiver's receipt. */
async function setStatus(
  draft: StoreDraft,
  key: ConversationKey,
  mid: Id,
  status: DeliveryStatus,
  self: Id,
): Promise<SyncEvent[]> {
  // A receipt is about what we sent, whatever id it names.
  return change(draft, key, mid, (message) =>
    message.from === self && message.status < status ? { ...message, status } : undefined,
  );
}

async function unread(draft: StoreDraft, key: ConversationKey, mid: Id, self: Id): Promise<SyncEvent[]> {
  const events = await change(
    draft,
    key,
    mid,
    // Counted from now on, also when only history brought it.
    (message) => (message.status === 0 ? undefined : { ...message, status: 0, isHistory: false }),
    (message) => {
      const record = draft.conversation(key);
      if (record && isUnread(message, self)) draft.updateConversation(key, { unread: record.unread + 1 });
    },
  );
  return events.length > 0 ? [...events, { type: 'unread', conversation: key }] : events;
}

async function change(
  draft: StoreDraft,
  key: ConversationKey,
  mid: Id,
  edit: (message: Message) => Message | undefined,
  then?: (message: Message) => void,
): Promise<SyncEvent[]> {
  let message = (await draft.messages.find(key, [mid])).get(mid);
  if (!message) {
    // A receipt for a group message goes to its author and does not say which group.
    key = draft.groupWith(mid) ?? key;
    message = (await draft.messages.find(key, [mid])).get(mid);
  }
  const edited = message && edit(message);
  if (!edited) return [];
  await draft.messages.put(key, [edited]);
  then?.(edited);
  return [{ type: 'status', conversation: key, mid }];
}
