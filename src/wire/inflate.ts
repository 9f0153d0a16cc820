import { WireError } from './wire-error.ts';

/** Codes of up to this many bits are looked up at once; longer ones are rare and read bit by bit. */
const FAST_BITS = 9;
const MAX_CODE_BITS = 15;
const END_OF_BLOCK = 256;
/** From here on, the calls of typed arrays copy faster than a loop. */
const NATIVE_COPY_BYTES = 48;
const LARGE_BYTES = 8 * 1024 * 1024;

/**
 * A compressor fills a block with some kilobytes, or ends one at each flush. A stream of blocks that hold nothing costs the
 * time to read their tables, so there may be these many, and one more for each of the bytes below.
 */
const FREE_BLOCKS = 1000;
const BYTES_A_BLOCK = 64;

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
/** The order in which a block names the lengths of the codes for code lengths. */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** The codes of one alphabet. */
interface Codes {
  /** By the next {@link FAST_BITS} bits: the symbol times 16, and the length of its code. 0: the code is longer, or none. */
  fast: Uint16Array;
  /** How many codes have each length. */
  counts: Uint16Array;
  /** The symbols in the order of their codes. */
  symbols: Uint16Array;
}

/** @param lengths - the length of each symbol's code; 0 when it has none */
function makeCodes(lengths: Uint8Array): Codes {
  const counts = new Uint16Array(MAX_CODE_BITS + 1);
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  const starts = new Uint16Array(MAX_CODE_BITS + 2);
  const codes = new Uint16Array(MAX_CODE_BITS + 2);
  let room = 1;
  for (let bits = 1; bits <= MAX_CODE_BITS; bits++) {
    room = room * 2 - counts[bits]!;
    if (room < 0) throw malformed('more codes than bits');
    starts[bits + 1] = starts[bits]! + counts[bits]!;
    codes[bits + 1] = (codes[bits]! + counts[bits]!) << 1;
  }
  const symbols = new Uint16Array(lengths.length);
  const fast = new Uint16Array(1 << FAST_BITS);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const bits = lengths[symbol]!;
    if (bits === 0) continue;
    symbols[starts[bits]!++] = symbol;
    const code = codes[bits]!++;
    if (bits > FAST_BITS) continue;
    for (let at = reversed(code, bits); at < fast.length; at += 1 << bits) fast[at] = symbol * 16 + bits;
  }
  return { fast, counts, symbols };
}

/** Codes come with their first bit first, numbers with their last. */
function reversed(code: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit++) result |= ((code >> bit) & 1) << (bits - 1 - bit);
  return result;
}

const FIXED_LITERALS = makeCodes(
  Uint8Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)),
);
const FIXED_DISTANCES = makeCodes(new Uint8Array(30).fill(5));

/**
 * Inflates one deflate stream (RFC 1951).
 *
 * Packages build tables of 64 KB for each block, so that a stream of empty blocks costs seconds, and none counts blocks.
 */
export class Inflater {
  private readonly bytes: Uint8Array;
  private readonly limit: number;
  private at: number;
  private held = 0;
  private bits = 0;
  private out: Uint8Array;
  private size = 0;

  /**
   * @param from - where the stream begins
   * @param limit - the most bytes of output
   */
  constructor(bytes: Uint8Array, from: number, limit: number) {
    this.bytes = bytes;
    this.at = from;
    this.limit = limit;
    this.out = new Uint8Array(Math.min(limit, bytes.length * 4 + 64));
  }

  /**
   * @returns the output, and where the stream ends
   * @throws {WireError} `too-large` as soon as the output passes the limit; `malformed` when it is no whole stream
   */
  run(): { output: Uint8Array; end: number } {
    let blocksLeft = FREE_BLOCKS + this.bytes.length / BYTES_A_BLOCK;
    for (let isLast = 0; !isLast;) {
      if (--blocksLeft < 0) throw new WireError('too-large', 'more blocks than a compressor writes');
      isLast = this.take(1);
      const type = this.take(2);
      if (type === 0) this.copyStored();
      else if (type === 1) this.readBlock(FIXED_LITERALS, FIXED_DISTANCES);
      else if (type === 2) this.readTables();
      else throw malformed('unknown block type');
    }
    return { output: this.out.subarray(0, this.size), end: this.at - (this.bits >> 3) };
  }

  /** The next bits as a number. */
  private take(count: number): number {
    while (this.bits < count) {
      if (this.at >= this.bytes.length) throw malformed('the stream ends too early');
      this.held |= this.bytes[this.at++]! << this.bits;
      this.bits += 8;
    }
    const value = this.held & ((1 << count) - 1);
    this.held >>>= count;
    this.bits -= count;
    return value;
  }

