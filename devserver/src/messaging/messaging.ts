import {
  ConversationOperationType,
  ConversationType,
  MessageBodyDeliveryStatus,
  MessageBodyQoS,
  MessageBodyType,
  MetaNameSpace,
  StatusErrorCode,
} from 'flooim/wire';
import type { IConversation, IMessageBody, Meta } from 'flooim/wire';
import type { Delivery } from '../mail/delivery.ts';
import { post } from '../mail/delivery.ts';
import type { AppData } from '../model/app-data.ts';
import type { QueueItem } from '../model/queues.ts';
import { SYSTEM_UID, fromXid, toXid } from '../model/ids.ts';
import type { Clock } from '../ports.ts';
import { applyOperation, refuseOperation } from './operations.ts';
import { findReceiver, participants, refuseMessage } from './receiver.ts';
import type { Receiver } from './receiver.ts';
import { refused } from './send-result.ts';
import type { Sender, SendResult } from './send-result.ts';

export interface Outgoing {
  from: Sender;
  toId: number;
  body: IMessageBody;
  /** Sent only to devices that are logged in now, and never stored. */
  onlineOnly?: boolean;
}

/** Gets every message and operation that was accepted and is kept. */
export type SentListener = (app: AppData, sent: Outgoing & { readonly id: bigint }) => void;

/** Accepts messages and operations from sockets and REST: checks, stores and delivers them. */
export class Messaging {
  readonly #delivery: Delivery;
  readonly #clock: Clock;
  #onSent: SentListener = () => undefined;

  constructor(delivery: Delivery, clock: Clock) {
    this.#delivery = delivery;
    this.#clock = clock;
  }

  /** Sets who gets what was sent; nobody else does then. */
  listen(listener: SentListener): void {
    this.#onSent = listener;
  }

  send(app: AppData, outgoing: Outgoing): SendResult {
    const result = this.#accept(app, outgoing);
    if (result.ok) this.#onSent(app, { ...outgoing, id: result.id });
    return result;
  }

  #accept(app: AppData, outgoing: Outgoing): SendResult {
    const { from, toId, body } = outgoing;
    const found = findReceiver(app, from, toId);
    if ('refusal' in found) return found.refusal;
    if (body.type === MessageBodyType.OPER) return this.#operate(app, from, found.receiver, body);
    const refusal = refuseMessage(from, found.receiver, body.type ?? 0, this.#clock.now());
    if (refusal) return refusal;
    const type = found.receiver.group ? MessageBodyType.GROUPCHAT : MessageBodyType.CHAT;
    return outgoing.onlineOnly || isTyping(body)
      ? this.#relay(app, from, found.receiver, { ...body, type })
      : this.#keep(app, from, found.receiver, { ...body, type });
  }

  /** Deletes a conversation on the acting device, or for the user; then the other devices are notified. */
  deleteConversation(app: AppData, from: Sender, operation: NonNullable<IConversation['operation']>): SendResult {
    const conversation = fromXid(operation.xid);
    const view = app.historyView(from.userId, conversation);
    const prevMid = app.messages.newestId(view);
    const { id, at } = this.#stamp(app);
    if (operation.type === ConversationOperationType.DELETE_EVERYWHERE) {
      app.messages.clearFor(view);
      const meta: Meta = {
        ...metaHead(id, from, undefined, at),
        ns: MetaNameSpace.CONVERSATION,
        payload: { type: ConversationType.OPER, operation },
      };
      post(app, this.#delivery, [[from.userId, conversation, { id, at, meta, exceptDevice: from.device }]]);
    } else if (operation.type === ConversationOperationType.DELETE) {
      app.devices
        .of(from.userId)
        .find(({ sn }) => sn === from.device)
        ?.hiddenUpTo.set(conversation, prevMid);
    } else {
      return refused('unknown conversation operation', StatusErrorCode.INVALID_PARAMETER);
    }
    return { ok: true, id, at, prevMid };
  }

  #keep(app: AppData, from: Sender, receiver: Receiver, body: IMessageBody): SendResult {
    const prevMid = app.messages.newestId(
      from.userId === SYSTEM_UID && !receiver.group
        ? app.historyView(receiver.id, SYSTEM_UID)
        : app.historyView(from.userId, receiver.id),
    );
    const { id, at } = this.#stamp(app);
    const sides = participants(from, receiver);
    app.messages.add(
      {
        id,
        fromId: from.userId,
        fromDevice: from.device,
        toId: receiver.id,
        inGroup: receiver.group !== undefined,
        timestamp: at,
        body,
        status: MessageBodyDeliveryStatus.UNREAD,
        readBy: new Set(),
        hiddenFor: new Set(),
      },
      sides,
    );
    this.#deliver(app, from, sides, id, at, messageMeta(id, from, receiver, at, body));
    return { ok: true, id, at, prevMid };
  }

  #operate(app: AppData, from: Sender, receiver: Receiver, body: IMessageBody): SendResult {
    const refusal = refuseOperation(app, from, receiver, body);
    if (refusal) return refusal;
    const { id, at } = this.#stamp(app);
    const sent: IMessageBody = { ...body };
    if (applyOperation(app, from, body, at).edited) sent.edit_timestamp = String(at);
    // An operation to oneself applies to the conversation that it names.
    const sides =
      receiver.id === from.userId
        ? [[from.userId, fromXid(body.operation?.xid) || from.userId] as const]
        : participants(from, receiver);
    this.#deliver(app, from, sides, id, at, messageMeta(id, from, receiver, at, sent));
    return { ok: true, id, at, prevMid: 0n, ...(sent.edit_timestamp !== undefined && { editedAt: at }) };
  }

  #relay(app: AppData, from: Sender, receiver: Receiver, body: IMessageBody): SendResult {
    const { id, at } = this.#stamp(app);
    const meta = messageMeta(id, from, receiver, at, body);
    for (const [userId, conversation] of participants(from, receiver)) {
      if (userId !== from.userId) this.#delivery.push(app, userId, conversation, meta);
    }
    return { ok: true, id, at, prevMid: 0n };
  }

  #deliver(
    app: AppData,
    from: Sender,
    sides: Iterable<readonly [number, number]>,
    id: bigint,
    at: number,
    meta: Meta,
  ): void {
    const item: QueueItem = { id, at, meta };
    const own: QueueItem = { ...item, exceptDevice: from.device };
    post(
      app,
      this.#delivery,
      [...sides].map(([userId, conversation]) => [userId, conversation, userId === from.userId ? own : item] as const),
    );
  }

  #stamp(app: AppData): { id: bigint; at: number } {
    return { id: app.ids.itemId(), at: this.#clock.now() };
  }
}

function isTyping(body: IMessageBody): boolean {
  return body.qos === MessageBodyQoS.AT_MOST_ONCE && !body.content;
}

function messageMeta(id: bigint, from: Sender, receiver: Receiver, at: number, payload: IMessageBody): Meta {
  return { ...metaHead(id, from, receiver.id, at), ns: MetaNameSpace.MESSAGE, payload };
}

function metaHead(
  id: bigint,
  from: Sender,
  toId: number | undefined,
  at: number,
): Pick<Meta, 'id' | 'from' | 'to' | 'timestamp'> {
  const head = { id: String(id), from: toXid(from.userId, from.device), timestamp: String(at) };
  return toId === undefined ? head : { ...head, to: toXid(toId, 0) };
}
