import fc from 'fast-check';
import Long from 'long';
import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame, WireError } from '../../../src/wire/index.ts';
import { toId, toLong } from '../../../src/wire/codec.ts';
import { reflect } from './reflection.ts';

// prettier-ignore
const EDGES = [
  '0', '1', '127', '128', '4294967295', '4294967296', '9007199254740991', '9007199254740992', '9007199254740993',
  '9223372036854775807', '9223372036854775808', '9999999999999999999', '10000000000000000000', '18446744073709551615',
];

const half = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(0, 1, 0x1fffff, 0x200000, 0x80000000, 0xffffffff),
);

describe('a uint64', () => {
  test.each(EDGES)('%s is written and read, and reflection reads the same', (key) => {
    const bytes = encodeFrame({ command: 1, payload: { key } }, 'up');
    expect(decodeFrame(bytes, 'up').payload).toEqual({ key });
    expect(reflect(bytes, 'up').payload).toEqual({ key });
  });

  test('reads as the decimal text of its 64 bits', () => {
    fc.assert(
      fc.property(half, half, (low, high) => {
        const expected = (BigInt(high) * 2n ** 32n + BigInt(low)).toString();
        expect(toId(Long.fromBits(low, high, true))).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('is parsed from decimal text, exactly', () => {
    const text = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String), fc.constantFrom(...EDGES));
    fc.assert(
      fc.property(text, (decimal) => {
        const { low, high, unsigned } = toLong(decimal);
        expect((BigInt(high >>> 0) * 2n ** 32n + BigInt(low >>> 0)).toString()).toBe(decimal);
        expect(unsigned).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('may have leading zeros', () => {
    expect(toId(toLong('00000000000000000007'))).toBe('7');
    expect(toId(toLong('09223372036854775808'))).toBe('9223372036854775808');
  });

  test.each([
    '18446744073709551616',
    '99999999999999999999',
    '100000000000000000000',
    '-1',
    '1e3',
    '',
    ' 1',
    '1\n',
    '+1',
    '0x10',
    '1.0',
    'abc',
    '１',
  ])('%j is refused', (key) => {
    expect(() => toLong(key)).toThrow(WireError);
    expect(() => encodeFrame({ command: 1, payload: { key } }, 'up')).toThrow(WireError);
    expect(() => encodeFrame({ command: 1, payload: { meta: { ns: 1, id: key } } }, 'up')).toThrow(WireError);
  });

  test('of ten bytes keeps its 64 bits, and of eleven is malformed', () => {
    const frame = (varint: string): Uint8Array =>
      new Uint8Array(
        Buffer.from(`08001000180122${(varint.length / 2 + 1).toString(16).padStart(2, '0')}10${varint}`, 'hex'),
      );
    expect(decodeFrame(frame('ffffffffffffffffff01'), 'up').payload).toEqual({ key: '18446744073709551615' });
    expect(decodeFrame(frame('ffffffffffffffffff7f'), 'up').payload).toEqual({ key: '18446744073709551615' });
    expect(decodeFrame(frame('80808080808080808000'), 'up').payload).toEqual({ key: '0' });
    expect(() => decodeFrame(frame('ffffffffffffffffffff01'), 'up')).toThrow(WireError);
  });
});
