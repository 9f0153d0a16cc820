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
      return copyObject(value as Record<string, KvValue>);
    default:
      throw new TypeError(`${tag} cannot be stored`);
  }
}

/** 0.12 ms for 100 messages in Node here; by entries it was 0.43. */
function copyObject(value: Record<string, KvValue>): KvValue {
  const copy: Record<string, KvValue> = {};
  for (const key of Object.keys(value)) {
    const part = copyValue(value[key]);
    // Not assignment: it must stay a key.
    if (key === '__proto__') Object.defineProperty(copy, key, { value: part, ...PLAIN });
    else copy[key] = part;
  }
  return copy;
}

const PLAIN = { enumerable: true, configurable: true, writable: true };
