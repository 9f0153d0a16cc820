import { describe, expect, test } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvStore } from '../../../src/platform/ports.ts';
import { openEnduringKv } from '../../../src/store/enduring-kv.ts';
import { KEYS, prefixRange } from '../../../src/store/schema.ts';
import { openStore } from '../../../src/store/store.ts';
import type { Store } from '../../../src/store/store.ts';
import { createDeferred } from '../../../src/util/deferred.ts';
import { createSmallKvProvider } from '../../support/faulty-kv.ts';
import { fc } from '../../support/property.ts';
import {
  createCrashingKv,
  createRestingClock,
  filledKv,
  found,
  indexKeys,
  KEYS_OF_CONVERSATIONS,
  put,
  scanned,
  WORDS,
} from './indexed-store.ts';
import { storedMessage } from './stored-message.ts';

/** A store with its index built, and the reads of its database since. */
async function openIndexed() {
  const inner = await filledKv();
  const reads: string[] = [];
  const kv: KvStore = {
    get: async (key) => {
      reads.push(key);
      return inner.get(key);
    },
    range: async (range) => {
      const entries = await inner.range(range);
      reads.push(...entries.map(({ key }) => key));
      return entries;
    },
    commit: async (batch) => inner.commit(batch),
    close: async () => undefined,
  };
  const clock = createRestingClock();
  const store = await openStore(kv, { clock: clock.clock });
  await clock.rest();
  reads.length = 0;
  return { inner, kv, store, clock, reads };
}

const segmentsOf = (reads: readonly string[]): string[] => reads.filter((key) => key.startsWith('s/'));

describe('when the index is built', () => {
  test('it has several shards, and no timer goes on', async () => {
    const { inner, clock } = await openIndexed();
    const keys = await indexKeys(inner);
    expect(keys.filter((key) => key.startsWith('i/s/')).length).toBeGreaterThan(2);
    expect(clock.count()).toBe(0);
  });

  test('a search for what nobody wrote reads next to no text', async () => {
    const { store, reads } = await openIndexed();
    for (const text of ['zebra', 'qzq', '龘靐', 'alpha 龘靐']) expect(await found(store, text, '', 50)).toEqual([]);
    expect(segmentsOf(reads)).toEqual([]);
    // A single character has few bits.
    for (const text of ['龘', '☎', 'ü']) expect(await found(store, text, '', 50)).toEqual([]);
    expect(segmentsOf(reads).length).toBeLessThan(30);
  });

  test('a rare word costs few reads, and so does a common one', async () => {
    const { inner, store, reads } = await openIndexed();
    await put(store, 'r201', [storedMessage(50, { content: 'a quokka' })]);
    reads.length = 0;
    expect(await found(store, 'quokka', '', 50)).toEqual(['r201:50:a quokka']);
    expect(segmentsOf(reads).length).toBeLessThan(10);
    reads.length = 0;
    expect(await found(store, 'alpha', '', 3)).toEqual(await scanned(inner, 'alpha', '', 3));
    expect(segmentsOf(reads).length).toBeLessThan(40);
  });

  test('a search in one conversation reads nothing of others', async () => {
    const { inner, store, reads } = await openIndexed();
    expect(await found(store, 'alpha', 'r207/', 50)).toEqual(await scanned(inner, 'alpha', 'r207/', 50));
    expect(segmentsOf(reads).every((key) => key.startsWith('s/r207/'))).toBe(true);
  });

  test('the next run finds it, and does nothing', async () => {
    const { inner, store } = await openIndexed();
    await store.close();
    const { kv, commits } = createCrashingKv(inner);
    const clock = createRestingClock();
    await openStore(kv, { clock: clock.clock });
    await clock.rest();
    expect([commits.length, clock.count()]).toEqual([0, 0]);
  });

  test('the first change of a segment costs one mark, others none, and one that goes ahead has it again', async () => {
    const { inner } = await openIndexed();
    const { kv, commits } = createCrashingKv(inner);
    const store = await openStore(kv);
    const marks = async (run: Promise<void>): Promise<number> => {
      const from = commits.length;
      await run;
      return commits
        .slice(from)
        .flat()
        .filter((write) => 'key' in write && write.key.startsWith('i/d/')).length;
    };
    expect(await marks(put(store, 'r201', [storedMessage(1)]))).toBe(1);
    expect(await marks(put(store, 'r201', [storedMessage(2)]))).toBe(0);
    expect(await marks(put(store, 'r201', [storedMessage(3)], 'ahead'))).toBe(1);
    expect(await marks(put(store, 'r202', [storedMessage(4)]))).toBe(1);
  });

  test('marks are gone after a rest when enough segments have changed, and nothing is done for fewer', async () => {
    const { inner, store, clock } = await openIndexed();
    const marks = async (): Promise<number> => (await inner.range(prefixRange('i/d/'))).length;
    for (const [at, key] of KEYS_OF_CONVERSATIONS.slice(0, 40).entries())
      await put(store, key, [storedMessage(9000 + at)]);
    await clock.rest();
    expect(await marks()).toBe(40);
    for (const [at, key] of KEYS_OF_CONVERSATIONS.slice(20).entries())
      await put(store, key, [storedMessage(9500 + at)]);
    await clock.rest();
    expect(await marks()).toBe(0);
    expect(clock.count()).toBe(0);
    expect(await found(store, '9505', '', 50)).toEqual(await scanned(inner, '9505', '', 50));
  });
});

