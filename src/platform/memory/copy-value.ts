import type { KvValue } from '../ports.ts';

/**
 * A deep copy of what a store can keep: JSON and `Uint8Array`. Throws a `TypeError` for anything else (a function, a
 * `Date`, a `Map`). A view on a larger buffer becomes its own bytes.
 *
 * `structuredClone` is missing in mini-programs and before Safari 15.4, and would keep the larger buffer too.
 */
export function copyValue(value: KvValue): KvValue {
  if (value === null || PLAIN.includes(typeof value)) return value;
  const tag = Object.prototype.toString.call(value);
  switch (tag) {
    case '[object Uint8Array]':
      // Not slice(): a Node Buffer shares its memory with its slices.
      return new Uint8Array(value as Uint8Array);
    case '[object Array]':
      return (value as KvValue[]).map(copyValue);
    case '[object Object]': {
      // Its own keys from the start: an assignment to `__proto__` changes the key then, and not the prototype.
      const copy = { ...(value as Record<string, KvValue>) };
      for (const key of Object.keys(copy)) copy[key] = copyValue(copy[key]);
      return copy;
    }
    default:
      throw new TypeError(`${tag} cannot be stored`);
  }
}

const PLAIN: readonly string[] = ['string', 'number', 'boolean', 'undefined'];
