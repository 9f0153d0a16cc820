import { createMemoryKvProvider } from '../../src/platform/memory/index.ts';
import type { KvProvider } from '../../src/platform/ports.ts';

type KvCall = 'open' | 'commit' | 'read';

/** The error of the nth call of its kind, counted from 1; undefined when it works. */
export type FaultPlan = (call: KvCall, nth: number) => Error | undefined;

export const named = (name: string): Error => Object.assign(new Error(`planned ${name}`), { name });
/** The error of a full disk. */
export const full = (): Error => named('QuotaExceededError');
/** The error of a database that the browser closed and that does not open again. */
export const lost = (): Error => named('UnknownError');

/** Fails a share of the calls, the same ones for the same seed. */
export function atRandom(seed: number, share: number, error: () => Error = lost): FaultPlan {
  let state = seed;
  return () => {
    // Numerical Recipes' generator: small, and good enough to choose calls.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 < share ? error() : undefined;
  };
}

/** Databases that fail as planned. A call that fails changed nothing, as in IndexedDB; after `close` calls only reject. */
export function createFaultyKvProvider(plan: FaultPlan, inner: KvProvider = createMemoryKvProvider()): KvProvider {
  const counts = { open: 0, commit: 0, read: 0 };
  const failIfPlanned = (call: KvCall): void => {
    const error = plan(call, ++counts[call]);
    if (error) throw error;
  };
  return {
    drop: (name) => inner.drop(name),
    async open(name) {
      failIfPlanned('open');
      const kv = await inner.open(name);
      return {
        async get(key) {
          failIfPlanned('read');
          return kv.get(key);
        },
        async range(range) {
          failIfPlanned('read');
          return kv.range(range);
        },
        async commit(batch) {
          failIfPlanned('commit');
          return kv.commit(batch);
        },
        close: () => kv.close(),
      };
    },
  };
}

/** Databases that together may hold this many characters of JSON. A batch that would exceed it is refused, and changes nothing. */
export function createSmallKvProvider(quota: number, inner: KvProvider = createMemoryKvProvider()): KvProvider {
  return {
    drop: (name) => inner.drop(name),
    async open(name) {
      const kv = await inner.open(name);
      const sizes = new Map((await kv.range(ALL)).map(({ key, value }) => [key, sizeOf(value)]));
      return {
        get: (key) => kv.get(key),
        range: (range) => kv.range(range),
        close: () => kv.close(),
        async commit(batch) {
          const next = new Map(sizes);
          for (const write of batch) {
            if (write.op === 'put') next.set(write.key, sizeOf(write.value));
            else if (write.op === 'delete') next.delete(write.key);
            else for (const key of next.keys()) if (key >= write.from && key < write.to) next.delete(key);
          }
          if (batch.some(({ op }) => op === 'put') && sum(next) > quota) throw full();
          await kv.commit(batch);
          sizes.clear();
          for (const [key, size] of next) sizes.set(key, size);
        },
      };
    },
  };
}

const ALL = { from: '', to: '\uffff' };
const sizeOf = (value: unknown): number => JSON.stringify(value).length;
const sum = (sizes: ReadonlyMap<string, number>): number => [...sizes.values()].reduce((all, size) => all + size, 0);
