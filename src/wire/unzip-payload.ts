import { Inflater } from './inflate.ts';
import { WireError } from './wire-error.ts';

const HEADER_BYTES = 2;
/** The checksum at the end of a zlib stream. */
const CHECKSUM_BYTES = 4;

/**
 * Inflates a payload that travelled as a zlib stream (RFC 1950).
 *
 * @throws {WireError} `too-large` as soon as the output passes the limit; `malformed` when it is not one whole zlib stream.
 */
export function unzipPayload(bytes: Uint8Array, limitBytes: number): Uint8Array {
  // Writers that write every field write an empty payload without compressing it.
  if (bytes.length === 0) return bytes;
  if (!hasHeader(bytes)) throw new WireError('malformed', 'no zlib stream');
  const { output, end } = new Inflater(bytes, HEADER_BYTES, limitBytes).run();
  if (end + CHECKSUM_BYTES !== bytes.length) throw new WireError('malformed', 'wrong length of a zlib stream');
  if (checksumOf(bytes) !== adler32(output)) throw new WireError('malformed', 'wrong zlib checksum');
  return output;
}

/** Deflate with a window of up to 32 KB, the check bits, and no preset dictionary. */
function hasHeader([method = 0, flags = 0]: Uint8Array): boolean {
  return (method & 15) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0 && (flags & 32) === 0;
}

function checksumOf(stream: Uint8Array): number {
  let checksum = 0;
  for (const byte of stream.subarray(-CHECKSUM_BYTES)) checksum = checksum * 256 + byte;
  return checksum;
}

/** Sums of this many bytes stay below 2^31. */
const SUM_BYTES = 3800;

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length;) {
    for (const end = Math.min(at + SUM_BYTES, bytes.length); at < end; at++) {
      a += bytes[at]!;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}