test('a small store has no index, and searches read it', async () => {
  const { inner } = await openIndexed();
  await inner.commit([
    { op: 'deleteRange', from: 'i/', to: 'i0' },
    { op: 'deleteRange', from: 's/r', to: 's0' },
  ]);
  const clock = createRestingClock();
  const store = await openStore(inner, { clock: clock.clock });
  await clock.rest();
  await put(store, 'r1', [storedMessage(1, { content: 'quokka' })]);
  expect(await found(store, 'quokka', '', 50)).toEqual(['r1:1:quokka']);
  expect(await indexKeys(inner)).toEqual([]);
  expect(clock.count()).toBe(0);
});

describe('a damaged index', () => {
  test.each([
    ['no list of shards', async (kv: KvStore) => kv.commit([{ op: 'delete', key: KEYS.searchShards }])],
    ['a list that is none', async (kv: KvStore) => kv.commit([{ op: 'put', key: KEYS.searchShards, value: 'x' }])],
    [
      'a lost shard',
      async (kv: KvStore) =>
        kv.commit([{ op: 'delete', key: (await indexKeys(kv)).find((key) => key.startsWith('i/s/'))! }]),
    ],
    [
      'shards that are something else',
      async (kv: KvStore) =>
        kv.commit(
          (await kv.range(prefixRange('i/s/'))).map(({ key, value }, at) => ({
            op: 'put' as const,
            key,
            value: [null, 7, {}, { ...(value as object), sizes: [1] }, { ...(value as object), starts: ['s/'] }][
              at % 5
            ],
          })),
        ),
    ],
  ])('%s: searches find everything, and it is built again', async (_name, damage) => {
    const { inner } = await openIndexed();
    const whole = await indexKeys(inner);
    await damage(inner);
    const clock = createRestingClock();
    const store = await openStore(inner, { clock: clock.clock });
    const check = async (): Promise<void> => {
      for (const word of WORDS) expect(await found(store, word, '', 500)).toEqual(await scanned(inner, word, '', 500));
    };
    await check();
    await put(store, 'r201', [storedMessage(1, { content: 'alpha' })]);
    await check();
    // Somebody looks for shards that are gone, and the rest comes after that.
    for (const [at, key] of KEYS_OF_CONVERSATIONS.entries()) await put(store, key, [storedMessage(9000 + at)]);
    await clock.rest();
    await check();
    expect((await indexKeys(inner)).filter((key) => key.startsWith('i/s/')).length).toBeGreaterThan(2);
    expect(whole.length).toBeGreaterThan(3);
  });
});

test('when older records may be there again, the index is forgotten', async () => {
  const { inner } = await openIndexed();
  await openStore({ ...inner, isDamaged: true });
  expect(await indexKeys(inner)).toEqual([]);
});

