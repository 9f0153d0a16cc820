import { formatUint64 } from './uint64.ts';
import { readUtf8 } from './utf8.ts';

/** Groups in unknown fields may nest this deep. */
const MAX_DEPTH = 100;

/**
 * Reads protobuf values, by the method names of `protobufjs/minimal`. A 64-bit number is a decimal string.
 *
 * @throws RangeError or Error for what ends too early or is no protobuf.
 */
export class ProtoReader {
  pos = 0;
  len: number;
  private readonly buffer: Uint8Array;
  private high = 0;

  constructor(bytes: Uint8Array) {
    this.buffer = bytes;
    this.len = bytes.length;
  }

  uint32(): number {
    // Nearly every tag and length is one byte.
    const first = this.pos < this.len ? this.buffer[this.pos]! : 128;
    if (first > 127) return this.varint();
    this.pos++;
    return first;
  }

  int32(): number {
    return this.uint32() | 0;
  }

  sint32(): number {
    const value = this.uint32();
    return (value >>> 1) ^ -(value & 1);
  }

  uint64(): string {
    return formatUint64(this.varint(), this.high);
  }

  bool(): boolean {
    return (this.varint() | this.high) !== 0;
  }

  /** A view on the frame, not a copy. */
  bytes(): Uint8Array {
    const start = this.take(this.uint32());
    return this.buffer.subarray(start, this.pos);
  }

  string(): string {
    const start = this.take(this.uint32());
    return readUtf8(this.buffer, start, this.pos);
  }

  /** Passes over the value of an unknown field. */
  skipType(wireType: number, depth = 0): void {
    switch (wireType) {
      case 0:
        this.varint();
        return;
      case 1:
        this.take(8);
        return;
      case 2:
        this.take(this.uint32());
        return;
      case 3:
        if (depth > MAX_DEPTH) throw new RangeError('groups nest too deep');
        for (let inner = this.uint32() & 7; inner !== 4; inner = this.uint32() & 7) this.skipType(inner, depth + 1);
        return;
      case 5:
        this.take(4);
        return;
      default:
        throw new RangeError(`no wire type ${wireType}`);
    }
  }

  /** Any number has up to ten bytes, also one that is cut to 32 bits. @returns its low half; the other one is in `high`. */
  private varint(): number {
    let low = 0;
    let high = 0;
    // Seven bits a byte: bits 0–27 are low, byte 4 straddles the halves, the rest are high.
    for (let i = 0; i < 10; i++) {
      if (this.pos >= this.len) passesEnd();
      const byte = this.buffer[this.pos++]!;
      const bits = byte & 127;
      if (i < 4) low |= bits << (7 * i);
      else if (i === 4) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (7 * i - 32);
      if (byte < 128) {
        this.high = high >>> 0;
        return low >>> 0;
      }
    }
    throw new RangeError('varint longer than ten bytes');
  }

  /** Passes over this many bytes. @returns where they begin. */
  private take(length: number): number {
    const start = this.pos;
    if (length > this.len - start) passesEnd();
    this.pos = start + length;
    return start;
  }
}

export function passesEnd(): never {
  throw new RangeError('passes the end');
}
