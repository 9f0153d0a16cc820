import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { StoreDraft } from '../store/draft.ts';
import { conversationKey, isMessage } from '../store/schema.ts';
import type { ConversationKey, Edit, MessageOps, StoredMessage } from '../store/schema.ts';
import type { MessageMeta } from '../wire/frame-types.ts';
import type { IMessageBody } from '../wire/gen/codec.js';
import { MessageOperationType as Op } from '../wire/gen/enums.ts';
import { emptyPreview, isCounted, isPreview, mentions, previewOf } from './conversation-rules.ts';
import { resolveMessage, withEdit, withReadMark } from './message-ops.ts';
import { forgetMention, markRead } from './receipts.ts';
import type { SyncEvent } from './sync-events.ts';

/**
 * Apply an operation on a message (xsync 4), received or acknowledged; `meta.id` is its own id. One that comes before its
 * message waits at the message's place; the order of operations is that of their ids, whatever order they come in.
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
  const op = meta.id ?? '0';
  const isOwn = meta.from?.uid === self;
  const key = findConversation(draft, targetOf(meta, operation.xid?.uid ?? '0', self));
  switch (operation.type) {
    case Op.READ_ALL:
      return readAll(draft, key, mid, op, self);
    case Op.RECALL:
    case Op.DELETE:
      return remove(draft, key, mid, self, operation.type === Op.RECALL ? 'recalled' : 'deleted');
    case Op.READ_ACK:
      return amend(draft, key, mid, self, ({ status = 0, ...ops }) =>
        isOwn
          ? { ...ops, ...(status && { status }), readOp: higher(ops.readOp, op) }
          : { ...ops, status: DELIVERY_STATUS.read },
      );
    case Op.DELIVER_ACK:
      return amend(draft, key, mid, self, (ops) => ({ ...ops, status: ops.status ?? DELIVERY_STATUS.delivered }));
    case Op.READ_CANCEL:
      return amend(draft, key, mid, self, (ops) => ({ ...ops, cancelOp: higher(ops.cancelOp, op) }), 'cancelled');
    case Op.PLAY_ACK:
      return amend(draft, key, mid, self, (ops) => ({ ...ops, played: true }));
    case Op.APPEND:
    case Op.REPLACE: {
      const { content, config, ext, edit_timestamp: time } = body;
      const append = operation.type === Op.APPEND;
      const edit: Edit = {
        id: op,
        append,
        timestamp: time ?? '0',
        content: content ?? '',
        config: config ?? '',
        ext: ext ?? '',
      };
      return amend(draft, key, mid, self, (ops) => withEdit(ops, edit), edit);
    }
    default:
      return [];
  }
}

/** A group when one of this id is known, else a user: the two never share an id. */
export function findConversation(draft: Pick<StoreDraft, 'isGroup'>, id: Id): ConversationKey {
  return conversationKey(draft.isGroup(id) ? 'group' : 'roster', id);
}

/** The conversation an operation concerns. The one it names is the receiver's own id when a peer recalls. */
function targetOf({ from, to }: MessageMeta, named: Id, self: Id): Id {
  if (named !== '0' && named !== self) return named;
  const receiver = to?.uid ?? '0';
  return receiver === self ? (from?.uid ?? '0') : receiver;
}

const higher = (a: Id = '0', b: Id): Id => (compareIds(a, b) > 0 ? a : b);

async function readAll(draft: StoreDraft, key: ConversationKey, mid: Id, op: Id, self: Id): Promise<SyncEvent[]> {
  const record = draft.conversation(key);
  const marks = record?.readMarks ?? [];
  const next = withReadMark(marks, { mid, op });
  if (next !== marks) draft.updateConversation(key, { readMarks: next, ...(!record && { listed: false }) });
  const read = await markRead(draft, key, self, { upTo: mid, op });
  const events: SyncEvent[] = read.map(({ id }) => ({ type: 'status', conversation: key, mid: id }));
  return read.length > 0 ? [...events, { type: 'unread', conversation: key }] : events;
}

