/** Engine.IO protocol version, as asked for in `EIO=`. In 3 the client pings, in 4 the server does. */
export type EngineVersion = 3 | 4;

/** One text message of a Socket.IO server, over either Engine.IO version. */
export type EnginePacket =
  /** Intervals as the server wrote them; NaN where it wrote no number. */
  | { type: 'open'; pingIntervalMs: number; pingTimeoutMs: number }
  | { type: 'close' }
  | { type: 'ping' | 'pong'; data: string }
  | { type: 'connect' }
  | { type: 'disconnect' }
  | { type: 'error'; detail: string }
  /** That many attachments follow; number `frame` of them is an XSYNC frame, or none is (-1). */
  | { type: 'binary-event'; attachments: number; frame: number }
  | { type: 'attachment'; bytes: Uint8Array }
  /** Legal, and nothing to us: a noop, an event without bytes, an ack. */
  | { type: 'ignored' }
  /** What was wrong, never what was said. */
  | { type: 'malformed'; detail: string };

/** The text that goes before every frame; its bytes follow as one binary message. */
export const FRAME_EVENT = '451-["frame",{"_placeholder":true,"num":0}]';

/** Version 3 writes the packet type (message) before the bytes of an attachment. */
const MESSAGE_BYTE = 4;

// 4, the Socket.IO type, "attachments-", "/namespace,", ack id, JSON
const SOCKET_PACKET = /^4([0-6])(?:(\d+)-)?(?:\/[^,]*(?:,|$))?\d*([^]*)$/;

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Read one text message. Never throws. */
export function parseEngineText(text: string, engine: EngineVersion): EnginePacket {
  const rest = text.slice(1);
  switch (text[0]) {
    case '0':
      return parseOpen(rest);
    case '1':
      return { type: 'close' };
    case '2':
      return { type: 'ping', data: rest };
    case '3':
      return { type: 'pong', data: rest };
    case '4':
      return parseSocketPacket(text);
    case '5':
    case '6':
      return { type: 'ignored' };
    case 'b':
      return parseTextAttachment(rest, engine);
    default:
      return malformed('packet type');
  }
}

/** The attachment's own bytes of one binary message, or undefined when it is none. */
export function parseAttachment(message: Uint8Array, engine: EngineVersion): Uint8Array | undefined {
  if (engine === 4) return message;
  return message[0] === MESSAGE_BYTE ? message.subarray(1) : undefined;
}

/** The binary message that carries these bytes. */
export function encodeAttachment(bytes: Uint8Array, engine: EngineVersion): Uint8Array {
  if (engine === 4) return bytes;
  const message = new Uint8Array(bytes.length + 1);
  message[0] = MESSAGE_BYTE;
  message.set(bytes, 1);
  return message;
}

function malformed(detail: string): EnginePacket {
  return { type: 'malformed', detail };
}

function parseOpen(json: string): EnginePacket {
  const value = parseJson(json);
  if (typeof value !== 'object' || value === null) return malformed('open packet');
  const { pingInterval, pingTimeout } = value as { pingInterval?: unknown; pingTimeout?: unknown };
  return { type: 'open', pingIntervalMs: numberOrNaN(pingInterval), pingTimeoutMs: numberOrNaN(pingTimeout) };
}

function numberOrNaN(value: unknown): number {
  return typeof value === 'number' ? value : NaN;
}

function parseSocketPacket(text: string): EnginePacket {
  const [, type, attachments, data = ''] = SOCKET_PACKET.exec(text) ?? [];
  switch (type) {
    case '0':
      return { type: 'connect' };
    case '1':
      return { type: 'disconnect' };
    case '4':
      return { type: 'error', detail: data };
    case '2':
    case '3':
      return { type: 'ignored' };
    case '5':
    case '6':
      return parseBinaryEvent(type === '5', Number(attachments), data);
    default:
      return malformed('message type');
  }
}

function parseBinaryEvent(isEvent: boolean, attachments: number, json: string): EnginePacket {
  const args = parseJson(json);
  if (!(attachments >= 0) || !Array.isArray(args)) return malformed('binary event');
  const [name, data] = args as unknown[];
  if (!isEvent || name !== 'frame') return { type: 'binary-event', attachments, frame: -1 };
  const frame = numberOrNaN((data as { num?: unknown } | null | undefined)?.num);
  return frame >= 0 && frame < attachments ? { type: 'binary-event', attachments, frame } : malformed('placeholder');
}

function parseTextAttachment(text: string, engine: EngineVersion): EnginePacket {
  if (engine === 3 && !text.startsWith('4')) return malformed('text attachment');
  const bytes = decodeBase64(engine === 3 ? text.slice(1) : text);
  return bytes ? { type: 'attachment', bytes } : malformed('base64');
}

function decodeBase64(text: string): Uint8Array | undefined {
  let end = text.length;
  while (text[end - 1] === '=') end--;
  const bytes = new Uint8Array((end * 3) >> 2);
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < end; i++) {
    const value = BASE64.indexOf(text[i]!);
    if (value < 0) return undefined;
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >> bits;
    }
  }
  return bytes;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
