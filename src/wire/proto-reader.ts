import $protobuf from 'protobufjs/minimal.js';
import { formatUint64 } from './uint64.ts';

const SHORT_STRING_BYTES = 48;

/** protobufjs' reader, with 64-bit numbers as decimal strings and a fast path for short ASCII. */
export class ProtoReader extends $protobuf.Reader {
  // The base class types this as Long; our generated types say string.
  override uint64(): never {
    return this.#decimal() as never;
  }

  override string(): string {
    const length = this.uint32();
    const start = this.pos;
    const end = start + length;
    if (end > this.len) throw new RangeError(`string of ${length} bytes at ${start} passes the end`);
    this.pos = end;
    if (length <= SHORT_STRING_BYTES) {
      let text = '';
      for (let i = start; i < end; i++) {
        const byte = this.buf[i]!;
        if (byte > 127) return $protobuf.util.utf8.read(this.buf, start, end);
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return $protobuf.util.utf8.read(this.buf, start, end);
  }

  #decimal(): string {
    let low = 0;
    let high = 0;
    // Seven bits a byte: bits 0–27 are low, byte 4 straddles the halves, the rest are high.
    for (let i = 0; i < 10; i++) {
      if (this.pos >= this.len) throw new RangeError('varint passes the end');
      const byte = this.buf[this.pos++]!;
      const bits = byte & 127;
      if (i < 4) low |= bits << (7 * i);
      else if (i === 4) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (7 * i - 32);
      if (byte < 128) return formatUint64(low >>> 0, high >>> 0);
    }
    throw new RangeError('varint longer than ten bytes');
  }
}
