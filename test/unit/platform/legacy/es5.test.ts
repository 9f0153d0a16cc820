import { parse } from 'acorn';
import { expect, test } from 'vitest';
import { toEs5, withPlainLoops } from '../../../../scripts/rollup-legacy.mjs';
import * as syntax from '../../../../src/platform/legacy/es5-syntax.ts';

/** Programs in the language of the sources; each says what it did. */
const PROGRAMS: Record<string, string> = {
  'await in order, and what is thrown': `
    const wait = (value, fails) => fails ? Promise.reject(new Error(value)) : Promise.resolve(value);
    said.push(await wait('a'));
    try { await wait('b', true); said.push('never'); } catch (error) { said.push(error.message); }
    try { throw 1 } catch { said.push(await wait('c')); } finally { said.push(await wait('d')); }
    await wait('e', true).catch(({ message }) => said.push(message));`,
  'finally on every way out': `
    const leave = async (how) => {
      for (let turn = 0; turn < 3; turn++) {
        try {
          try {
            await undefined;
            if (how === 'return') return turn;
            if (how === 'throw') throw new Error('thrown');
            if (how === 'break') break;
            if (how === 'continue') continue;
          } finally { said.push('inner', how, turn); await undefined; }
          said.push('after', turn);
        } catch (error) { said.push(error.message); await undefined; if (turn === 1) throw error; }
        finally { said.push('outer'); }
      }
      return 'end';
    };
    for (const how of ['return', 'throw', 'break', 'continue', 'none'])
      said.push(await leave(how).catch((error) => error.message));`,
  'a turn of a loop has variables of its own': `
    const later = [];
    for (let i = 0; ; i++) {
      const found = await i;
      if (found === 2) continue;
      if (found === 4) break;
      later.push(() => found + i);
    }
    const find = async (wanted) => {
      for (let i = 0; ; i++) { const same = () => i === wanted; await undefined; if (same()) return i; if (i > 5) throw new Error('none'); }
    };
    said.push(later.map((run) => run()), await find(3), await find(9).catch(({ message }) => message));`,
  'a key __proto__ stays a key': `
    const value = JSON.parse('{"__proto__": {"isAdmin": true}, "a": 1}');
    const { a, ...rest } = value;
    for (const copy of [{ ...value }, { b: 2, ...value }, rest]) said.push(Object.keys(copy), copy.isAdmin);`,
  'async generators, to the end and left early': `
    async function* count(to) {
      try { for (let i = 0; i < to; i++) { await undefined; yield i; } } finally { said.push('closed'); }
    }
    for await (const i of count(3)) said.push(i);
    for await (const i of count(9)) { said.push(i); if (i === 1) break; }
    async function* broken() { yield 1; throw new Error('broken'); }
    try { for await (const i of broken()) said.push(i); } catch ({ message }) { said.push(message); }`,
  'spread, rest and destructuring of whatever is iterable': `
    const map = new Map([['a', 1], ['b', 2]]);
    const [first, ...others] = new Set([1, 2, 3]);
    const [[key]] = map;
    const { a, ...rest } = { a: 1, b: 2, ['c' + key]: 3 };
    const list = (x, ...y) => [x, y];
    said.push([...map], [...map.values(), ...'a😀b'], first, others, key, a, rest, list(...[1, 2, 3]), Math.max(...new Set([4, 5])));
    for (const [name, { length }] of [['x', 'yz']].entries()) said.push(name, length);
    for (const byte of Uint8Array.of(1, 2)) said.push(byte);`,
  'loops in loops, left early': `
    const found = [];
    outer: for (const [key, values] of new Map([['a', [1, 2, 3]], ['b', [4]], ['c', []]])) {
      for (const value of values) {
        if (value === 2) continue;
        if (value === 4) continue outer;
        found.push(() => key + value);
        await undefined;
      }
      if (key === 'c') break outer;
    }
    for (const { length } of ['ab', 'c']) said.push(length);
    for (const letter of 'a😀') said.push(letter);
    said.push(found.map((run) => run()));`,
  'what changes while it is iterated': `
    const set = new Set([1, 2, 3]);
    for (const x of set) { said.push(x); set.delete(x + 1); if (x < 9) set.add(9); }
    const array = [1, 2];
    for (const x of array) { said.push(x); if (array.length < 4) array.push(x * 10); }`,
  'classes, getters and errors': `
    class Base { constructor(x) { this.x = x; } get twice() { return this.x * 2; } static make(x) { return new Base(x); } say() { return 'base ' + this.x; } }
    class Derived extends Base { say() { return 'derived ' + super.say(); } get [\`th\${'rice'}\`]() { return this.x * 3; } }
    const one = new Derived(2);
    said.push(one.say(), one.twice, one.thrice, one instanceof Base, Base.make(5).twice, Object.keys(one));
    class Failure extends Error { constructor(why, code) { super(why); this.name = 'Failure'; this.code = code; } get isBad() { return true; } }
    const failure = new Failure('why', 7);
    said.push(failure instanceof Failure, failure instanceof Error, String(failure), failure.code, failure.isBad, typeof failure.stack, Object.keys(failure));
    said.push(Symbol.for('a') === Symbol.for('a'));`,
  'newer operators': `
    const none = undefined, zero = 0;
    said.push(none?.x.y, none ?? 1, zero ?? 1, zero || 1, 2 ** 10, none?.(), \`a\${zero}b\`, ((x = 5) => x)());
    let made; made ??= 3; said.push(made);`,
};

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>;

async function saidBy(run: (said: unknown[]) => Promise<void>): Promise<unknown[]> {
  const said: unknown[] = [];
  await run(said);
  return said;
}

test.each(Object.keys(PROGRAMS))('ES5 says the same: %s', async (name) => {
  const program = PROGRAMS[name]!;
  const expected = await saidBy(new AsyncFunction('said', program));
  expect(expected.length).toBeGreaterThan(0);
  const { code } = toEs5(withPlainLoops(`exports.run = async (said) => {${program}\n};`).code);
  parse(code, { ecmaVersion: 5 });
  const exports: { run?: (said: unknown[]) => Promise<void> } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the output is what is tested
  new Function('exports', ...Object.keys(syntax), code)(exports, ...Object.values(syntax));
  expect(await saidBy(exports.run!)).toEqual(expected);
});