  private copyStored(): void {
    this.at -= this.bits >> 3;
    this.held = this.bits = 0;
    const length = this.take(16);
    if ((this.take(16) ^ 0xffff) !== length) throw malformed('wrong length of a stored block');
    if (this.at + length > this.bytes.length) throw malformed('the stream ends too early');
    this.makeRoom(length);
    this.out.set(this.bytes.subarray(this.at, this.at + length), this.size);
    this.at += length;
    this.size += length;
  }

  private readTables(): void {
    const literals = this.take(5) + 257;
    const distances = this.take(5) + 1;
    const named = this.take(4) + 4;
    const orderLengths = new Uint8Array(LENGTH_ORDER.length);
    for (let i = 0; i < named; i++) orderLengths[LENGTH_ORDER[i]!] = this.take(3);
    const order = makeCodes(orderLengths);
    const lengths = new Uint8Array(literals + distances);
    for (let at = 0; at < lengths.length;) {
      const symbol = this.symbol(order);
      if (symbol < 16) {
        lengths[at++] = symbol;
        continue;
      }
      if (symbol === 16 && at === 0) throw malformed('no length to repeat');
      const repeated = symbol === 16 ? lengths[at - 1]! : 0;
      const times = symbol === 16 ? 3 + this.take(2) : symbol === 17 ? 3 + this.take(3) : 11 + this.take(7);
      if (at + times > lengths.length) throw malformed('too many lengths');
      lengths.fill(repeated, at, (at += times));
    }
    this.readBlock(makeCodes(lengths.subarray(0, literals)), makeCodes(lengths.subarray(literals)));
  }

  private readBlock(literals: Codes, distances: Codes): void {
    for (;;) {
      const symbol = this.symbol(literals);
      if (symbol < END_OF_BLOCK) {
        if (this.size === this.out.length) this.makeRoom(1);
        this.out[this.size++] = symbol;
      } else if (symbol === END_OF_BLOCK) return;
      else this.copyMatch(symbol - END_OF_BLOCK - 1, distances);
    }
  }

  private copyMatch(lengthCode: number, distances: Codes): void {
    const lengthBase = LENGTH_BASE[lengthCode];
    if (lengthBase === undefined) throw malformed('unknown length');
    const length = lengthBase + this.take(LENGTH_EXTRA[lengthCode]!);
    const distanceCode = this.symbol(distances);
    const distanceBase = DISTANCE_BASE[distanceCode];
    if (distanceBase === undefined) throw malformed('unknown distance');
    const distance = distanceBase + this.take(DISTANCE_EXTRA[distanceCode]!);
    if (distance > this.size) throw malformed('a match before the beginning');
    this.makeRoom(length);
    const { out, size } = this;
    this.size += length;
    if (distance === 1 && length > NATIVE_COPY_BYTES) out.fill(out[size - 1]!, size, this.size);
    else if (distance >= length && length > NATIVE_COPY_BYTES)
      out.copyWithin(size, size - distance, size - distance + length);
    else for (let to = size; to < this.size; to++) out[to] = out[to - distance]!;
  }

  /** The symbol of the next code. */
  private symbol({ fast, counts, symbols }: Codes): number {
    while (this.bits < MAX_CODE_BITS && this.at < this.bytes.length) {
      this.held |= this.bytes[this.at++]! << this.bits;
      this.bits += 8;
    }
    const found = fast[this.held & ((1 << FAST_BITS) - 1)]!;
    if (found) {
      this.drop(found & 15);
      return found >> 4;
    }
    let code = 0;
    let first = 0;
    let index = 0;
    for (let bits = 1; bits <= MAX_CODE_BITS; bits++) {
      code |= (this.held >>> (bits - 1)) & 1;
      const count = counts[bits]!;
      if (code - first < count) {
        this.drop(bits);
        return symbols[index + code - first]!;
      }
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw malformed('unknown code');
  }

  private drop(bits: number): void {
    if (bits > this.bits) throw malformed('the stream ends too early');
    this.held >>>= bits;
    this.bits -= bits;
  }

  private makeRoom(more: number): void {
    const needed = this.size + more;
    if (needed > this.limit) throw new WireError('too-large', `inflates past ${this.limit} bytes`);
    if (needed <= this.out.length) return;
    // A large output gets all its room at once: the copies in between would be garbage of the same size.
    const wanted = needed > LARGE_BYTES ? this.limit : Math.max(needed, this.out.length * 2);
    const larger = new Uint8Array(Math.min(this.limit, wanted));
    larger.set(this.out);
    this.out = larger;
  }
}

const malformed = (detail: string): WireError => new WireError('malformed', detail);
