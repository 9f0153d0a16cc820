import { constants, deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame as encodePlainFrame } from '../../../src/wire/encode-frame.ts';
import { encodeFrame, MAX_FRAME_BYTES, WireError } from '../../../src/wire/index.ts';
import type { DownFrame } from '../../../src/wire/index.ts';
import { unzipPayload } from '../../../src/wire/unzip-payload.ts';
import { typeOf } from './reflection.ts';
import type { Decoded } from './reflection.ts';
import { bytesField, frameOf, message, page, plain, rawFrame, refusal, varintField, vectorOf } from './vectors.ts';

const SYNC = 1;
const encode = (frame: object): Uint8Array => encodeFrame(frame as DownFrame, 'down');

describe('a compressed frame', () => {
  const { frame } = vectorOf('sync page, text both ways, more to come');
  const payload = (compressed: Uint8Array): Uint8Array => rawFrame(SYNC, compressed, varintField(2, 1));
  const compressed = deflateSync(bytesField(8, new Uint8Array(0)));

  test('of Node zlib is read, at every level', () => {
    const raw = typeOf('Frame').decode(encode(frame)) as Decoded<{ payload: Uint8Array }>;
    for (const level of [0, 1, 6, 9]) {
      expect(plain(page(payload(deflateSync(raw.payload, { level }))).payload)).toEqual(
        frameOf({ frame } as never).payload,
      );
    }
  });

  test('that we wrote is read by Node zlib', () => {
    const raw = typeOf('Frame').decode(encode({ ...frame, compress_method: 1 })) as Decoded<{ payload: Uint8Array }>;
    const { metas } = typeOf('SyncDL').decode(inflateSync(raw.payload)) as Decoded<{ metas: unknown[] }>;
    expect(metas.length).toBe(2);
  });

  test('that ends before its stream does is malformed, wherever it ends', () => {
    const text = bytesField(2, message(1, Array.from({ length: 300 }, (_, i) => i * i).join()));
    const whole = deflateSync(text);
    expect(page(payload(whole)).payload.metas?.length).toBe(1);
    for (let length = 1; length < whole.length; length++)
      expect([length, refusal(payload(whole.subarray(0, length)))]).toEqual([length, 'malformed']);
  });

  test('of any length is read whole, and refused when it is cut off', () => {
    // Around the length that one step of our inflating takes.
    for (let size = 4070; size <= 4110; size++) {
      const whole = deflateSync(
        bytesField(
          99,
          new Uint8Array(size).map((_, i) => i * i),
        ),
        { level: 0 },
      );
      expect(page(payload(whole)).payload).toEqual({ metas: [] });
      for (const cut of [1, 4, 5, 8, 12]) expect(refusal(payload(whole.subarray(0, -cut)))).toBe('malformed');
    }
    expect(page(payload(new Uint8Array(0))).payload).toEqual({ metas: [] });
  });

  test('with a bit flipped is malformed by its checksum', () => {
    const whole = deflateSync(
      bytesField(
        99,
        new Uint8Array(500).map((_, i) => i * i),
      ),
      { level: 0 },
    );
    for (let at = 12; at < whole.length; at++) {
      const flipped = Uint8Array.from(whole);
      flipped[at]! ^= 16;
      expect(refusal(payload(flipped))).toBe('malformed');
    }
  });

  test('that is not a zlib stream is malformed', () => {
    expect(refusal(payload(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8])))).toBe('malformed');
    expect(refusal(payload(compressed.subarray(2)))).toBe('malformed');
  });

  test('that inflates past the limit is refused before it is inflated whole', () => {
    const bomb = deflateSync(new Uint8Array(20 * MAX_FRAME_BYTES));
    expect(bomb.length).toBeLessThan(400_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(refusal(payload(bomb))).toBe('too-large');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(6 * MAX_FRAME_BYTES);
  });

  test('is not written without a deflate function', () => {
    expect(() => encodePlainFrame({ ...frame, compress_method: 1 } as DownFrame, 'down')).toThrow(WireError);
  });
});

describe('unzipPayload', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 4000 }),
    // Much to refer back to.
    fc.array(fc.constantFrom(1, 2, 3, 250), { maxLength: 20000 }).map((list) => Uint8Array.from(list)),
    fc
      .array(fc.constantFrom('hello ', '你好', '{"a":1}'), { maxLength: 3000 })
      .map((list) => Buffer.from(list.join(''))),
  );
  const strategies = [constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE];

  test('inflates the output of zlib, at every level and strategy', () => {
    fc.assert(
      fc.property(bytes, fc.nat(9), fc.constantFrom(...strategies), (data, level, strategy) => {
        const inflated = unzipPayload(deflateSync(data, { level, strategy }), 1 << 20);
        return Buffer.compare(inflated, data) === 0;
      }),
    );
  });

  test('reads a stream with a flipped bit whole or not at all', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.nat(7), (data, at, bit) => {
        const stream = deflateSync(data);
        const index = at % stream.length;
        stream[index] = stream[index]! ^ (1 << bit);
        try {
          return Buffer.compare(unzipPayload(stream, 1 << 20), data) === 0;
        } catch (error) {
          return error instanceof WireError;
        }
      }),
    );
  });
});
