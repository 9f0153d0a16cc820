import { createTurns } from '../../util/turns.ts';
import type { KvEntry, KvRange, KvStore, KvValue, KvWrite } from '../ports.ts';

/** The part of a store that differs from platform to platform. */
interface KvWork {
  get(key: string): Promise<KvValue | undefined> | KvValue | undefined;
  range(range: KvRange): Promise<KvEntry[]> | KvEntry[];
  /** Applies a batch. The values of `writes` do not change afterwards. */
  commit(writes: readonly KvWrite[], unless?: string): Promise<void> | void;
  close(): Promise<void> | void;
}

/**
 * Makes a store of its differing part. It copies values when `commit` is called, and rejects every call after `close`.
 *
 * @param copy - copies a value that is put
 * @param inTurn - runs commits, and the close after them, one after another
 */
export function createKvHandle(work: KvWork, copy = copyValue, inTurn = createTurns()): KvStore {
  let closing: Promise<void> | undefined;
  const mustBeOpen = (): KvWork => {
    if (closing) throw new Error('the store is closed');
    return work;
  };
  return {
    get: async (key) => mustBeOpen().get(key),
    range: async (range) => mustBeOpen().range(range),
    commit: async (batch, unless) => {
      mustBeOpen();
      // Copied now: the caller may change its values while the commit waits.
      const writes = batch.map((write) => (write.op === 'put' ? { ...write, value: copy(write.value) } : write));
      return inTurn(async () => work.commit(writes, unless));
    },
    close: async () => (closing ??= inTurn(async () => work.close())),
  };
}

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
