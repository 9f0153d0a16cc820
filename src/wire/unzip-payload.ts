import zlib from 'pako/lib/zlib/constants.js';
import { inflate, inflateInit2 } from 'pako/lib/zlib/inflate.js';
import ZStream from 'pako/lib/zlib/zstream.js';
import { WireError } from './wire-error.ts';

/** The largest window of deflate, 32 KB, and the wrapping of zlib: gzip is refused. */
const WINDOW_BITS = 15;

/** The output grows by this much: a bomb is found before more than that is written past the limit. */
const CHUNK_BYTES = 64 * 1024;
/** A short stream gets a chunk of its own size, and this factor: what text inflates to. */
const USUAL_RATIO = 4;

/**
 * A compressor fills a block with some kilobytes, or ends one at each flush. A stream of blocks that hold nothing costs the
 * time to read their tables, so there may be these many, and one more for each of the bytes below.
 */
const FREE_BLOCKS = 1000;
const BYTES_A_BLOCK = 64;

/**
 * Inflates a payload that travelled as a zlib stream (RFC 1950).
 *
 * @throws {WireError} `too-large` as soon as the output passes the limit, or for more blocks than a compressor writes;
 * `malformed` when it is not one whole zlib stream.
 */
export function unzipPayload(bytes: Uint8Array, limitBytes: number): Uint8Array {
  // Writers that write every field write an empty payload without compressing it.
  if (bytes.length === 0) return bytes;
  const stream = new ZStream();
  inflateInit2(stream, WINDOW_BITS);
  stream.input = bytes;
  stream.avail_in = bytes.length;
  const chunks = inflateChunks(stream, limitBytes);
  if (stream.avail_in > 0) throw new WireError('malformed', 'bytes after the zlib stream');
  return joined(chunks, stream.total_out);
}

/** pako stops where a block or a chunk ends, so that blocks and bytes can be counted. */
function inflateChunks(stream: ZStream, limitBytes: number): Uint8Array[] {
  const chunkBytes = Math.min(CHUNK_BYTES, stream.avail_in * USUAL_RATIO);
  const chunks: Uint8Array[] = [];
  let blocksLeft = FREE_BLOCKS + stream.avail_in / BYTES_A_BLOCK;
  for (let status = zlib.Z_OK; status !== zlib.Z_STREAM_END;) {
    if (stream.avail_out === 0) chunks.push(addChunk(stream, chunkBytes));
    status = inflate(stream, zlib.Z_BLOCK);
    if (stream.total_out > limitBytes) throw new WireError('too-large', `inflates past ${limitBytes} bytes`);
    if (status !== zlib.Z_OK && status !== zlib.Z_STREAM_END) {
      throw new WireError('malformed', stream.msg || 'the zlib stream ends too early');
    }
    if (stream.avail_out > 0 && --blocksLeft < 0) {
      throw new WireError('too-large', 'more blocks than a compressor writes');
    }
  }
  return chunks;
}

function addChunk(stream: ZStream, size: number): Uint8Array {
  stream.output = new Uint8Array(size);
  stream.next_out = 0;
  stream.avail_out = size;
  return stream.output;
}

/** The output as one: without a copy when it is one chunk. */
function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!.subarray(0, size);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk.subarray(0, size - at), at);
    at += chunk.length;
  }
  return whole;
}
