import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeFrame, MAX_FRAME_BYTES, WireError } from '../../../src/wire/index.ts';
import { bytesField, concat, message, page, rawFrame, varintField } from './vectors.ts';

const UNREAD = 0;
const SYNC = 1;
const MB = 1024 * 1024;

const zipped = (command: number, payload: Uint8Array): Uint8Array =>
  rawFrame(command, deflateSync(payload, { level: 9 }), varintField(2, 1));

const repeated = (part: Uint8Array, bytes: number): Uint8Array =>
  new Uint8Array(Buffer.alloc(Math.floor(bytes / part.length) * part.length, part));

/** What became of a frame, and the milliseconds of this process: other processes do not count, and of three the best. */
function timed(bytes: Uint8Array): { outcome: string; ms: number } {
  let outcome = 'frame';
  const times = [1, 2, 3].map(() => {
    const start = process.cpuUsage();
    try {
      decodeFrame(bytes, 'down');
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      outcome = error.reason;
    }
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return { outcome, ms: Math.min(...times) };
}

describe('a frame that costs more than its bytes', () => {
  const header = Uint8Array.of(0x78, 0x9c);
  const EMPTY_STORED = Uint8Array.of(0, 0, 0, 0xff, 0xff);
  const damaged = bytesField(2, Uint8Array.of(0xff, 0xff, 0xff));

  test.each<[string, Uint8Array]>([
    ['16 KB of damaged items', zipped(SYNC, repeated(damaged, 16 * MB))],
    ['16 KB of empty items', zipped(SYNC, repeated(bytesField(2), 16 * MB))],
    ['64 KB of empty items', zipped(SYNC, repeated(bytesField(2), 63 * MB))],
    ['500 KB of empty blocks', rawFrame(SYNC, concat(header, repeated(EMPTY_STORED, 500_000)), varintField(2, 1))],
    ['zeros without an end', zipped(SYNC, new Uint8Array(300 * MB))],
    ['an unread list of nothing', zipped(UNREAD, repeated(bytesField(2), 16 * MB))],
    ['a status that is sent again and again', zipped(SYNC, repeated(bytesField(1), 16 * MB))],
    ['tags of a frame', repeated(bytesField(8), 15 * MB)],
    [
      'an item with an operation that is sent again and again',
      zipped(SYNC, bytesField(2, varintField(5, 1), bytesField(6, repeated(bytesField(6), 15 * MB)))),
    ],
    [
      'a group notice to millions',
      zipped(SYNC, bytesField(2, varintField(5, 2), bytesField(6, repeated(bytesField(4), 15 * MB)))),
    ],
    [
      'bytes that are no text',
      rawFrame(SYNC, bytesField(2, varintField(5, 1), bytesField(6, bytesField(4, new Uint8Array(MB).fill(0xf0))))),
    ],
  ])('%s', (_, bytes) => {
    const before = process.memoryUsage().arrayBuffers;
    // What it unpacks to counts, too, and that is at most 32 MB.
    expect(timed(bytes).ms).toBeLessThan(400);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(12 * MAX_FRAME_BYTES);
  });
});

describe('a page with a part that is too large', () => {
  const large = message(7, 'x'.repeat(17_000_000));
  const rest = concat(bytesField(2, message(8, 'small')), varintField(3, 42), bytesField(4, varintField(1, 5)));

  test.each([
    ['plain', (payload: Uint8Array) => rawFrame(SYNC, payload)],
    ['compressed', (payload: Uint8Array) => zipped(SYNC, payload)],
  ])('loses that item only, %s', (_, frameWith) => {
    const { payload, skipped } = page(frameWith(concat(bytesField(2, large), rest)));
    expect(payload.metas!.map(({ id }) => id)).toEqual(['8']);
    expect([payload.next_key, payload.xid?.uid]).toEqual(['42', '5']);
    expect(skipped).toEqual([{ id: '7', ns: 1, reason: expect.stringContaining('too-large') as string }]);
  });

  test('keeps items that are large only together', () => {
    const half = 'y'.repeat(9_000_000);
    const { payload, skipped } = page(
      rawFrame(SYNC, concat(bytesField(2, message(1, half)), bytesField(2, message(2, half)), rest)),
    );
    expect(payload.metas!.map(({ id }) => id)).toEqual(['1', '2', '8']);
    expect(skipped).toBeUndefined();
  });

  test('keeps the first items of very many, and lists what it skipped shortly', () => {
    const items = Array.from({ length: 12_000 }, (_, i) =>
      bytesField(2, i % 2 ? message(i, 'ok') : Uint8Array.of(0xff)),
    );
    const { payload, skipped } = page(rawFrame(SYNC, concat(...items, varintField(3, 42))));
    expect(payload.metas!.length).toBe(5000);
    expect(payload.next_key).toBe('42');
    expect(skipped!.length).toBe(101);
    expect(skipped!.at(-1)!.reason).toBe('6900 more items');
  });
});
