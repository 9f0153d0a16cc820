import { Unzlib } from 'fflate';
import { WireError } from './wire-error.ts';

/** Small enough that one step can overshoot the limit by at most a thousandfold of this. */
const STEP_BYTES = 4096;
const ADLER_BASE = 65521;
/** Few enough that the sums stay below 2^31. */
const ADLER_STEP_BYTES = 2048;

/** Inflate a zlib stream (RFC 1950), giving up as soon as it grows past the limit. */
export function inflate(bytes: Uint8Array, limitBytes: number): Uint8Array {
  // Writers that write every field write an empty payload so, too.
  if (bytes.length === 0) return bytes;
  const parts: Uint8Array[] = [];
  let size = 0;
  const stream = new Unzlib((part) => {
    parts.push(part);
    size += part.length;
  });
  for (let at = 0; at < bytes.length; at += STEP_BYTES) {
    stream.push(bytes.subarray(at, at + STEP_BYTES), at + STEP_BYTES >= bytes.length);
    if (size > limitBytes) throw new WireError('too-large', `inflates past ${limitBytes} bytes`);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  // fflate ignores the checksum, and with it some streams that end too early.
  const trailer = bytes.subarray(-4).reduce((sum, byte) => sum * 256 + byte, 0);
  if (trailer !== adler32(whole)) throw new WireError('malformed', 'zlib checksum');
  return whole;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let start = 0; start < bytes.length; start += ADLER_STEP_BYTES) {
    const end = Math.min(start + ADLER_STEP_BYTES, bytes.length);
    for (let i = start; i < end; i++) {
      a += bytes[i]!;
      b += a;
    }
    a %= ADLER_BASE;
    b %= ADLER_BASE;
  }
  return b * 65536 + a;
}
