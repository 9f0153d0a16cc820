import { parseUint64 } from './uint64.ts';
import { MAX_BYTES_PER_UNIT, writeUtf8 } from './utf8.ts';
import { WireError } from './wire-error.ts';

/** Enough for a text message. */
const FIRST_BYTES = 256;

/**
 * Writes protobuf values, by the method names of `protobufjs/minimal`. A 64-bit number is a decimal string.
 */
export class ProtoWriter {
  private buffer = new Uint8Array(FIRST_BYTES);
  private length = 0;
  /** Where the embedded messages being written begin. */
  private readonly starts: number[] = [];

  uint32(value: number): this {
    return this.varint(value >>> 0, 0);
  }

  int32(value: number): this {
    // A negative number is written with all its 64 bits.
    return this.varint(value >>> 0, value < 0 ? 0xffffffff : 0);
  }

  sint32(value: number): this {
    return this.uint32((value << 1) ^ (value >> 31));
  }

  /** @throws WireError for what is no decimal uint64. */
  uint64(value: string | number): this {
    const text = String(value);
    const bits = parseUint64(text);
    if (!bits) throw new WireError('malformed', `not a uint64: ${text.slice(0, 24)}`);
    return this.varint(bits.low, bits.high);
  }

  bool(value: boolean): this {
    return this.varint(value ? 1 : 0, 0);
  }

  /** @param value bytes, or what writes the message they are. */
  bytes(value: Uint8Array | ((writer: ProtoWriter) => unknown)): this {
    if (typeof value === 'function') {
      this.fork();
      value(this);
      return this.ldelim();
    }
    this.uint32(value.length);
    this.room(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
    return this;
  }

  string(value: string): this {
    const start = ++this.length;
    this.room(value.length * MAX_BYTES_PER_UNIT);
    this.length = writeUtf8(value, this.buffer, start);
    return this.delimit(start);
  }

  /** Begins an embedded message. */
  fork(): this {
    this.room(1);
    // One byte for its length: most are short.
    this.starts.push(++this.length);
    return this;
  }

  /** Ends the embedded message begun last, and puts its length before it. */
  ldelim(): this {
    return this.delimit(this.starts.pop()!);
  }

  private delimit(start: number): this {
    const size = this.length - start;
    let more = 0;
    for (let rest = size >>> 7; rest > 0; rest >>>= 7) more++;
    if (more > 0) {
      this.room(more);
      this.buffer.copyWithin(start + more, start, this.length);
    }
    this.length = start - 1;
    this.varint(size, 0);
    this.length += size;
    return this;
  }

  /** What was written: a view, so this is the writer's end. */
  finish(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private varint(low: number, high: number): this {
    this.room(10);
    const bytes = this.buffer;
    let at = this.length;
    while (high > 0 || low > 127) {
      bytes[at++] = (low & 127) | 128;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    bytes[at++] = low;
    this.length = at;
    return this;
  }

  private room(size: number): void {
    const needed = this.length + size;
    if (needed <= this.buffer.length) return;
    const bytes = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    bytes.set(this.buffer.subarray(0, this.length));
    this.buffer = bytes;
  }
}
