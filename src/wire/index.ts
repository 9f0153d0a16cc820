/** `flooim/wire`: XSYNC frames as bytes and as fields, for servers, tools and tests. */
import { deflate } from 'pako/lib/deflate.js';
import type { Direction, DownFrame, UpFrame } from './frame-types.ts';
import { encodeFrame as encode } from './encode-frame.ts';

export { MAX_FRAME_BYTES } from './codec.ts';
export { decodeFrame } from './decode-frame.ts';
export * from './frame-types.ts';
export * from './enums.ts';
export type * from './message-types.ts';
export { WireError } from './wire-error.ts';
export type { WireErrorReason } from './wire-error.ts';

/**
 * Encodes one frame of a client. The payload is compressed when `compress_method` is 1.
 *
 * @param frame - the frame
 * @param direction - who sends it
 * @throws WireError when a 64-bit field is no decimal uint64, or the command is unknown
 */
export function encodeFrame(frame: UpFrame, direction: 'up'): Uint8Array;
/**
 * Encodes one frame of the server. The payload is compressed when `compress_method` is 1.
 *
 * @param frame - the frame
 * @param direction - who sends it
 * @throws WireError when a 64-bit field is no decimal uint64, or the command is unknown
 */
export function encodeFrame(frame: DownFrame, direction: 'down'): Uint8Array;
export function encodeFrame(frame: UpFrame | DownFrame, direction: Direction): Uint8Array {
  return encode(frame, direction, deflate);
}
