import { compareIds, higherId, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { conversationKey, isGroupKey, isMessage, keyPrefix } from '../store/schema.ts';
import type { ConversationKey, ConversationRecord, Edit, MessageOps, StoredItem } from '../store/schema.ts';
import { MessageOperationType as Op } from '../wire/enums.ts';
import { isCounted, isPreview, mentions, NO_PREVIEW, previewOf } from './conversation-rules.ts';
import type { OperationMeta } from './message-mapper.ts';
import { unlistEmpty } from './listing.ts';
import { resolveMessage, withEdit, withOneEdit, withReadMark } from './message-ops.ts';
import { countUnread, markRead, refreshMention } from './receipts.ts';
import type { SyncEvent } from './sync-events.ts';

/**
 * Applies an operation on a message, received or acknowledged; `meta.id` is the operation's own id. An operation that comes
 * before its message is stored at the message's place. Operations take effect in the order of their ids, whatever order they
 * come in.
 */
export async function applyOperation(tx: StoreTransaction, meta: OperationMeta, self: Id): Promise<SyncEvent[]> {
  const { id: op, from, payload } = meta;
  if (!payload.operation) return [];
  const { type, mid = '0', xid } = payload.operation;
  const key = findConversation(tx, targetOf(meta, xid?.uid ?? '0', self));
  // In a group an admin may recall. The server knows who is one.
  const isByAny = !from?.uid || from.uid === SYSTEM_ID || (type === Op.RECALL && isGroupKey(key));
  const by = isByAny ? undefined : from.uid;
  const change = async (run?: ChangeOps, what?: Change): Promise<SyncEvent[]> =>
    amend(tx, key, { mid, by }, self, run, what);
  switch (type) {
    case Op.READ_ALL:
      return settleReadAll(tx, noteReadAll(tx, meta, self), self);
    case Op.RECALL:
      return change(undefined, 'recalled');
    case Op.DELETE:
      return change(undefined, 'deleted');
    case Op.READ_ACK:
      return change((ops) =>
        from?.uid === self ? { ...ops, readOp: higherId(ops.readOp, op) } : { ...ops, status: DELIVERY_STATUS.read },
      );
    case Op.DELIVER_ACK:
      return change((ops) => ({ status: DELIVERY_STATUS.delivered, ...ops }));
    case Op.READ_CANCEL:
      return change((ops) => ({ ...ops, cancelOp: higherId(ops.cancelOp, op) }), 'cancelled');
    case Op.PLAY_ACK:
      return change((ops) => ({ ...ops, played: true }));
    case Op.APPEND:
    case Op.REPLACE: {
      const { content = '', config = '', ext = '', edit_timestamp: timestamp = '0' } = payload;
      const edit: Edit = { id: op, append: type === Op.APPEND, timestamp, content, config, ext };
      return change((ops, isKnown) => withEdit(ops, isKnown || by === undefined ? edit : { ...edit, by }), edit);
    }
    default:
      return [];
  }
}

/**
 * Brings the messages that the operations of a page concern to hand. So each of their segments is read once, in whatever order
 * the operations name them.
 */
export async function bringTargets(tx: StoreTransaction, metas: readonly OperationMeta[], self: Id): Promise<void> {
  const targets = new Map<ConversationKey, Set<Id>>();
  for (const meta of metas) {
    const { type, mid, xid } = meta.payload.operation ?? {};
    if (!mid || type === Op.READ_ALL) continue;
    const key = findConversation(tx, targetOf(meta, xid?.uid ?? '0', self));
    const mids = targets.get(key);
    if (mids) mids.add(mid);
    else targets.set(key, new Set([mid]));
  }
  for (const [key, mids] of targets) {
    const ascending = [...mids].sort(compareIds).map((id) => ({ id }));
    await tx.messages.bring(key, ascending);
  }
}

/** Changes the operations of a message; undefined when nothing changes. @param isKnown - the message is stored */
type ChangeOps = (ops: MessageOps, isKnown: boolean) => MessageOps | undefined;

/** The change that an operation makes, beside the status. */
type Change = Edit | 'cancelled' | 'recalled' | 'deleted';

/** The group of this id if one is known, else the user: the two never share an id. */
export function findConversation(tx: Pick<StoreTransaction, 'isGroup'>, id: Id): ConversationKey {
  return conversationKey(tx.isGroup(id) ? 'group' : 'roster', id);
}

/** The conversation that an operation concerns. When a peer recalls, the named one is the receiver's own id. */
function targetOf({ from, to }: OperationMeta, named: Id, self: Id): Id {
  if (named !== '0' && named !== self) return named;
  const receiver = to?.uid ?? '0';
  return receiver === self ? (from?.uid ?? '0') : receiver;
}

/** Puts a READ_ALL into the record of its conversation. @returns the conversation, whose messages {@link settleReadAll} marks */
export function noteReadAll(tx: StoreTransaction, meta: OperationMeta, self: Id): ConversationKey {
  const { mid = '0', xid } = meta.payload.operation!;
  const key = findConversation(tx, targetOf(meta, xid?.uid ?? '0', self));
  const record = tx.conversation(key);
  const marks = record?.readMarks ?? [];
  const next = withReadMark(marks, { mid, op: meta.id });
  if (next !== marks) tx.updateConversation(key, { readMarks: next, ...(!record && { listed: false }) });
  return key;
}

/** Marks messages read by all READ_ALLs of a conversation. It looks at all messages at hand, so once for many READ_ALLs. */
export async function settleReadAll(tx: StoreTransaction, key: ConversationKey, self: Id): Promise<SyncEvent[]> {
  const read = await markRead(tx, key, self, { marks: tx.conversation(key)?.readMarks ?? [] });
  const events: SyncEvent[] = read.map(({ id }) => ({ type: 'status', key, mid: id }));
  return read.length > 0 ? [...events, { type: 'unread', key }] : events;
}

/**
 * The item of this id and its conversation. A receipt of a group message goes to the author and does not name the group: the
 * group is looked up by the id.
 */
async function locate(
  tx: StoreTransaction,
  key: ConversationKey,
  mid: Id,
): Promise<{ key: ConversationKey; item?: StoredItem | undefined }> {
  const item = (await tx.messages.find(key, [mid])).get(mid);
  const group = item ? undefined : tx.messages.holder(mid, keyPrefix('group'));
  return group ? { key: group, item: (await tx.messages.find(group, [mid])).get(mid) } : { key, item };
}

/**
 * Applies a change to the operations of a message and updates the message. Without the message, it stores the change until the
 * message comes.
 *
 * @param by - who does it, where only the author may
 * @param change - undefined removes the message; a mark in its place keeps late pages and the history from bringing it back
 */
async function amend(
  tx: StoreTransaction,
  conversation: ConversationKey,
  { mid, by }: { mid: Id; by: Id | undefined },
  self: Id,
  change?: ChangeOps,
  what?: Change,
): Promise<SyncEvent[]> {
  const { key, item = { id: mid } } = await locate(tx, conversation, mid);
  const message = isMessage(item) ? item : undefined;
  // One of two who both recall is the author.
  const isByAny = by === undefined || (item.ops?.recalledBy ?? by) !== by;
  const run = what === 'recalled' && !message && !isByAny ? (ops: MessageOps) => ({ ...ops, recalledBy: by }) : change;
  const ops = run?.(item.ops ?? {}, message !== undefined);
  if ('removed' in item || (run && !ops)) return [];
  const record = tx.conversation(key);
  const next =
    message &&
    ops &&
    ((typeof what === 'object' ? withOneEdit(message, ops) : undefined) ??
      resolveMessage({ ...message, ops }, record?.readMarks ?? [], self));
  await tx.messages.put(key, [next ?? (ops ? { id: mid, ops } : { id: mid, removed: true })]);
  if (!message) return [];
  const events: SyncEvent[] = [];
  const hasStatus = next && next.status !== message.status;
  if (what === 'recalled' || what === 'deleted') events.push({ type: what, key, mid });
  if (typeof what === 'object') events.push({ type: 'edited', key, message: next!, edit: what });
  if (hasStatus || next?.isPlayed !== message.isPlayed || what) events.push({ type: 'status', key, mid });
  if (hasStatus && what === 'cancelled') events.push({ type: what, key, mid });
  const counted = Number(!!next && isCounted(next, self)) - Number(isCounted(message, self));
  if (record && counted !== 0) {
    await countUnread(tx, key, counted, self);
    if (counted > 0 && mentions(next!, self)) tx.updateConversation(key, { hasAt: true });
    events.push({ type: 'unread', key });
  }
  if (record && next && counted === 0) await refreshMention(tx, key, message, next, self);
  if (record && tx.conversation(key)!.hasAt !== record.hasAt) events.push({ type: 'list' });
  if (record?.previewId === mid) {
    const preview = next ? previewOf(next, record) : await newestPreview(tx, key);
    if (preview && tx.updateConversation(key, preview)) events.push({ type: 'list' });
    unlistEmpty(tx, key);
  }
  return events;
}

/** The fields of the list entry, from the newest stored message that the list shows. */
async function newestPreview(tx: StoreTransaction, key: ConversationKey): Promise<Partial<ConversationRecord>> {
  for (let atLeast = 8; ; atLeast *= 8) {
    const messages = await tx.messages.newest(key, atLeast);
    const newest = [...messages].reverse().find(isPreview);
    if (newest) return previewOf(newest)!;
    if (messages.length < atLeast) return NO_PREVIEW;
  }
}
