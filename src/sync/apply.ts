import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { StoreDraft } from '../store/draft.ts';
import type { ConversationKey } from '../store/schema.ts';
import type { Meta, MessageMeta } from '../wire/frame-types.ts';
import type { IMessageBody } from '../wire/gen/codec.js';
import { MessageBodyType, MetaNameSpace } from '../wire/gen/enums.ts';
import { applyMessages } from './apply-messages.ts';
import type { Telling } from './apply-messages.ts';
import { applyNotice } from './notices.ts';
import { conversationOfMessage, isTyping, toMessage } from './message-mapper.ts';
import { applyOperation } from './operations.ts';
import type { SyncEvent } from './sync-events.ts';

export interface Page {
  /** The conversation, or the system queue, that the server named. */
  queue: Id;
  metas: readonly Meta[];
  /** A page of history: it changes no unread count. */
  isHistory: boolean;
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
      const message = toMessage(meta as MessageMeta, body, page.isHistory);
      const key = conversationOfMessage(message, self);
      const list = chats.get(key);
      if (list) list.push(message);
      else chats.set(key, [message]);
    }
  }
  for (const [key, messages] of chats) events.push(...(await applyMessages(draft, key, messages, self, page.tell)));
  events.push(...(await applyOthers(draft, page.queue, others, self)));
  return events;
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
    if (!isMessage(meta)) events.push(...applyNotice(draft, meta, self));
    else if (meta.payload.type === MessageBodyType.OPER)
      events.push(...(await applyOperation(draft, meta, meta.payload, self)));
    else if (meta.payload.type === MessageBodyType.NORMAL) events.push({ type: 'normal', meta });
  }
  return events;
}
