import type Long from 'long';
import protobuf from 'protobufjs/minimal.js';
import type { Reader, Writer } from 'protobufjs/minimal.js';
import { readUtf8 } from './utf8.ts';
import { WireError } from './wire-error.ts';

/** What pbjs generates to decode a message. */
interface Decoder<Message> {
  decode(reader: Reader, length: number): Message;
}

/** What pbjs generates to encode a message. */
interface Encoder<Fields> {
  encode(fields: Fields, writer: Writer): Writer;
}

/** The most bytes of a frame, of its payload after decompression, and of an item of a page. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/**
 * Counts the numbers (tags and lengths among them) that may still be read from one frame. Each one costs time and perhaps an
 * object, and a compressed frame of 16 KB may hold millions. An unread list of 100,000 conversations has one million.
 */
export class ReadBudget {
  private left = 2_000_000;

  /** @throws {WireError} `too-large` when none is left */
  take(): void {
    if (--this.left < 0) throw new WireError('too-large', 'more fields than a frame may have');
  }
}

/** Reads bytes that are not UTF-8 as U+FFFD. protobufjs' own reader drops them or makes characters up. */
class FrameReader extends protobuf.Reader {
  private readonly budget: ReadBudget;

  constructor(bytes: Uint8Array, budget: ReadBudget) {
    super(bytes);
    this.budget = budget;
  }

  override uint32(): number {
    this.budget.take();
    return super.uint32();
  }

  override string(): string {
    const length = this.uint32();
    if (length > MAX_FRAME_BYTES) throw new WireError('too-large', `a text of ${length} bytes`);
    const start = this.pos;
    this.skip(length);
    return readUtf8(this.buf, start, this.pos);
  }
}

/** Writes half a surrogate pair as U+FFFD. protobufjs' own writer would write bytes that are not UTF-8. */
class FrameWriter extends protobuf.Writer {
  override string(text: string): Writer {
    return super.string(toWellFormed(text));
  }
}

/** Decode one message, which takes up all of the bytes. */
export function decode<Message>(type: Decoder<Message>, bytes: Uint8Array, budget: ReadBudget): Message {
  return type.decode(new FrameReader(bytes, budget), bytes.length);
}

/**
 * Separates the fields of a message that are repeated and have bytes from the others.
 *
 * @param no - number of the repeated field
 * @param most - how many of its values are kept
 * @returns `others`: the last one of each other field, as the bytes of a message; `left`: how many values were not kept
 */
export function splitRepeated(
  bytes: Uint8Array,
  no: number,
  most: number,
  budget: ReadBudget,
): { values: Uint8Array[]; left: number; others: Uint8Array } {
  const reader = new FrameReader(bytes, budget);
  const values: Uint8Array[] = [];
  let left = 0;
  const others = new Map<number, Uint8Array>();
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    if (tag !== no * 8 + 2) {
      reader.skipType(tag & 7);
      others.set(tag, bytes.subarray(start, reader.pos));
    } else if (values.length < most) values.push(reader.bytes());
    else {
      reader.skip(reader.uint32());
      left++;
    }
  }
  return { values, left, others: concat([...others.values()]) };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Encode one message. Fields that are null or undefined are left out. */
export function encode<Fields>(type: Encoder<Fields>, fields: Fields): Uint8Array {
  return type.encode(fields, new FrameWriter()).finish();
}

/** Whether the field was on the wire, or was set by the caller. Other fields read as their zero value from the prototype. */
export function has<Message extends object, Field extends keyof Message>(
  message: Message,
  field: Field,
): message is Message & { [Name in Field]-?: NonNullable<Message[Name]> } {
  return Object.prototype.hasOwnProperty.call(message, field);
}

const TWO_32 = 2 ** 32;
/** Below this high half, a 64-bit number is exact as a JavaScript number. */
const SAFE_HIGH_END = 2 ** 21;
const MILLION = 1e6;
/** 20 digits. No uint64 has more. */
const MAX_UINT64 = '18446744073709551615';

/** The decimal text of a uint64. `Long.toString` divides 64-bit numbers for it, which takes ten times as long. */
export function toId(long: Long): string {
  const high = long.high >>> 0;
  const low = long.low >>> 0;
  if (high < SAFE_HIGH_END) return String(high * TWO_32 + low);
  // 2^32 is 4294 millions and 967,296. With these factors each step stays an exact number.
  const rest = high * 967_296 + low;
  const millions = high * 4294 + Math.floor(rest / MILLION);
  return String(millions) + String(rest % MILLION).padStart(6, '0');
}

/**
 * The uint64 of a decimal text. A number is taken, too, because callers in JavaScript pass some.
 *
 * @throws {WireError} when it is not a decimal uint64.
 */
export function toLong(id: string | number): Long {
  const text = String(id);
  if (/^\d{1,20}$/.test(text)) {
    const number = Number(text);
    if (number <= Number.MAX_SAFE_INTEGER) return longOf(number, number / TWO_32);
    if (text.padStart(MAX_UINT64.length, '0') <= MAX_UINT64) {
      const { lo, hi } = protobuf.util.LongBits.from(text);
      return longOf(lo, hi);
    }
  }
  throw new WireError('malformed', `not a uint64: ${text.slice(0, 24)}`);
}

/** @param low - its lower 32 bits count; @param high - its whole part counts */
function longOf(low: number, high: number): Long {
  // This class is that of `long`; protobufjs' types name only a few of its members.
  return new protobuf.util.Long(low | 0, high | 0, true) as Long;
}

function toWellFormed(text: string): string {
  if (!/[\ud800-\udbff](?![\udc00-\udfff])|(?:^|[^\ud800-\udbff])[\udc00-\udfff]/.test(text)) return text;
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (match) =>
    match.length === 2 ? match : '\ufffd',
  );
}
