import { parse } from 'acorn';
import { expect, test } from 'vitest';
import { withPlainNullish } from '../../../scripts/rollup-nullish.mjs';

/** What is done and answered with each of `thing`, by code that may call `say` and `fail`. */
async function outcomes(code: string): Promise<unknown[]> {
  return Promise.all(
    THINGS.map(async (thing) => {
      const said: unknown[] = [];
      const say = (value: unknown): unknown => {
        said.push(value);
        return value;
      };
      const AsyncFunction = (async () => undefined).constructor as new (
        ...text: string[]
      ) => (...given: unknown[]) => Promise<unknown>;
      const run = new AsyncFunction('thing', 'say', code);
      return run(thing, say).then(
        (value) => [value, said],
        (error: unknown) => [(error as Error).name, said],
      );
    }),
  );
}

/** Its methods need their object. */
function thingOf(value: string): object {
  return {
    a: {
      b: { c: value },
      list: [value, { c: value }],
      own() {
        return this.b;
      },
      maybe: value && ((...given: unknown[]) => given),
      self() {
        return this;
      },
    },
  };
}

const THINGS = [undefined, null, 0, '', { a: null }, { a: 0 }, { a: { b: undefined } }, thingOf('x'), thingOf('')];

test.each([
  'return thing?.a',
  'return thing?.a?.b?.c',
  'return thing?.a.b?.c',
  'return (await thing)?.a?.list?.[1]?.c',
  'return thing?.a?.own?.()',
  'return thing?.a?.maybe?.(say(1), thing?.a)?.[0]',
  'return say(thing)?.a?.self?.().own?.().c',
  'return say(thing)?.a?.self()?.own?.().c.length',
  'return thing.a.own?.()',
  'return say(thing.a).own?.()',
  'return say?.(thing)?.a',
  'return thing?.a ?? say(1)',
  'return thing?.a?.b?.c ?? thing?.a ?? say(1)',
  'return (thing?.a?.own?.() ?? say(1)).c ?? 2',
  'return [thing ?? 1, say(thing) ?? 2, thing?.a?.list?.[0] ?? (thing ?? 3)]',
  'return (say(thing) || undefined) ?? say(1)',
  "return [thing?.a === null, thing?.a?.b?.c === 'x', thing?.a?.b?.c !== 'x', thing?.a === 0]",
  'return [thing?.a === undefined, thing?.a?.b !== undefined, thing?.a !== void 0, thing?.a === thing]',
  'if (thing?.a?.b) say(1); else say(2); return !thing?.a ? 1 : thing?.a && 2',
  'return (thing?.a && thing.a.b) || say(thing?.a)',
  'thing?.a?.own(say(1)); await thing?.a?.self?.(say(2)); void (thing?.a && say(3))',
  'for (let at = thing; at?.a; at = at.a.b) say(at)',
  'let at = thing; at ??= say(1); return at',
  'const at = {a: thing}; at.a ??= say(1); return [at, (at.b ??= say(2)), (at.b ??= say(3))]',
  'return await Promise.all([1, 2].map(async (n) => (await thing)?.a?.maybe?.(n, await n, (await thing)?.a) ?? n))',
  'const {a = thing?.a} = thing ?? {}; return `${a?.b?.c ?? say(1)}`',
])('means the same: %s', async (code) => {
  const wrapped = `async function f(){${code}}`;
  const plain = withPlainNullish(wrapped, parse(wrapped, { ecmaVersion: 2021 })).toString();
  expect(plain).not.toMatch(/\?[.?]/);
  const [declaration, rest] = [/^let \$it;/.exec(plain)![0], plain.replace(/^let \$it;/, '')];
  const body = rest.slice('async function f(){'.length, -1);
  expect(await outcomes(declaration + body)).toEqual(await outcomes(code));
});

test('refuses what it cannot say', () => {
  const plain = (code: string): unknown => withPlainNullish(code, parse(code, { ecmaVersion: 2021 }));
  expect(() => plain('a[b()]?.(1)')).toThrow('no plain form of a[b()]?.(1)');
  expect(() => plain('a[b()] ??= 1')).toThrow('no plain form of a[b()]');
});
