/** A user, group or message id: an unsigned 64-bit number as decimal text. Compare with {@link compareIds}. */
export type Id = string;

/** The system's own id: conversation 0 and the sender of system messages. */
export const SYSTEM_ID: Id = '0';

const MAX_ID: Id = '18446744073709551615';

/** What an app may pass as an id: text, a number, or an object of the `long` package. */
export type IdInput = string | number | { toString(): string };

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`, as numbers. */
export function compareIds(a: Id, b: Id): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The higher of two. */
export const higherId = (a: Id = '0', b: Id): Id => (compareIds(a, b) > 0 ? a : b);

/** The canonical text of an id, or undefined when the input is none: not digits, over 64 bits, or a number no double holds exactly. */
export function parseId(input: unknown): Id | undefined {
  if (typeof input === 'number') return Number.isSafeInteger(input) && input >= 0 ? String(input) : undefined;
  const text = textOf(input);
  if (text === undefined || !/^\d{1,20}$/.test(text)) return undefined;
  const id = text.replace(/^0+(?=\d)/, '');
  return compareIds(id, MAX_ID) <= 0 ? id : undefined;
}

function textOf(input: unknown): string | undefined {
  try {
    return String(input).trim();
  } catch {
    // An object without a text: made without a prototype, or its toString is none.
    return undefined;
  }
}

/** What deployed apps get as an id: a number, compared with `===`. Ids above 2^53 lose digits here and nowhere else. */
export function idNumber(id: Id): number {
  return Number(id);
}
