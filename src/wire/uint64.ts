/** The two unsigned halves of a 64-bit number, as `protobufjs` takes them. */
export interface Bits64 {
  low: number;
  high: number;
}

const TWO_32 = 4294967296;
/** Largest high half for which `high * 2^32 + low` is exact in a double. */
const SAFE_HIGH = 0x1fffff;
const BILLION = 1e9;

/** Decimal text of a 64-bit number given as two unsigned 32-bit halves. */
export function formatUint64(low: number, high: number): string {
  if (high <= SAFE_HIGH) return String(high * TWO_32 + low);
  // Long division by 10^9 in 16-bit digits: every intermediate stays an exact integer.
  let rest = 0;
  let quotient = 0;
  for (const digit of [high >>> 16, high & 0xffff, low >>> 16, low & 0xffff]) {
    const part = rest * 0x10000 + digit;
    quotient = quotient * 0x10000 + Math.floor(part / BILLION);
    rest = part % BILLION;
  }
  return String(quotient) + String(rest).padStart(9, '0');
}

/** Halves of a decimal text, or undefined when it is not a whole number below 2^64. */
export function parseUint64(text: string): Bits64 | undefined {
  if (!/^\d{1,20}$/.test(text)) return undefined;
  const value = +text;
  if (value <= Number.MAX_SAFE_INTEGER) return { low: value >>> 0, high: Math.floor(value / TWO_32) };
  // Digit by digit: every intermediate stays an exact integer.
  let low = 0;
  let high = 0;
  for (const digit of text) {
    const part = low * 10 + +digit;
    low = part >>> 0;
    high = high * 10 + Math.floor(part / TWO_32);
  }
  return high < TWO_32 ? { low, high } : undefined;
}
