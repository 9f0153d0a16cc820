/** A user, group or message id: an unsigned 64-bit number as decimal text. `BigInt(a) < BigInt(b)` compares two of them. */
export type Id = string;

/** The system's own id: conversation 0 and the sender of system messages. */
export const SYSTEM_ID: Id = '0';

const MAX_ID: Id = '18446744073709551615';

/** An id as an app may pass it: decimal text, a safe integer, or an object of the `long` package. */
export type IdInput =
  | string
  | number
  | {
      /** Returns the id as decimal text. */
      toString(): string;
    };

/** Compares two ids as numbers. Negative: `a` is less; zero: they are equal; positive: `a` is greater. */
export function compareIds(a: Id, b: Id): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Returns the higher of two ids. */
export const higherId = (a: Id = '0', b: Id): Id => (compareIds(a, b) > 0 ? a : b);

/**
 * Returns the id as text without leading zeros. Returns undefined when the input is no id: it has other characters than
 * digits, more than 64 bits, is a list, or is a number that no double holds exactly.
 */
export function parseId(input: unknown): Id | undefined {
  if (typeof input === 'number') return Number.isSafeInteger(input) && input >= 0 ? String(input) : undefined;
  // A list of one id would have the text of that id.
  const text = Array.isArray(input) ? undefined : textOf(input);
  if (text === undefined || !/^\d{1,20}$/.test(text)) return undefined;
  const id = text.replace(/^0+(?=\d)/, '');
  return compareIds(id, MAX_ID) <= 0 ? id : undefined;
}

function textOf(input: unknown): string | undefined {
  try {
    return String(input).trim();
  } catch {
    // The object has no text: it has no prototype, or its toString is no function.
    return undefined;
  }
}

/** Returns the id as a number, because deployed apps compare ids with `===`. Ids above 2^53 lose digits here and nowhere else. */
export function idNumber(id: Id): number {
  return Number(id);
}
