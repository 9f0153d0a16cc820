/**
 * A signature says of many texts together which terms cannot occur in them. It is a Bloom filter of their grams: the runs of
 * up to four characters within words. A term that occurs in a text has no gram that the text has not.
 *
 * A gram is a number: a hash of its characters, below its kind.
 */
type Gram = number;

const HASHES = 2 ** 18;

/**
 * From here on characters stand for syllables and words: kana, Han, Hangul, and the halves of emoji. Two of them say as much
 * as four letters do, so there are no longer grams with them.
 */
const WIDE = 0x2e80;

/** The kinds of grams. */
const KINDS = { one: 0, two: 1, twoWide: 2, three: 3, four: 4 } as const;

/**
 * The bits of a gram of each kind: with more of them a gram that does not occur is seldom taken for one that does. A signature
 * is half full, so each bit halves that. A term of one or two characters has one gram that counts; a long one has several.
 */
const BITS = [6, 5, 6, 4, 3] as const;

/** Bits of a signature for each bit that is set in it, so that half of it is full. */
const ROOM = 1 / Math.LN2;

/** The grams of a normalized text, or of a term. Many come more than once. */
function eachGram(text: string, visit: (gram: Gram) => void): void {
  /** The three characters before; 0 for none in this word. */
  let [a, b, c] = [0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    const d = text.charCodeAt(i);
    // No term has a gram with white space in it.
    if (d <= 0x20) {
      a = b = c = 0;
      continue;
    }
    visit(toGram(KINDS.one, d));
    if (c !== 0) {
      const pair = c * 0x10000 + d;
      if (c >= WIDE || d >= WIDE) {
        visit(toGram(KINDS.twoWide, pair));
      } else {
        visit(toGram(KINDS.two, pair));
        if (b !== 0 && b < WIDE) {
          visit(toGram(KINDS.three, pair ^ Math.imul(b, 0x9e3779b1)));
          if (a !== 0 && a < WIDE)
            visit(toGram(KINDS.four, pair ^ Math.imul(b, 0x9e3779b1) ^ Math.imul(a, 0x85ebca6b)));
        }
      }
    }
    a = b;
    b = c;
    c = d;
  }
}

const toGram = (kind: number, characters: number): Gram => kind * HASHES + (mix(characters) % HASHES);

/** Spreads a number over 32 bits (the finalizer of MurmurHash3). */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Where the bits of a gram are: `first`, and others `step` apart, modulo the length of a signature. */
interface Places {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

const placesOf = (gram: Gram): Places => ({
  first: mix(gram),
  step: mix(gram + 0x9e3779b9),
  count: BITS[Math.floor(gram / HASHES)]!,
});

/** The place of one of its bits, before the modulo: 32 bits, because larger numbers are divided slowly. */
const placeOf = (first: number, step: number, index: number): number => (first + Math.imul(index, step)) >>> 0;

/** Makes signatures, one after another. */
export class SignatureMaker {
  /** The grams so far, as bits and as a list. */
  private readonly seen = new Uint8Array((BITS.length * HASHES) / 8);
  private grams: Gram[] = [];

  /** How many grams the texts have so far. */
  get size(): number {
    return this.grams.length;
  }

  /** @param text normalized. */
  add(text: string): void {
    eachGram(text, (gram) => {
      const bit = 1 << (gram & 7);
      const byte = this.seen[gram >>> 3]!;
      if (byte & bit) return;
      this.seen[gram >>> 3] = byte | bit;
      this.grams.push(gram);
    });
  }

  /** The signature of the texts that were added since the last one. Without texts it has no bytes. */
  take(): Uint8Array {
    const places = this.grams.map(placesOf);
    const bits = places.reduce((sum, { count }) => sum + count, 0);
    const signature = new Uint8Array(Math.ceil((bits * ROOM) / 8));
    for (const { first, step, count } of places) {
      for (let i = 0; i < count; i++) {
        const at = placeOf(first, step, i) % (signature.length * 8);
        signature[at >>> 3] = signature[at >>> 3]! | (1 << (at & 7));
      }
    }
    for (const gram of this.grams) this.seen[gram >>> 3] = 0;
    this.grams = [];
    return signature;
  }
}

/** What signatures are asked: whether all terms may occur. */
export type SignatureQuery = readonly Places[];

/** @param terms normalized, as `searchTerms` makes them */
export function signatureQuery(terms: readonly string[]): SignatureQuery {
  const grams = new Set<Gram>();
  for (const term of terms) eachGram(term, (gram) => grams.add(gram));
  // Long grams are rare: they come first.
  return [...grams].sort((a, b) => b - a).map(placesOf);
}

/** Whether all terms may occur in the texts, in whichever of them. When it is false, one of them occurs nowhere. */
export function mayMatch(signature: Uint8Array, query: SignatureQuery): boolean {
  const bits = signature.length * 8;
  if (bits === 0) return query.length === 0;
  for (const { first, step, count } of query) {
    for (let i = 0; i < count; i++) {
      const at = placeOf(first, step, i) % bits;
      if ((signature[at >>> 3]! & (1 << (at & 7))) === 0) return false;
    }
  }
  return true;
}
