import { readFileSync } from 'node:fs';
import { decodeFrame, WireError } from '../../../src/wire/index.ts';
import type { Direction, DownFrame, SyncDown, UpFrame, WireErrorReason } from '../../../src/wire/index.ts';

/** A golden frame: its bytes, and exactly the fields that are on the wire. */
export interface Vector {
  name: string;
  direction: Direction;
  hex: string;
  frame: object;
}

export const { vectors } = JSON.parse(
  readFileSync(new URL('../../fixtures/xsync-frames.json', import.meta.url), 'utf8'),
) as {
  vectors: Vector[];
};

export function vectorOf(name: string): Vector {
  const found = vectors.find((vector) => vector.name === name);
  if (!found) throw new Error(`no vector ${name}`);
  return found;
}

export const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

/** The plain form of the vectors: own properties, bytes as hex, no empty lists. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, item]) => !(Array.isArray(item) && item.length === 0));
  return Object.fromEntries(kept.map(([key, item]) => [key, plain(item)]));
}

/** The fields of a vector as a frame. They differ from the type only in raw bytes, which vectors have as hex. */
export const frameOf = (vector: Vector): UpFrame & DownFrame => vector.frame as UpFrame & DownFrame;

/** One varint. */
export function varint(value: number | bigint): Uint8Array {
  const out: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...out, Number(rest)]);
}

export const concat = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** A field with a varint. */
export const varintField = (no: number, value: number | bigint): Uint8Array => concat(varint(no * 8), varint(value));

/** A field with a length and bytes. */
export function bytesField(no: number, ...parts: (Uint8Array | string)[]): Uint8Array {
  const content = concat(...parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return concat(varint(no * 8 + 2), varint(content.length), content);
}

/** Unknown groups (field 99), one inside the other. */
export function groups(depth: number): Uint8Array {
  const open = Buffer.from(varint(99 * 8 + 3)).toString('hex');
  const close = Buffer.from(varint(99 * 8 + 4)).toString('hex');
  return bytesOf(open.repeat(depth) + close.repeat(depth));
}

/** A frame with this command and this payload. */
export const rawFrame = (command: number, payload: Uint8Array, ...more: Uint8Array[]): Uint8Array =>
  concat(varintField(3, command), bytesField(4, payload), ...more);

/** Why this is no frame. */
export function refusal(bytes: Uint8Array, direction: Direction = 'down'): WireErrorReason {
  try {
    decodeFrame(bytes, direction);
  } catch (error) {
    if (error instanceof WireError) return error.reason;
    throw error;
  }
  throw new Error('decoded');
}

/** A frame with a page. */
export const page = (bytes: Uint8Array): DownFrame & { payload: SyncDown } =>
  decodeFrame(bytes, 'down') as DownFrame & { payload: SyncDown };

/** A text message as an item of a page. */
export const message = (id: number, content: string): Uint8Array =>
  concat(varintField(1, id), varintField(5, 1), bytesField(6, varintField(1, 2), bytesField(4, content)));
