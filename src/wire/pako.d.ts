/** The parts of pako that the wire uses. The package has no types of its own. */
declare module 'pako/lib/deflate.js' {
  /** @returns a zlib stream */
  export function deflate(bytes: Uint8Array): Uint8Array;
}

declare module 'pako/lib/zlib/zstream.js' {
  /** The place of a stream: the next byte of its input, and the next free byte of its output. */
  class ZStream {
    input: Uint8Array;
    next_in: number;
    avail_in: number;
    output: Uint8Array;
    next_out: number;
    avail_out: number;
    total_out: number;
    msg: string;
  }

  export { ZStream as default };
}

declare module 'pako/lib/zlib/inflate.js' {
  import type ZStream from 'pako/lib/zlib/zstream.js';

  export function inflateInit2(stream: ZStream, windowBits: number): number;
  /** Goes on as `flush` says. @returns one of the constants */
  export function inflate(stream: ZStream, flush: number): number;
}

declare module 'pako/lib/zlib/constants.js' {
  const constants: Readonly<Record<'Z_BLOCK' | 'Z_OK' | 'Z_STREAM_END', number>>;
  export { constants as default };
}
