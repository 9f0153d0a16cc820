import { expect, test } from 'vitest';
import { decode, encode, frame, unframe } from '../../../../src/platform/journal/record.ts';
import { fc } from '../../../support/property.ts';

const leaf = fc.oneof(
  fc.string({ unit: fc.constantFrom('\0', '\\', 'u', '0', 'a', '中', '😀', '\ud83d', '\n', '\u2028', '"') }),
  fc.uint8Array({ maxLength: 20 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
}));

test('a value is unchanged after a trip through UTF-8, bytes included', () => {
  fc.assert(
    fc.property(value, (before) => {
      const line = encode(before);
      expect(line).not.toContain('\n');
      expect(decode(Buffer.from(line).toString())).toEqual(before);
    }),
  );
});

test('bytes of any length and value become text that is a third longer', () => {
  for (const length of [0, 1, 2, 3, 4, 3071, 3072, 3073, 10_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 31 + (i >> 8));
    expect(decode(encode(bytes))).toEqual(bytes);
    expect(encode(bytes).length).toBeLessThan(length * 1.4 + 12);
  }
});

test('a line that is cut off or damaged anywhere is read whole or not at all', () => {
  const line = frame(12, encode(['p', 'key', '消息 😀 '.repeat(5)]));
  expect(line.startsWith('\n')).toBe(true);
  const whole = line.slice(1);
  expect(unframe(whole)).toEqual({ number: 12, json: encode(['p', 'key', '消息 😀 '.repeat(5)]) });
  const bytes = Buffer.from(whole);
  for (let end = 0; end < bytes.length; end++) {
    expect(unframe(bytes.subarray(0, end).toString())).toBeUndefined();
    const damaged = Buffer.from(bytes);
    damaged[end]! ^= 1;
    expect(unframe(damaged.toString())).toBeUndefined();
  }
});
