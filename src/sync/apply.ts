import { compareIds, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Arrival, ArrivedMessage } from '../model/message.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { peerIdOf } from '../store/schema.ts';
import type { ConversationKey, ConversationRecord } from '../store/schema.ts';
import { MessageBodyType, MetaNameSpace } from '../wire/enums.ts';
import { applyMessages } from './apply-messages.ts';
import type { EmitScope } from './apply-messages.ts';
import { applyConversationOperation } from './clear-conversation.ts';
import { countDelivered, withDelivered, withHistory } from './coverage.ts';
import { isByAnother, isForeign, refusedItems } from './item-origin.ts';
import { applyNotice } from './notices.ts';
import { conversationOfMessage, isTyping, toMessage } from './message-mapper.ts';
import type { ReceivedMessage, ReceivedMeta, ReceivedPage } from './message-mapper.ts';
import { unlistEmpty } from './listing.ts';
import { applyOperation, bringTargets, findConversation } from './operations.ts';
import type { SyncEvent } from './sync-events.ts';

export interface Page {
  /** The conversation, or the system queue, that the server named. */
  queue: Id;
  /** Ascending. */
  metas: readonly ReceivedMeta[];
  /** Set for a page of history, which changes no unread count. `before`: the id it was asked from; `'0'`: from the newest. */
  history?: { before: Id; isBeginning: boolean };
  /** The message before this page; `'0'` when the server does not name it. */
  prevMid: Id;
  /** The server holds nothing more of this queue. */
  isLast: boolean;
  emit: EmitScope;
  /** How a message of the page came. */
  arrivalOf(meta: ReceivedMessage): Arrival;
}

/** A page of a sync, or one that the server pushed. */
export const pageOf = (queue: Id, { metas, prev_mid: prevMid, next_key }: ReceivedPage): Page => ({
  queue,
  metas: metas.sort((a, b) => compareIds(a.id, b.id)),
  emit: 'new',
  prevMid,
  isLast: next_key === '0',
  arrivalOf: () => 'live',
});

/**
 * Puts a page into the transaction. Items that the store has already change nothing and are not emitted again, so a page may
 * come twice.
 *
 * @returns the events to emit
 */
export async function applyPage(tx: StoreTransaction, page: Page, self: Id): Promise<SyncEvent[]> {
  let events: SyncEvent[] = [];
  const chats = new Map<ConversationKey, ArrivedMessage[]>();
  const others: ReceivedMeta[] = [];
  const refused: ReceivedMeta[] = [];
  const { metas } = page;
  const place = { queue: page.queue, self, isGroup: (id: Id) => tx.isGroup(id) };
  for (const meta of metas) {
    if (isForeign(meta, place)) {
      refused.push(meta);
      continue;
    }
    if (!isMessage(meta) || !isChat(meta)) {
      others.push(meta);
      continue;
    }
    const arrival = page.arrivalOf(meta);
    const message: ArrivedMessage = Object.assign(toMessage(meta, page.history !== undefined), { arrival });
    if (isTyping(message)) {
      events.push({ type: 'typing', from: message.from, to: message.to, ext: message.ext });
      continue;
    }
    const key = conversationOfMessage(message, self);
    const list = chats.get(key);
    if (list) list.push(message);
    else chats.set(key, [message]);
  }
  const queue = queueKey(tx, page, chats);
  const before = queue === undefined ? undefined : tx.conversation(queue);
  for (const [key, messages] of chats) events.push(...(await applyMessages(tx, key, messages, self, page.emit)));
  if (queue && tx.conversation(queue)) {
    const ids = metas.map(({ id }) => id);
    const gaps = page.history
      ? withHistory(before, ids, page.history.before, page.history.isBeginning)
      : withDelivered(before, ids, page.prevMid);
    tx.updateConversation(queue, { gaps });
    if (page.history) events.push(...unlistEmpty(tx, queue));
    if (!page.history) events.push(...countDelivered(tx, queue, metas.length, page.isLast));
    // The app saw these messages in the count before they came.
    if (countOf(before) === countOf(tx.conversation(queue)))
      events = events.filter((event) => event.type !== 'unread' || event.key !== queue);
  }
  events.push(...(await applyOthers(tx, page.queue, others, self, refused)), ...refusedItems(refused));
  return events;
}

/** The unread messages that the app sees. */
const countOf = (record: ConversationRecord | undefined): number => (record ? record.unread + record.undelivered : 0);

/** The conversation of the queue: as its messages name it, or else as the store knows it. */
function queueKey(
  tx: StoreTransaction,
  { queue }: Page,
  chats: ReadonlyMap<ConversationKey, unknown>,
): ConversationKey | undefined {
  if (queue === SYSTEM_ID) return undefined;
  return [...chats.keys()].find((key) => peerIdOf(key) === queue) ?? findConversation(tx, queue);
}

const isChat = ({ payload: { type } }: ReceivedMessage): boolean =>
  type === MessageBodyType.CHAT || type === MessageBodyType.GROUPCHAT;

const isMessage = (meta: ReceivedMeta): meta is ReceivedMessage => meta.ns === MetaNameSpace.MESSAGE && !!meta.payload;

/** @param refused - operations of somebody who may not do them are put here */
async function applyOthers(
  tx: StoreTransaction,
  queue: Id,
  metas: readonly ReceivedMeta[],
  self: Id,
  refused: ReceivedMeta[],
): Promise<SyncEvent[]> {
  const fresh = await tx.unseen(
    queue,
    metas.map(({ id }) => id),
  );
  const operations = metas
    .filter(isMessage)
    .filter(({ id, payload: { type } }) => type === MessageBodyType.OPER && fresh.has(id));
  await bringTargets(tx, operations, self);
  const events: SyncEvent[] = [];
  for (const meta of metas) {
    // Deleting from the set also drops a repeat inside the page.
    if (!fresh.delete(meta.id) || !meta.payload) continue;
    if (meta.ns === MetaNameSpace.CONVERSATION) events.push(...(await applyConversationOperation(tx, meta, self)));
    else if (!isMessage(meta)) events.push(...(await applyNotice(tx, meta, self)));
    else if (meta.payload.type === MessageBodyType.OPER && (await isByAnother(tx, meta, self))) refused.push(meta);
    else if (meta.payload.type === MessageBodyType.OPER)
      events.push({ type: 'operation', meta, isReceived: true }, ...(await applyOperation(tx, meta, self)));
    else if (meta.payload.type === MessageBodyType.NORMAL) events.push({ type: 'normal', meta });
  }
  return events;
}
