/** Engine.IO protocol version, as asked for in `EIO=`. In 3 the client pings, in 4 the server does. */
export type EngineVersion = 3 | 4;

/** The text that goes before every frame; its bytes follow as one binary message. */
export const FRAME_EVENT = '451-["frame",{"_placeholder":true,"num":0}]';

/** Version 3 writes the packet type (message) before an attachment. */
const MESSAGE = 4;

// The Socket.IO type, "attachments-", "/namespace,", ack id, JSON.
const SOCKET_PACKET = /^([0-6])(?:(\d+)-)?(?:\/[^,]*(?:,|$))?\d*([^]*)$/;

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A Socket.IO packet's type, how many attachments follow it (NaN when it does not say) and its data. No type: it is none. */
export function splitSocketPacket(text: string): [type: string | undefined, attachments: number, data: string] {
  const [, type, attachments, data = ''] = SOCKET_PACKET.exec(text) ?? [];
  return [type, Number(attachments), data];
}

/** Which attachment of an event or ack is an XSYNC frame: -1 for none, NaN when these are no arguments of either. */
export function frameOf(json: string, attachments: number, isEvent: boolean): number {
  const args = parseJson(json);
  if (!(attachments >= 0) || !Array.isArray(args)) return NaN;
  const [name, data] = args as [unknown, { num?: unknown } | null | undefined];
  if (!isEvent || name !== 'frame') return -1;
  const frame = data?.num;
  return typeof frame === 'number' && frame >= 0 && frame < attachments ? frame : NaN;
}

/** The attachment's own bytes of one binary message, or undefined when it is none. */
export function parseAttachment(message: Uint8Array, engine: EngineVersion): Uint8Array | undefined {
  if (engine === 4) return message;
  return message[0] === MESSAGE ? message.subarray(1) : undefined;
}

/** The same of one that came as text, which is base64. */
export function parseTextAttachment(text: string, engine: EngineVersion): Uint8Array | undefined {
  if (engine === 4) return decodeBase64(text);
  return text.startsWith(String(MESSAGE)) ? decodeBase64(text.slice(1)) : undefined;
}

/** The binary message that carries these bytes. */
export function encodeAttachment(bytes: Uint8Array, engine: EngineVersion): Uint8Array {
  if (engine === 4) return bytes;
  const message = new Uint8Array(bytes.length + 1);
  message[0] = MESSAGE;
  message.set(bytes, 1);
  return message;
}

function decodeBase64(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const letter of text.replace(/=+$/, '')) {
    const value = BASE64.indexOf(letter);
    if (value < 0) return undefined;
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) bytes.push(held >> (bits -= 8));
  }
  return Uint8Array.from(bytes);
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
