import { createContext, runInContext } from 'node:vm';
import type { Context } from 'node:vm';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { LegacyMap, LegacySet } from '../../../../src/platform/legacy/collections.ts';
import { createPromise } from '../../../../src/platform/legacy/promise.ts';

/** What IE 10 lacks of what the SDK uses. */
const FORGET = `
  for (const name of ['Map', 'Set', 'Promise']) delete globalThis[name];
  for (const [object, names] of [
    [Object, 'assign entries values fromEntries'], [Number, 'isInteger isSafeInteger'], [Array, 'from'],
    [Array.prototype, 'find findIndex includes fill flatMap entries'],
    [String.prototype, 'includes startsWith endsWith repeat padStart trimStart codePointAt normalize'],
    [Object.getPrototypeOf(Uint8Array), 'from'],
    [Object.getPrototypeOf(Uint8Array.prototype), 'slice copyWithin'],
  ]) for (const name of names.split(' ')) if (!delete object[name]) throw new Error(name);`;

/** Each gives the same with and without the polyfills. */
const EXPRESSIONS = [
  'Object.assign({ a: 1 }, undefined, { b: 2 }, null, { a: 3 })',
  'Object.entries({ a: 1, b: [2] })',
  'Object.values({ a: 1, b: 2 })',
  "Object.fromEntries([['a', 1], ['b', 2]])",
  "Object.fromEntries(new Map([['a', 1]]))",
  '[1, 1.5, NaN, Infinity, "1", 2 ** 53].map((x) => [Number.isInteger(x), Number.isSafeInteger(x)])',
  "[Array.from('a😀b'), Array.from({ length: 3 }, (_, i) => i * 2), Array.from(new Set([1, 2])), Array.from([1, , 2])]",
  '[[3, 4].find((x) => x > 3), [3].find((x) => x > 3), [3, 4].findIndex((x) => x === 4), [3].findIndex((x) => x > 3)]',
  '[[1, NaN].includes(NaN), [1].includes(2), [1, 2].includes(2)]',
  'new Array(3).fill(7)',
  '[1, 2, 3].flatMap((x, i) => (x === 2 ? [] : i ? [x, [x]] : x))',
  "[...['a', 'b'].entries()]",
  "['abc'.includes('bc'), 'abc'.includes('d'), 'abc'.startsWith('ab'), 'abc'.startsWith('b'), 'abc'.endsWith('bc'), 'abc'.endsWith('')]",
  "['abc'.endsWith('xabc'), ''.startsWith('a'), 'ab'.repeat(3), 'ab'.repeat(0)]",
  "['7'.padStart(3, '0'), '1234'.padStart(3, '0'), '7'.padStart(4, 'ab'), '7'.padStart(2), ''.padStart(2, 'x')]",
  "' \\t\\n\\uFEFF a '.trimStart()",
  "['😀'.codePointAt(0), 'a'.codePointAt(0), '😀'.codePointAt(1)]",
  "'plain'.normalize('NFKC')",
  "Array.from(Uint8Array.from('abc', (letter) => letter.charCodeAt(0)))",
  '[...new Uint8Array([1, 2, 3, 4]).slice(1, 3), ...new Uint8Array([5]).slice()]',
  '[...new Uint8Array([1, 2, 3, 4, 5]).copyWithin(1, 0, 3), ...new Uint8Array([1, 2, 3, 4, 5]).copyWithin(0, 2, 5)]',
  '[new Map([[NaN, 1], ["1", 2], [1, 3], [null, 4]]).get(NaN), new Map([["1", 2], [1, 3]]).get(1), new Set([1, 1, "1"]).size]',
];

describe('what is put in place', () => {
  let legacy: Context;
  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('../../../../src/platform/legacy/polyfills.ts', import.meta.url))],
      ...{ bundle: true, write: false, format: 'iife', target: 'es2020', tsconfigRaw: {} },
      // Nothing imports it, and package.json says that the sources do nothing of themselves.
      ignoreAnnotations: true,
    });
    legacy = createContext({ setTimeout, Blob: Object, console: { log: () => undefined } });
    runInContext(`globalThis.self = globalThis; ${FORGET}; ${outputFiles[0]!.text}`, legacy);
  });

  test.each(EXPRESSIONS)('%s', (expression) => {
    const run = (context: Context): string => runInContext(`JSON.stringify(${expression})`, context) as string;
    expect(run(legacy)).toBe(run(createContext()));
  });

  test('it is in no loop over an object', () => {
    expect(runInContext('const names = []; for (const name in []) names.push(name); names.length', legacy)).toBe(0);
  });

  test('finally passes on what was before, and waits', async () => {
    const said = runInContext(
      `(async () => {
        const said = [];
        const Later = self.Promise;
        said.push(await Later.resolve(1).finally(() => 2));
        said.push(await Later.reject(3).finally(() => Later.resolve(4)).catch((error) => error));
        said.push(await Later.resolve(5).finally(() => { throw 6; }).catch((error) => error));
        return said.join();
      })()`,
      legacy,
    ) as Promise<string>;
    expect(await said).toBe('1,3,6');
  });
});