/** What is at an id: for a receipt of a group message, which goes to its author and does not say which group, in that group. */
async function locate(
  draft: StoreDraft,
  key: ConversationKey,
  mid: Id,
): Promise<{ key: ConversationKey; message?: StoredMessage; ops: MessageOps; removed: boolean }> {
  let item = (await draft.messages.find(key, [mid])).get(mid);
  if (!item) {
    const group = draft.messages.holder(mid, 'g');
    if (group) {
      key = group;
      item = (await draft.messages.find(key, [mid])).get(mid);
    }
  }
  if (item && isMessage(item)) return { key, message: item, ops: item.ops ?? {}, removed: false };
  return { key, ops: item?.ops ?? {}, removed: item?.removed === true };
}

/** Changes what is known of a message, and the message by it; or keeps that until the message comes. */
async function amend(
  draft: StoreDraft,
  conversation: ConversationKey,
  mid: Id,
  self: Id,
  change: (ops: MessageOps) => MessageOps | undefined,
  what?: Edit | 'cancelled',
): Promise<SyncEvent[]> {
  const { key, message, ops: before, removed } = await locate(draft, conversation, mid);
  const ops = removed ? undefined : change(before);
  if (!ops) return [];
  if (!message) {
    await draft.messages.put(key, [{ id: mid, ops }]);
    return [];
  }
  const record = draft.conversation(key);
  const next = resolveMessage({ ...message, ops }, record?.readMarks ?? [], self);
  await draft.messages.put(key, [next]);
  const events: SyncEvent[] = [];
  if (typeof what === 'object') events.push({ type: 'edited', conversation: key, message: next, edit: what });
  if (next.status !== message.status || next.isPlayed !== message.isPlayed || what)
    events.push({ type: 'status', conversation: key, mid });
  if (what === 'cancelled' && next.status !== message.status)
    events.push({ type: 'cancelled', conversation: key, mid });
  const counted = Number(isCounted(next, self)) - Number(isCounted(message, self));
  if (record && counted !== 0) {
    draft.updateConversation(key, {
      unread: Math.max(0, record.unread + counted),
      ...(counted > 0 && mentions(next, self) && { hasAt: true }),
    });
    if (counted < 0) await forgetMention(draft, key, self);
    events.push({ type: 'unread', conversation: key });
  }
  if (record?.previewId === mid && draft.updateConversation(key, { ...previewOf(next, record) }))
    events.push({ type: 'list' });
  return events;
}

/** Leaves a mark in the place of a message: it comes back with no late page and no history. */
async function remove(
  draft: StoreDraft,
  conversation: ConversationKey,
  mid: Id,
  self: Id,
  how: 'recalled' | 'deleted',
): Promise<SyncEvent[]> {
  const { key, message, removed } = await locate(draft, conversation, mid);
  if (!removed) await draft.messages.put(key, [{ id: mid, removed: true }]);
  if (!message) return [];
  const events: SyncEvent[] = [
    { type: how, conversation: key, mid },
    { type: 'status', conversation: key, mid },
  ];
  const record = draft.conversation(key);
  if (record && isCounted(message, self)) {
    draft.updateConversation(key, { unread: Math.max(0, record.unread - 1) });
    await forgetMention(draft, key, self);
    events.push({ type: 'unread', conversation: key });
  }
  if (record?.previewId === mid) {
    draft.updateConversation(key, await newestPreview(draft, key));
    events.push({ type: 'list' });
  }
  return events;
}

/** What the list shows of a conversation, from what is stored of it. */
async function newestPreview(draft: StoreDraft, key: ConversationKey): Promise<ReturnType<typeof emptyPreview>> {
  for (let atLeast = 8; ; atLeast *= 8) {
    const messages = await draft.messages.newest(key, atLeast);
    const newest = [...messages].reverse().find(isPreview);
    if (newest) return { ...emptyPreview(), ...previewOf(newest, undefined) };
    if (messages.length < atLeast) return emptyPreview();
  }
}
