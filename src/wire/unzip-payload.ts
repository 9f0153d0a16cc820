import { Unzlib } from 'fflate';
import { WireError } from './wire-error.ts';

/** This many bytes are inflated in one step. They become at most 4 MB, so the limit takes effect before memory is full. */
const STEP_BYTES = 4096;
/** The checksum at the end of a zlib stream. */
const CHECKSUM_BYTES = 4;

/**
 * Inflates a payload that travelled as a zlib stream.
 *
 * fflate does not check the stream's Adler-32, so this function does.
 *
 * @throws {WireError} `too-large` as soon as the output passes the limit; `malformed` when it is not one whole zlib stream.
 */
export function unzipPayload(bytes: Uint8Array, limitBytes: number): Uint8Array {
  // Writers that write every field write an empty payload without compressing it.
  if (bytes.length === 0) return bytes;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream = new Unzlib((chunk) => {
    size += chunk.length;
    if (size > limitBytes) throw new WireError('too-large', `inflates past ${limitBytes} bytes`);
    chunks.push(chunk);
  });
  try {
    for (let at = 0; at < bytes.length; at += STEP_BYTES) {
      const end = at + STEP_BYTES;
      stream.push(bytes.subarray(at, end), end >= bytes.length);
    }
  } catch (error) {
    if (error instanceof WireError) throw error;
    throw new WireError('malformed', (error as Error).message, error);
  }
  const inflated = concat(chunks, size);
  if (checksumOf(bytes) !== adler32(inflated)) throw new WireError('malformed', 'wrong zlib checksum');
  return inflated;
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function checksumOf(stream: Uint8Array): number {
  let checksum = 0;
  for (const byte of stream.subarray(-CHECKSUM_BYTES)) checksum = checksum * 256 + byte;
  return checksum;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}
