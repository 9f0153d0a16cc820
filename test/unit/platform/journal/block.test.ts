import { expect, test } from 'vitest';
import {
  blockText,
  charactersOf,
  divide,
  indexIn,
  lineOf,
  parseBlock,
  valueOf,
} from '../../../../src/platform/journal/block.ts';
import type { Block } from '../../../../src/platform/journal/block.ts';
import { encode } from '../../../../src/platform/journal/record.ts';
import { fc } from '../../../support/property.ts';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '"', '中', '\0', '\ud83d'), minLength: 1, maxLength: 8 });
const value = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array(), fc.constant(null), fc.nat());
const records = fc
  .uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, minLength: 1, maxLength: 30 })
  .map((list) => list.sort(([a], [b]) => (a < b ? -1 : 1)));

const readUtf8 = (text: string): string => Buffer.from(text).toString();

test('records come back from the text of their block, also through UTF-8', () => {
  fc.assert(
    fc.property(records, (list) => {
      const block = parseBlock(readUtf8(blockText(list.map(([name, stored]) => lineOf(name, encode(stored))))))!;
      expect(block.map((line) => [line.key, valueOf(line)])).toEqual(list);
      for (const [index, [name]] of list.entries()) expect(indexIn(block, name)).toBe(index);
    }),
  );
});

test('a text that broke off has all keys or none, and whole records only', () => {
  const list = ['a', 'b', 'c'].map((name) => [name, name.repeat(20)] as const);
  const text = blockText(list.map(([name, stored]) => lineOf(name, encode(stored))));
  for (let end = 0; end < text.length; end++) {
    const block = parseBlock(text.slice(0, end));
    if (!block) continue;
    expect(block.map((line) => line.key)).toEqual(['a', 'b', 'c']);
    for (const [index, line] of block.entries()) expect([list[index]![1], null]).toContain(valueOf(line));
    expect(valueOf(block[2]!)).toBeNull();
  }
  expect(parseBlock(text.slice(0, -1))).toBeDefined();
  expect(parseBlock('')).toBeUndefined();
});

test('records are divided in their order, into blocks that are neither large nor small', () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 3000 })), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(sizes, (list) => {
      const lines: Block = list.map((size, index) => ({ key: String(index), line: 'x'.repeat(size) }));
      const blocks = divide(lines, 1000);
      expect(blocks.flat()).toEqual(lines);
      for (const block of blocks) expect(block.length === 1 || charactersOf(block) <= 1000).toBe(true);
      // Two neighbours are more than a block, unless a large record stands between others.
      for (const [index, block] of blocks.slice(1).entries()) {
        if (list.every((size) => size <= 250)) expect(charactersOf(block)).toBeGreaterThan(0.24 * 1000);
        expect(charactersOf(blocks[index]!) + charactersOf(block)).toBeGreaterThan(750);
      }
    }),
  );
});
