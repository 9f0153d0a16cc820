import { compareIds, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { StoreDraft } from '../store/draft.ts';
import type { ConversationKey } from '../store/schema.ts';
import type { Meta, MessageMeta } from '../wire/frame-types.ts';
import type { IMessageBody } from '../wire/gen/codec.js';
import { MessageBodyType, MetaNameSpace } from '../wire/gen/enums.ts';
import { applyMessages } from './apply-messages.ts';
import type { Telling } from './apply-messages.ts';
import { applyConversationOperation } from './clear-conversation.ts';
import { withDelivered, withHistory } from './coverage.ts';
import { applyNotice } from './notices.ts';
import { conversationOfMessage, isTyping, toMessage } from './message-mapper.ts';
import { applyOperation, findConversation } from './operations.ts';
import type { SyncEvent } from './sync-events.ts';
import { countDelivered } from './unread-list.ts';

export interface Page {
  /** The conversation, or the system queue, that the server named. */
  queue: Id;
  metas: readonly Meta[];
  /** A page of history: it changes no unread count. `before`: where it was asked from, `'0'`: the newest. */
  history?: { before: Id; isBeginning: boolean };
  /** The message before this page, `'0'` when the server does not say. */
  prevMid?: Id;
  /** Nothing of this queue is left at the server. */
  isLast?: boolean;
  tell: Telling;
}

/**
 * Put a page into the draft and say what is new in it. Items the store has already, as a whole page repeated, change nothing
 * and are not told again; order inside the page does not matter.
 */
export async function applyPage(draft: StoreDraft, page: Page, self: Id): Promise<SyncEvent[]> {
  const events: SyncEvent[] = [];
  const chats = new Map<ConversationKey, Message[]>();
  const others: Meta[] = [];
  for (const meta of [...page.metas].sort((a, b) => compareIds(a.id ?? '0', b.id ?? '0'))) {
    const body = isMessage(meta) ? meta.payload : undefined;
    if (!body || !(body.type === MessageBodyType.CHAT || body.type === MessageBodyType.GROUPCHAT)) others.push(meta);
    else if (isTyping(body))
      events.push({ type: 'typing', from: meta.from?.uid ?? '0', to: meta.to?.uid ?? '0', ext: body.ext! });
    else {
      const message = toMessage(meta as MessageMeta, body, page.history !== undefined);
      const key = conversationOfMessage(message, self);
      const list = chats.get(key);
      if (list) list.push(message);
      else chats.set(key, [message]);
    }
  }
  const queue = queueKey(draft, page, chats);
  const before = queue === undefined ? undefined : draft.conversation(queue);
  for (const [key, messages] of chats) events.push(...(await applyMessages(draft, key, messages, self, page.tell)));
  if (queue && draft.conversation(queue)) {
    const gaps = page.history
      ? withHistory(before, page.metas, page.history.before, page.history.isBeginning)
      : withDelivered(before, page.metas, page.prevMid ?? '0');
    draft.updateConversation(queue, { gaps });
    if (!page.history) events.push(...countDelivered(draft, queue, page.metas.length, page.isLast === true));
  }
  events.push(...(await applyOthers(draft, page.queue, others, self)));
  return events;
}

/** The conversation of the queue, as its messages tell, or else what is known. */
function queueKey(
  draft: StoreDraft,
  { queue }: Page,
  chats: ReadonlyMap<ConversationKey, unknown>,
): ConversationKey | undefined {
  if (queue === SYSTEM_ID) return undefined;
  return [...chats.keys()].find((key) => key.slice(1) === queue) ?? findConversation(draft, queue);
}

const isMessage = (meta: Meta): meta is MessageMeta & { payload: IMessageBody } =>
  meta.ns === MetaNameSpace.MESSAGE && !!meta.payload;

async function applyOthers(draft: StoreDraft, queue: Id, metas: readonly Meta[], self: Id): Promise<SyncEvent[]> {
  const fresh = await draft.unseen(
    queue,
    metas.map(({ id }) => id ?? '0'),
  );
  const events: SyncEvent[] = [];
  for (const meta of metas) {
    // Deleting from the set also drops a repeat inside the page.
    if (!fresh.delete(meta.id ?? '0') || !meta.payload) continue;
    if (meta.ns === MetaNameSpace.CONVERSATION) events.push(...(await applyConversationOperation(draft, meta, self)));
    else if (!isMessage(meta)) events.push(...(await applyNotice(draft, meta, self)));
    else if (meta.payload.type === MessageBodyType.OPER)
      events.push(
        { type: 'operation', meta, isReceived: true },
        ...(await applyOperation(draft, meta, meta.payload, self)),
      );
    else if (meta.payload.type === MessageBodyType.NORMAL) events.push({ type: 'normal', meta });
  }
  return events;
}
