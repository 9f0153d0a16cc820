import type { KvValue } from '../ports.ts';

/**
 * A deep copy of what a store can keep: JSON and `Uint8Array`. Throws a `TypeError` for anything else (a function, a
 * `Date`, a `Map`). A view on a larger buffer becomes its own bytes.
 *
 * `structuredClone` is missing in mini-programs and before Safari 15.4, and would keep the larger buffer too.
 */
export function copyValue(value: KvValue): KvValue {
  const type = typeof value;
  if (value === null || type === 'string' || type === 'number' || type === 'boolean' || type === 'undefined')
    return value;
  const tag = Object.prototype.toString.call(value);
  switch (tag) {
    case '[object Uint8Array]':
      // Not slice(): a Node Buffer shares its memory with its slices.
      return new Uint8Array(value as Uint8Array);
    case '[object Array]':
      return (value as KvValue[]).map(copyValue);
    case '[object Object]':
      // Not assignment: a key called __proto__ must stay a key.
      return Object.fromEntries(
        Object.entries(value as object).map(([key, part]) => [key, copyValue(part as KvValue)]),
      );
    default:
      throw new TypeError(`${tag} cannot be stored`);
  }
}
