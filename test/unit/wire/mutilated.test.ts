import { expect, test } from 'vitest';
import { decodeFrame, WireError } from '../../../src/wire/index.ts';
import type { Direction } from '../../../src/wire/index.ts';
import { bytesOf, vectors } from './vectors.ts';

/** The outcome of decoding: a frame, a WireError, or another error, which is a fault. */
function outcome(bytes: Uint8Array, direction: Direction): 'frame' | 'refused' {
  try {
    decodeFrame(bytes, direction);
    return 'frame';
  } catch (error) {
    if (error instanceof WireError) return 'refused';
    throw new Error(`${direction} ${Buffer.from(bytes).toString('hex')}`, { cause: error });
  }
}

test('a vector cut off anywhere is a frame or a WireError', () => {
  const counts = { frame: 0, refused: 0 };
  for (const { hex, direction } of vectors) {
    const bytes = bytesOf(hex);
    for (let length = 0; length < bytes.length; length++) counts[outcome(bytes.subarray(0, length), direction)]++;
  }
  // Only a cut between two of the four fields of the frame leaves a frame.
  expect(counts.frame).toBeLessThanOrEqual(4 * vectors.length);
  expect(counts.refused).toBeGreaterThan(5000);
});

// 100,000 frames: more than five seconds on a busy machine.
test('a vector with any bit flipped, or any byte, is a frame or a WireError', { timeout: 30_000 }, () => {
  const flips = [1, 2, 4, 8, 16, 32, 64, 128, 255];
  const counts = { frame: 0, refused: 0 };
  for (const { hex, direction } of vectors) {
    const bytes = bytesOf(hex);
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of flips) {
        bytes[at]! ^= flip;
        counts[outcome(bytes, direction)]++;
        bytes[at]! ^= flip;
      }
    }
  }
  expect(counts.frame).toBeGreaterThan(0);
  expect(counts.refused).toBeGreaterThan(0);
});

test('a vector sent the wrong way is a frame or a WireError', () => {
  for (const { hex, direction } of vectors) outcome(bytesOf(hex), direction === 'up' ? 'down' : 'up');
});