test('on a disk that is full, no message makes room for the index', async () => {
  const inner = await filledKv();
  const all = await inner.range({ from: '', to: '\uffff' });
  const quota = all.reduce((sum, { value }) => sum + JSON.stringify(value).length, 0) + 1000;
  const provider = createSmallKvProvider(quota, { open: async () => inner, drop: async () => undefined });
  const made: string[] = [];
  const kv = await openEnduringKv(provider, 'user', {
    fallback: createMemoryKvProvider(),
    keepMessages: 100,
    onDegraded: () => void made.push('degraded'),
    onMakingRoom: async (removal) => void made.push(`${(await removal).size} trimmed`),
    onUnreadable: () => void made.push('unreadable'),
  });
  const clock = createRestingClock();
  const store = await openStore(kv, { clock: clock.clock });
  await clock.rest();
  await put(store, 'r201', [storedMessage(7, { content: 'quokka' })]);
  await clock.rest();
  expect(await indexKeys(inner)).toEqual(['i/d/r201/00000000000000000000']);
  expect(made).toEqual([]);
  for (const word of [...WORDS, 'quokka'])
    expect(await found(store, word, '', 500)).toEqual(await scanned(inner, word, '', 500));
});

test('a search that comes while the index is built goes first, and nothing is left out', async () => {
  const { inner, store, clock } = await openIndexed();
  for (const [at, key] of KEYS_OF_CONVERSATIONS.entries()) await put(store, key, [storedMessage(9000 + at)]);
  expect(clock.next()).toBe(true);
  await Promise.resolve();
  expect(await found(store, 'alpha', '', 500)).toEqual(await scanned(inner, 'alpha', '', 500));
  expect((await inner.range(prefixRange('i/d/'))).length).toBe(KEYS_OF_CONVERSATIONS.length);
  await clock.rest();
  expect(await inner.range(prefixRange('i/d/'))).toEqual([]);
});

describe('a change while the index is built', () => {
  /** A store with marks everywhere, whose reads or commits wait when they are held. */
  async function openHeld() {
    const inner = await filledKv();
    const gates = { range: Promise.resolve(), commit: Promise.resolve() };
    const kv: KvStore = {
      ...inner,
      range: async (range) => {
        const entries = await inner.range(range);
        await gates.range;
        return entries;
      },
      commit: async (batch) => gates.commit.then(async () => inner.commit(batch)),
    };
    const clock = createRestingClock();
    const store = await openStore(kv, { clock: clock.clock });
    await clock.rest();
    // What is used last is in memory.
    const keys = [...KEYS_OF_CONVERSATIONS].reverse();
    for (const [at, key] of keys.entries()) await put(store, key, [storedMessage(9000 + at)]);
    const hold = (what: keyof typeof gates): (() => void) => {
      const gate = createDeferred();
      gates[what] = gate.promise;
      return () => gate.resolve();
    };
    return { store, clock, hold };
  }

  test('is found when it was being stored as the segments were read', async () => {
    const { store, clock, hold } = await openHeld();
    const release = hold('commit');
    const putting = put(store, 'g200', [storedMessage(9999, { content: 'quokka' })]);
    await clock.rest();
    release();
    await putting;
    await clock.rest();
    expect(await found(store, 'quokka', '', 50)).toEqual(['g200:9999:quokka']);
  });

  test('is found when it comes after the segments were read', async () => {
    const { store, clock, hold } = await openHeld();
    const release = hold('range');
    await clock.rest();
    await put(store, 'g200', [storedMessage(9999, { content: 'quokka' })]);
    release();
    await clock.rest();
    expect(await found(store, 'quokka', '', 50)).toEqual(['g200:9999:quokka']);
  });
});

