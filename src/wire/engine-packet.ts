/** Engine.IO protocol version, the value of `EIO=`. In 3 the client pings, in 4 the server does. */
export type EngineVersion = 3 | 4;

/** First character of an Engine.IO text message. */
export const EnginePacketType = {
  OPEN: '0',
  CLOSE: '1',
  PING: '2',
  PONG: '3',
  MESSAGE: '4',
  UPGRADE: '5',
  NOOP: '6',
  BASE64_ATTACHMENT: 'b',
} as const;

/** First character of a Socket.IO packet, which is the content of an Engine.IO message. */
export const SocketPacketType = {
  CONNECT: '0',
  DISCONNECT: '1',
  EVENT: '2',
  ACK: '3',
  CONNECT_ERROR: '4',
  BINARY_EVENT: '5',
  BINARY_ACK: '6',
} as const;

/** The text message before every frame. The bytes of the frame follow as one binary message. */
export const FRAME_EVENT = '451-["frame",{"_placeholder":true,"num":0}]';

/** Version 3 writes the packet type MESSAGE before an attachment. */
const ATTACHMENT_MARK = Number(EnginePacketType.MESSAGE);

/** Type, `<attachments>-`, `/<namespace>,`, ack id, JSON. */
const SOCKET_PACKET = /^([0-6])(?:(\d+)-)?(?:\/[^,]*(?:,|$))?\d*([^]*)$/;

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

interface SocketPacket {
  /** One of {@link SocketPacketType}; undefined when the text is no Socket.IO packet. */
  type: string | undefined;
  /** How many attachments follow; NaN for a packet without that number. */
  attachments: number;
  /** JSON text; `''` for none. */
  data: string;
}

export function splitSocketPacket(text: string): SocketPacket {
  const [, type, attachments, data = ''] = SOCKET_PACKET.exec(text) ?? [];
  return { type, attachments: Number(attachments), data };
}

/** Which attachment of an event or ack is an XSYNC frame. -1: none of them. NaN: the packet is malformed. */
export function frameOf(json: string, attachments: number, isEvent: boolean): number {
  const args = parseJson(json);
  if (!(attachments >= 0) || !Array.isArray(args)) return NaN;
  const [name, data] = args as [unknown, { num?: unknown } | null | undefined];
  if (!isEvent || name !== 'frame') return -1;
  const frame = data?.num;
  return typeof frame === 'number' && frame >= 0 && frame < attachments ? frame : NaN;
}

/** The bytes of an attachment that came as a binary message. Undefined when the message is no attachment. */
export function parseAttachment(message: Uint8Array, engine: EngineVersion): Uint8Array | undefined {
  if (engine === 4) return message;
  return message[0] === ATTACHMENT_MARK ? message.subarray(1) : undefined;
}

/** The bytes of an attachment that came as base64 text. Undefined when the text is no attachment. */
export function parseTextAttachment(text: string, engine: EngineVersion): Uint8Array | undefined {
  if (engine === 4) return decodeBase64(text);
  return text.startsWith(EnginePacketType.MESSAGE) ? decodeBase64(text.slice(1)) : undefined;
}

/** The binary message that carries these bytes. */
export function encodeAttachment(bytes: Uint8Array, engine: EngineVersion): Uint8Array {
  if (engine === 4) return bytes;
  const message = new Uint8Array(bytes.length + 1);
  message[0] = ATTACHMENT_MARK;
  message.set(bytes, 1);
  return message;
}

function decodeBase64(text: string): Uint8Array | undefined {
  let end = text.length;
  while (end > 0 && text[end - 1] === '=') end--;
  const bytes = new Uint8Array(Math.floor((end * 6) / 8));
  let held = 0;
  let bits = 0;
  let size = 0;
  for (let at = 0; at < end; at++) {
    const value = BASE64.indexOf(text[at]!);
    if (value < 0) return undefined;
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) bytes[size++] = held >> (bits -= 8);
  }
  return bytes;
}

/** The value of a JSON text. Undefined when the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
