import { MessageBodyContentType } from 'flooim/wire';
import type { IMessageBody } from 'flooim/wire';
import { statusFor } from '../../devserver/src/model/messages.ts';
import type { StoredMessage } from '../../devserver/src/model/messages.ts';
import type { Message, MessageType } from '../../src/index.ts';

/** A message as the server holds it. */
export interface TestMessage {
  /** The server's id, as clients have it in `message.id`. */
  readonly id: string;
  /** Id of the user who sent it. */
  readonly from: string;
  /** Id of the user or group that it went to. */
  readonly to: string;
  /** Its text, with all edits. */
  readonly content: string;
  /** Its type. */
  readonly type: MessageType;
  /** When the server took it, ms since 1970. */
  readonly at: number;
  /** 0: unread, 1: delivered, 2: read; as the sender sees it. */
  readonly status: number;
  /** The app's extension, as text. */
  readonly ext: string;
  /** The parsed config; undefined when there is none. */
  readonly config: unknown;
  /** The parsed attachment; undefined when there is none. */
  readonly attachment: unknown;
}

/** The types by their numbers on the wire. */
const TYPES = Object.fromEntries(
  Object.entries(MessageBodyContentType).map(([name, number]) => [number, name.toLowerCase() as MessageType]),
);

export function toTestMessage(message: StoredMessage): TestMessage {
  const { id, fromId, toId, timestamp, body } = message;
  return {
    id: String(id),
    from: String(fromId),
    to: String(toId),
    content: body.content ?? '',
    type: TYPES[body.ctype ?? 0] ?? 'text',
    at: timestamp,
    status: statusFor(message, fromId),
    ext: body.ext ?? '',
    config: parsed(body.config),
    attachment: parsed(body.attachment),
  };
}

/** A message by what a client or the kit has of it. */
export type MessageRef = string | Pick<Message, 'id'> | TestMessage;

export const idOf = (message: MessageRef): string => (typeof message === 'string' ? message : message.id);

/** JSON text of what a test gave as text or as a value. */
export const jsonOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The wire's number of a message type. */
export function contentTypeOf(type: MessageType): NonNullable<IMessageBody['ctype']> {
  const name = type.toUpperCase() as keyof typeof MessageBodyContentType;
  return MessageBodyContentType[name];
}

function parsed(text: string | undefined): unknown {
  try {
    return text ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    // Any text is legal.
    return text;
  }
}
