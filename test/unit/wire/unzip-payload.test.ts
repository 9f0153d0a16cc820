import { constants, deflateRawSync, deflateSync, gzipSync, inflateSync } from 'node:zlib';
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

  test.each([
    ['bytes behind it', Buffer.concat([deflateSync('text'), Uint8Array.of(0)])],
    ['a second stream behind it', Buffer.concat([deflateSync('text'), deflateSync('text')])],
    ['a preset dictionary', deflateSync('text', { dictionary: Buffer.from('text') })],
    ['the wrapping of gzip', gzipSync('text')],
    ['no wrapping', deflateRawSync('text')],
  ])('refuses a stream with %s', (_, stream) => {
    expect(outcome(stream)).toBe('malformed');
  });

  test.each([
    ['fixed', bits(0, 1) + bits(1, 2) + '0000000'],
    ['stored', bits(0, 8) + bits(0, 16) + bits(0xffff, 16)],
    ['dynamic, with the longest codes', emptyDynamicBlock()],
  ])('refuses 500 KB of empty blocks soon: %s', (_, block) => {
    const part = bytesOf(block.repeat(8));
    const stream = Buffer.concat([Uint8Array.of(0x78, 0x9c), Buffer.alloc(500_000, part)]);
    const times = [1, 2, 3].map(() => {
      const start = process.cpuUsage();
      expect(outcome(stream)).toBe('too-large');
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    });
    expect(Math.min(...times)).toBeLessThan(300);
  });

  test('reads as many blocks as a compressor writes that flushes often', () => {
    const stored = bytesOf(bits(0, 8) + bits(1, 16) + bits(0xfffe, 16) + bits(65, 8));
    const whole = Buffer.from('A'.repeat(900));
    const end = deflateSync(whole).subarray(-4);
    const stream = Buffer.concat([Uint8Array.of(0x78, 0x9c), Buffer.alloc(900 * 6, stored), Uint8Array.of(3, 0), end]);
    expect(Buffer.compare(unzipPayload(stream, 900), whole)).toBe(0);
    expect(outcome(stream, 899)).toBe('too-large');
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

function outcome(stream: Uint8Array, limit = 1 << 20): string {
  try {
    unzipPayload(stream, limit);
    return 'inflated';
  } catch (error) {
    if (error instanceof WireError) return error.reason;
    throw error;
  }
}

/** A number as deflate writes it: its last bit first. */
function bits(value: number, count: number): string {
  return Array.from({ length: count }, (_, bit) => (value >> bit) & 1).join('');
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text.match(/.{8}/g) ?? [], (byte) => parseInt(Array.from(byte).reverse().join(''), 2));
}

/** 15 literals and the end of the block have codes of 1 to 15 bits, so that the tables for reading them are large. */
function emptyDynamicBlock(): string {
  const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
  // The lengths 1 to 15, and "zeros", get codes of four bits, which count upwards.
  const codes = order.map((length) => bits([0, 16, 17].includes(length) ? 0 : 4, 3)).join('');
  const code = (length: number): string => (length - 1).toString(2).padStart(4, '0');
  const zeros = (count: number): string => code(16) + bits(count - 11, 7);
  const literals = Array.from({ length: 15 }, (_, symbol) => code(symbol + 1)).join('');
  const lengths = literals + zeros(138) + zeros(256 - 15 - 138) + code(15) + code(1);
  return bits(0, 1) + bits(2, 2) + bits(0, 5) + bits(0, 5) + bits(15, 4) + codes + lengths + '1'.repeat(15);
}