type Operation = ['set' | 'delete' | 'clear' | 'next', number];

test('LegacyMap is Map, whatever is done to it while it is iterated', () => {
  const objects = [{}, {}, () => undefined];
  const keys: unknown[] = [0, 1, '1', NaN, null, undefined, true, 'true', ...objects];
  const operation = fc.tuple(
    fc.constantFrom<Operation[0]>('set', 'set', 'set', 'delete', 'delete', 'next', 'next', 'clear'),
    fc.nat(keys.length - 1),
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const run = (map: Map<unknown, unknown>): unknown[] => {
        const said: unknown[] = [];
        let iterator = map.entries();
        operations.forEach(([what, at], index) => {
          if (what === 'set') map.set(keys[at], index);
          else if (what === 'delete') said.push(map.delete(keys[at]));
          else if (what === 'clear') map.clear();
          else {
            const step = iterator.next();
            said.push(step.value, step.done);
            if (step.done) iterator = map.entries();
          }
          said.push(map.size, map.has(keys[at]), map.get(keys[at]));
        });
        map.forEach((value, key) => said.push(key, value));
        return [...said, ...map.keys(), ...map.values(), ...map];
      };
      expect(run(new LegacyMap() as unknown as Map<unknown, unknown>)).toEqual(run(new Map()));
    }),
    { numRuns: 500 },
  );
});

test('LegacySet is Set', () => {
  const set = new LegacySet([1, 2, 2, 3]);
  expect([set.size, set.has(2), set.delete(2), set.has(2), set.delete(2)]).toEqual([3, true, true, false, false]);
  expect([...(set.add(4) as unknown as Set<number>)]).toEqual([1, 3, 4]);
  expect([...(set.values() as unknown as Iterable<number>)]).toEqual([1, 3, 4]);
});

test('its promises settle as others do', async () => {
  const run = async (Made: PromiseConstructor): Promise<unknown[]> => {
    const said: unknown[] = [];
    const say =
      (what: string) =>
      (value: unknown): void =>
        void said.push([what, value instanceof Error ? value.message : value]);
    let late: (value: unknown) => void = () => {};
    const waiting = new Made<unknown>((resolve) => (late = resolve));
    const all = [
      Made.resolve(1).then(say('resolved')),
      Made.reject(new Error('no')).catch(say('rejected')),
      new Made((resolve, reject) => {
        resolve('first');
        reject(new Error('second'));
        throw new Error('third');
      }).then(say('once'), say('never')),
      new Made(() => {
        throw new Error('thrown');
      }).then(say('never'), say('thrown')),
      Made.resolve({ then: (resolve: (value: string) => void) => resolve('foreign') } as never).then(say('thenable')),
      Made.resolve({
        get then() {
          throw new Error('getter');
        },
      } as never).then(say('never'), say('getter')),
      // eslint-disable-next-line @typescript-eslint/await-thenable -- values are taken, too
      Made.all<unknown>([1, Made.resolve(2), Made.resolve(3)]).then((values) => say('all')(values.join())),
      Made.all([]).then((values) => say('none')(values.length)),
      Made.all([waiting, Made.reject(new Error('one of all'))]).then(say('never'), say('all rejected')),
      Made.race([waiting, Made.resolve('quick')]).then(say('race')),
      Made.resolve('kept').then(undefined).then(say('passed on')),
      waiting.then(say('late 1')).then(() => waiting.then(say('late 2'))),
    ];
    const self: Promise<unknown> = new Made((resolve) => setTimeout(() => resolve(self)));
    all.push(self.then(say('never'), (error: unknown) => say('itself')((error as Error).name)));
    late(Made.resolve('at last'));
    await Made.all(all);
    return said;
  };
  const expected = await run(Promise);
  const found = await run(createPromise((job) => setTimeout(job)) as PromiseConstructor);
  const sorted = (list: unknown[]): string[] => list.map((one) => JSON.stringify(one)).sort();
  expect(expected.length).toBeGreaterThan(12);
  expect(sorted(found)).toEqual(sorted(expected));
});