test('a change that goes ahead of the batch with the mark is found after a crash', async () => {
  const { inner } = await openIndexed();
  const crashing = createCrashingKv(inner);
  const store = await openStore(crashing.kv);
  // In different segments of one conversation.
  await put(store, 'r207', [storedMessage(7, { content: 'later' })], 'later');
  await put(store, 'r207', [storedMessage(99_999, { content: 'quokka' })], 'ahead');
  crashing.crash(undefined);
  const next = await openStore(inner);
  expect(await found(next, 'quokka', '', 50)).toEqual(await scanned(inner, 'quokka', '', 50));
  expect(await found(next, 'quokka', '', 50)).toEqual(['r207:99999:quokka']);
});

describe('whatever happens', () => {
  const word = fc.constantFrom(...WORDS, 'quokka');
  const text = fc
    .array(word, { minLength: 1, maxLength: 4 })
    .chain((words) => fc.constantFrom('', ' ').map((space) => words.join(space)));
  const key = fc.constantFrom(...KEYS_OF_CONVERSATIONS, 'r207', 'g237', 'r1', 'r999');
  const when = fc.constantFrom('now' as const, 'later' as const, 'ahead' as const);
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('put' as const),
        key,
        isAwaited: fc.boolean(),
        id: fc.nat(30_000),
        count: fc.integer({ min: 1, max: 150 }),
        text,
        when,
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), key, when }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const), key }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('touch' as const), from: fc.nat(20), text }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('search' as const),
        text,
        start: fc.constantFrom('', 'r', 'g', 'r207/', 'g237/'),
        limit: fc.constantFrom(1, 3, 500),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('rest' as const) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('begin' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('crash' as const), after: fc.nat(4), stored: fc.boolean() }),
    },
  );
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

  async function run(steps: readonly Step[]): Promise<void> {
    const inner = await filledKv();
    let crashing = createCrashingKv(inner);
    let clock = createRestingClock();
    let store: Store = await openStore(crashing.kv, { clock: clock.clock });
    const reopen = async (): Promise<void> => {
      crashing = createCrashingKv(inner);
      clock = createRestingClock();
      store = await openStore(crashing.kv, { clock: clock.clock });
    };
    const pending: Promise<unknown>[] = [];
    const one = async (step: Step): Promise<void> => {
      switch (step.kind) {
        case 'put': {
          const { id, count } = step;
          const messages = Array.from({ length: count }, (_, at) =>
            storedMessage(1 + id + at * 3, { content: at % 5 === 0 ? step.text : `filler ${at}` }),
          );
          const putting = put(store, step.key, messages, step.when);
          if (step.isAwaited) return putting;
          // It is being stored while the next steps run.
          pending.push(putting.catch(() => undefined));
          return undefined;
        }
        case 'remove':
          return store.update(async (tx) => {
            const newest = await tx.messages.newest(step.key);
            await tx.messages.put(
              step.key,
              newest.slice(-3).map(({ id }) => ({ id, removed: true as const })),
            );
          }, step.when);
        case 'clear':
          return store.update((tx) => tx.messages.clear(step.key));
        case 'touch':
          for (const [at, each] of KEYS_OF_CONVERSATIONS.slice(step.from).entries())
            await put(store, each, [storedMessage(40_000 + at, { content: step.text })]);
          return undefined;
        case 'search': {
          await Promise.all(pending);
          const hits = await found(store, step.text, step.start, step.limit);
          // What waits in memory is visible, too.
          await store.update(() => undefined);
          expect(hits).toEqual(await scanned(inner, step.text, step.start, step.limit));
          return;
        }
        case 'rest':
          return clock.rest();
        case 'begin':
          clock.next();
          return undefined;
        case 'restart':
          await store.close();
          return reopen();
        case 'crash':
          crashing.crash(step.after, step.stored);
          return undefined;
      }
    };
    for (const each of steps) {
      try {
        await one(each);
      } catch (error) {
        if (!crashing.isOver()) throw error;
      }
      if (crashing.isOver()) await reopen();
    }
    crashing.crash(undefined);
    await reopen();
    for (const rested of [false, true]) {
      if (rested) await clock.rest();
      for (const each of [...WORDS, 'quokka'])
        expect(await found(store, each, '', 500)).toEqual(await scanned(inner, each, '', 500));
    }
  }

  test('a search finds what a look at every message finds', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), run), { numRuns: 40 });
  }, 120_000);
});
