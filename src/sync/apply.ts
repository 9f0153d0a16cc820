import { compareIds, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Arrival, ArrivedSyncedMessage } from '../model/message.ts';
import type { Clock } from '../platform/ports.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { peerIdOf } from '../store/schema.ts';
import type { ConversationKey, ConversationRecord } from '../store/schema.ts';
import { inSlices } from '../util/slices.ts';
import { MessageBodyType, MessageOperationType as Op, MetaNameSpace } from '../wire/enums.ts';
import { applyMessages } from './apply-messages.ts';
import type { EmitScope } from './apply-messages.ts';
import { applyConversationOperation } from './clear-conversation.ts';
import { countDelivered, withDelivered, withHistory } from './coverage.ts';
import { isByAnother, isForeign, refusedItems } from './item-origin.ts';
import { applyNotice } from './notices.ts';
import { conversationOfMessage, isTyping, toMessage } from './message-mapper.ts';
import type { ReceivedMessage, ReceivedMeta, ReceivedPage } from './message-mapper.ts';
import { unlistEmpty } from './listing.ts';
import { applyOperation, bringTargets, findConversation, noteReadAll, settleReadAll } from './operations.ts';
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

/** Without typing signals: they are in no queue, so the server counts none of them and nothing comes before them. */
export const itemsOf = (metas: readonly ReceivedMeta[]): readonly ReceivedMeta[] =>
  metas.filter((meta) => !isTyping(meta));

/** A message of a page, and its conversation. */
interface Chat {
  readonly key: ConversationKey;
  readonly message: ArrivedSyncedMessage;
}

interface PageDeps {
  self: Id;
  clock: Clock;
}

/**
 * Puts a page into the transaction, a huge one bit by bit. Items that the store has already change nothing and are not emitted
 * again, so a page may come twice.
 *
 * @returns the events to emit
 */
export async function applyPage(tx: StoreTransaction, page: Page, { self, clock }: PageDeps): Promise<SyncEvent[]> {
  let events: SyncEvent[] = [];
  const chats: Chat[] = [];
  const others: ReceivedMeta[] = [];
  const refused: ReceivedMeta[] = [];
  const { metas } = page;
  const place = { queue: page.queue, self, isGroup: (id: Id) => tx.isGroup(id) };
  const sort = (meta: ReceivedMeta): void => {
    if (isForeign(meta, place)) {
      refused.push(meta);
      return;
    }
    if (isTyping(meta)) {
      const { from, to, ext } = toMessage(meta, false);
      events.push({ type: 'typing', from, to, ext });
      return;
    }
    if (!isMessage(meta) || !isChat(meta)) {
      others.push(meta);
      return;
    }
    const arrival = page.arrivalOf(meta);
    const message: ArrivedSyncedMessage = Object.assign(toMessage(meta, page.history !== undefined), { arrival });
    chats.push({ key: conversationOfMessage(message, self), message });
  };
  await inSlices(clock, metas, (slice) => slice.forEach(sort));
  const conversations = byConversation(chats);
  const queue = queueKey(tx, page, conversations);
  const before = queue === undefined ? undefined : tx.conversation(queue);
  // All that is needed is read before something changes, because each read looks at all changes so far.
  await inSlices(clock, [...conversations], async (slice) => {
    for (const [key, messages] of slice) await tx.messages.bring(key, messages);
  });
  await inSlices(clock, chats, async (slice) => {
    for (const [key, messages] of byConversation(slice))
      events.push(...(await applyMessages(tx, key, messages, self, page.emit)));
  });
  if (queue && tx.conversation(queue)) {
    const ids = itemsOf(metas).map(({ id }) => id);
    const gaps = page.history
      ? withHistory(before, ids, page.history.before, page.history.isBeginning)
      : withDelivered(before, ids, page.prevMid);
    tx.updateConversation(queue, { gaps });
    if (page.history) events.push(...unlistEmpty(tx, queue));
    if (!page.history) events.push(...countDelivered(tx, queue, ids.length, page.isLast));
    // The app saw these messages in the count before they came.
    if (countOf(before) === countOf(tx.conversation(queue)))
      events = events.filter((event) => event.type !== 'unread' || event.key !== queue);
  }
  return [
    ...events,
    ...(await applyOthers(tx, page.queue, others, { self, clock }, refused)),
    ...refusedItems(refused),
  ];
}

/** @param chats - ascending; an id that comes twice counts once */
function byConversation(chats: readonly Chat[]): Map<ConversationKey, ArrivedSyncedMessage[]> {
  const conversations = new Map<ConversationKey, ArrivedSyncedMessage[]>();
  for (const { key, message } of chats) {
    const messages = conversations.get(key);
    if (!messages) conversations.set(key, [message]);
    else if (messages[messages.length - 1]!.id !== message.id) messages.push(message);
  }
  return conversations;
}

/** The unread messages that the app sees. */
const countOf = (record: ConversationRecord | undefined): number => (record ? record.unread + record.undelivered : 0);

/** The conversation of the queue: as its messages name it, or else as the store knows it. */
function queueKey(
  tx: StoreTransaction,
  { queue }: Page,
  conversations: ReadonlyMap<ConversationKey, unknown>,
): ConversationKey | undefined {
  if (queue === SYSTEM_ID) return undefined;
  return [...conversations.keys()].find((key) => peerIdOf(key) === queue) ?? findConversation(tx, queue);
}

const isChat = ({ payload: { type } }: ReceivedMessage): boolean =>
  type === MessageBodyType.CHAT || type === MessageBodyType.GROUPCHAT;

const isMessage = (meta: ReceivedMeta): meta is ReceivedMessage => meta.ns === MetaNameSpace.MESSAGE && !!meta.payload;

const isReadAll = (meta: ReceivedMeta): meta is ReceivedMessage =>
  isMessage(meta) && meta.payload.type === MessageBodyType.OPER && meta.payload.operation?.type === Op.READ_ALL;

/** @param refused - operations of somebody who may not do them are put here */
async function applyOthers(
  tx: StoreTransaction,
  queue: Id,
  metas: readonly ReceivedMeta[],
  { self, clock }: PageDeps,
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
  /** Conversations of READ_ALLs that came one after the other. */
  const read = new Set<ConversationKey>();
  const settleRead = async (): Promise<void> => {
    for (const key of read) events.push(...(await settleReadAll(tx, key, self)));
    read.clear();
  };
  const apply = async (meta: ReceivedMeta): Promise<void> => {
    // Deleting from the set also drops a repeat inside the page.
    if (!fresh.delete(meta.id) || !meta.payload) return;
    if (isReadAll(meta)) {
      events.push({ type: 'operation', meta, isReceived: true });
      read.add(noteReadAll(tx, meta, self));
      return;
    }
    await settleRead();
    if (meta.ns === MetaNameSpace.CONVERSATION) events.push(...(await applyConversationOperation(tx, meta, self)));
    else if (!isMessage(meta)) events.push(...(await applyNotice(tx, meta, self)));
    else if (meta.payload.type === MessageBodyType.OPER && (await isByAnother(tx, meta, self))) refused.push(meta);
    else if (meta.payload.type === MessageBodyType.OPER)
      events.push({ type: 'operation', meta, isReceived: true }, ...(await applyOperation(tx, meta, self)));
    else if (meta.payload.type === MessageBodyType.NORMAL) events.push({ type: 'normal', meta });
  };
  await inSlices(clock, metas, async (slice) => {
    for (const meta of slice) await apply(meta);
  });
  await settleRead();
  return events;
}
