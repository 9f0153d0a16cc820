import { MessageBodyDeliveryStatus, MessageOperationType, StatusErrorCode } from 'flooim/wire';
import type { IMessageBody } from 'flooim/wire';
import { isTooDeep } from '../json-depth.ts';
import type { AppData } from '../model/app-data.ts';
import { isAdmin } from '../model/groups.ts';
import type { StoredMessage } from '../model/messages.ts';
import { fromXid } from '../model/ids.ts';
import { mergeJsonText } from './merge-json.ts';
import type { Receiver } from './receiver.ts';
import { refused } from './send-result.ts';
import type { Refusal, Sender } from './send-result.ts';

const ONLY_BY_SENDER: ReadonlySet<number> = new Set([
  MessageOperationType.RECALL,
  MessageOperationType.APPEND,
  MessageOperationType.REPLACE,
]);
const TO_ONESELF: ReadonlySet<number> = new Set([
  MessageOperationType.READ_ALL,
  MessageOperationType.READ_CANCEL,
  MessageOperationType.DELETE,
]);

/** Why an operation is refused: malformed, or for a message that the sender may not change. */
export function refuseOperation(
  app: AppData,
  from: Sender,
  receiver: Receiver,
  body: IMessageBody,
): Refusal | undefined {
  const type = body.operation?.type ?? 0;
  const mid = body.operation?.mid ?? '0';
  if (type === MessageOperationType.UNKNOWN || mid === '0') return invalid('an operation needs a type and a mid');
  if (TO_ONESELF.has(type) && receiver.id !== from.userId) return invalid('this operation goes to oneself');
  if (!ONLY_BY_SENDER.has(type)) return undefined;
  if (isTooDeep(body.config ?? '') || isTooDeep(body.ext ?? '')) return invalid('config or ext nests too deep');
  const message = app.messages.get(BigInt(mid));
  if (message?.toId !== receiver.id) return refused('message does not exist');
  const byAdmin =
    type === MessageOperationType.RECALL && receiver.group !== undefined && isAdmin(receiver.group, from.userId);
  return message.fromId === from.userId || byAdmin ? undefined : refused('not the sender of the message');
}

/** Applies an operation to the history. */
export function applyOperation(app: AppData, from: Sender, body: IMessageBody, at: number): { edited: boolean } {
  const { type, mid, xid } = body.operation ?? {};
  const message = app.messages.get(BigInt(mid ?? '0'));
  if (type === MessageOperationType.READ_ALL) {
    const view = app.historyView(from.userId, fromXid(xid));
    for (const read of app.messages.upTo(view, BigInt(mid ?? '0'))) app.messages.markRead(read, from.userId);
  }
  if (!message) return { edited: false };
  const { messages } = app;
  if (type === MessageOperationType.READ_ACK) {
    messages.markRead(message, from.userId);
    messages.change(message, { status: MessageBodyDeliveryStatus.READ });
  }
  if (type === MessageOperationType.READ_CANCEL) messages.markRead(message, from.userId, false);
  if (type === MessageOperationType.DELIVER_ACK)
    messages.change(message, { status: Math.max(message.status, MessageBodyDeliveryStatus.DELIVERED) });
  if (type === MessageOperationType.RECALL) messages.remove(message);
  if (type === MessageOperationType.DELETE) messages.hide(message, from.userId);
  if (type !== MessageOperationType.APPEND && type !== MessageOperationType.REPLACE) return { edited: false };
  messages.change(message, { body: edited(message, body, type === MessageOperationType.APPEND, at) });
  return { edited: true };
}

function edited(message: StoredMessage, patch: IMessageBody, append: boolean, at: number): IMessageBody {
  const { content = '', config = '', ext = '' } = message.body;
  const next: IMessageBody = { ...message.body, edit_timestamp: String(at) };
  if (append) next.content = content + (patch.content ?? '');
  else if (patch.content) next.content = patch.content;
  if (patch.config) next.config = mergeJsonText(config, patch.config);
  if (patch.ext) next.ext = mergeJsonText(ext, patch.ext);
  return next;
}

function invalid(reason: string): Refusal {
  return refused(reason, StatusErrorCode.INVALID_PARAMETER);
}
