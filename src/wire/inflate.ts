import { WireError } from './wire-error.ts';

/** A canonical Huffman code: how many codes there are of each length, and the symbols in the order of their codes. */
interface Huffman {
  counts: number[];
  symbols: number[];
}

const MAX_BITS = 15;
/** Code lengths come in this order, those seldom used last (RFC 1951, 3.2.7). */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const FIRST_BYTES = 4096;

/**
 * Inflate a zlib stream (RFC 1950 and 1951). It stops at the limit, so a small frame cannot fill the memory.
 *
 * Symbols are decoded bit by bit: small code, and compressed frames are rare.
 *
 * @throws {WireError} `too-large`, or `malformed` for what is no whole zlib stream.
 */
export function inflate(bytes: Uint8Array, limitBytes: number): Uint8Array {
  // Writers that write every field write an empty payload so, too.
  if (bytes.length === 0) return bytes;
  let at = 2;
  let bitBuffer = 0;
  let bitCount = 0;
  let out = new Uint8Array(FIRST_BYTES);
  let size = 0;

  function byte(): number {
    if (at >= bytes.length) fail();
    return bytes[at++]!;
  }

  function bits(count: number): number {
    while (bitCount < count) {
      bitBuffer |= byte() << bitCount;
      bitCount += 8;
    }
    const value = bitBuffer & ((1 << count) - 1);
    bitBuffer >>>= count;
    bitCount -= count;
    return value;
  }

  function symbol({ counts, symbols }: Huffman): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= MAX_BITS; length++) {
      code |= bits(1);
      const count = counts[length]!;
      if (code - count < first) return symbols[index + code - first]!;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return fail();
  }

  function put(value: number): void {
    if (size === limitBytes) throw new WireError('too-large', `inflates past ${limitBytes} bytes`);
    if (size === out.length) {
      const grown = new Uint8Array(size * 2);
      grown.set(out);
      out = grown;
    }
    out[size++] = value;
  }

  function stored(): void {
    bitBuffer = bitCount = 0;
    const length = bits(16);
    if ((bits(16) ^ length) !== 0xffff) fail();
    for (let i = 0; i < length; i++) put(byte());
  }

  function compressed(literals: Huffman, distances: Huffman): void {
    for (;;) {
      const literal = symbol(literals);
      if (literal < 256) put(literal);
      else if (literal === 256) return;
      else {
        const length = literal === 285 ? 258 : extended(literal - 257, 2, 3);
        const code = symbol(distances);
        const distance = extended(code, 1, 1);
        if (literal > 285 || code > 29 || distance > size) fail();
        for (let i = 0; i < length; i++) put(out[size - distance]!);
      }
    }
  }

  /** Lengths and distances grow by powers: 2^group of them share one number of extra bits. */
  function extended(code: number, group: number, base: number): number {
    const extra = Math.max(0, (code >> group) - 1);
    return ((code - (extra << group)) << extra) + base + bits(extra);
  }

  function dynamic(): void {
    const literalCount = bits(5) + 257;
    const total = literalCount + bits(5) + 1;
    const codeLengths = new Array<number>(19).fill(0);
    for (let i = 0, count = bits(4) + 4; i < count; i++) codeLengths[LENGTH_ORDER[i]!] = bits(3);
    const lengthCode = huffman(codeLengths);
    const lengths: number[] = [];
    while (lengths.length < total) {
      const length = symbol(lengthCode);
      if (length < 16) lengths.push(length);
      else {
        const repeated = length === 16 ? (lengths[lengths.length - 1] ?? fail()) : 0;
        let times = length === 16 ? 3 + bits(2) : length === 17 ? 3 + bits(3) : 11 + bits(7);
        while (times-- > 0) lengths.push(repeated);
      }
    }
    if (lengths.length > total) fail();
    compressed(huffman(lengths.slice(0, literalCount)), huffman(lengths.slice(literalCount)));
  }

  const header = (bytes[0]! << 8) | bytes[1]!;
  // Deflate, no preset dictionary, and a multiple of 31.
  if ((header & 0x0f20) !== 0x0800 || header % 31 !== 0) fail();
  let last: number;
  do {
    last = bits(1);
    const type = bits(2);
    if (type === 0) stored();
    else if (type === 1) compressed(fixedLiterals(), huffman(new Array<number>(30).fill(5)));
    else if (type === 2) dynamic();
    else fail();
  } while (!last);
  const checksum = ((byte() << 24) | (byte() << 16) | (byte() << 8) | byte()) >>> 0;
  const inflated = out.subarray(0, size);
  if (checksum !== adler32(inflated)) fail();
  return inflated;
}

function fail(): never {
  throw new WireError('malformed', 'no whole zlib stream');
}

function huffman(lengths: readonly number[]): Huffman {
  const counts = new Array<number>(MAX_BITS + 1).fill(0);
  for (const length of lengths) counts[length]!++;
  const symbols = lengths
    .map((_, symbol) => symbol)
    .filter((symbol) => lengths[symbol])
    .sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  return { counts, symbols };
}

const fixedLiterals = (): Huffman =>
  huffman(Array.from({ length: 288 }, (_, value) => (value < 144 ? 8 : value < 256 ? 9 : value < 280 ? 7 : 8)));

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const value of bytes) {
    a = (a + value) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}
