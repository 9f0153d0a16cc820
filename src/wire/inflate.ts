import { Unzlib } from 'fflate';
import { WireError } from './wire-error.ts';

/** Small enough that one step can overshoot the limit by at most a thousandfold of this. */
const STEP_BYTES = 4096;

/** Inflate a zlib stream (RFC 1950), giving up as soon as it grows past the limit. */
export function inflate(bytes: Uint8Array, limitBytes: number): Uint8Array {
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
  return whole;
}
