import type { KvValue } from '../ports.ts';

/**
 * Copies a value of a store deeply: what JSON can express, and `Uint8Array`. A view of a larger buffer becomes a copy of its
 * own bytes only.
 *
 * Not `structuredClone`: mini-programs and Safari before 15.4 do not have it, and it copies the larger buffer, too.
 *
 * @throws TypeError for anything else, such as a function, a `Date` or a `Map`
 */
export function copyValue(value: KvValue): KvValue {
  if (value === null || PLAIN.includes(typeof value)) return value;
  const tag = Object.prototype.toString.call(value);
  switch (tag) {
    case '[object Uint8Array]':
      // Not `slice()`: a slice of a Node `Buffer` shares its memory.
      return new Uint8Array(value as Uint8Array);
    case '[object Array]':
      return (value as KvValue[]).map(copyValue);
    case '[object Object]': {
      // The copy has its keys from the start: assigning to a key `__proto__` then sets the key and not the prototype.
      const copy = { ...(value as Record<string, KvValue>) };
      for (const key of Object.keys(copy)) copy[key] = copyValue(copy[key]);
      return copy;
    }
    default:
      throw new TypeError(`${tag} cannot be stored`);
  }
}

const PLAIN: readonly string[] = ['string', 'number', 'boolean', 'undefined'];
