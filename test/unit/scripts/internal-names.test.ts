import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { internalNames, propertyNamesOf } from '../../../scripts/internal-names.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'internal-names-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HEAD = `export {};
interface Thing { inner: number; other?: Thing }
declare function make(): Thing;
const thing: Thing = { inner: 1 };
`;

/** Of the names `inner`, `other` and those of `source`, the internal ones. */
function internal(source: string): string[] {
  writeFileSync(
    join(folder, 'tsconfig.json'),
    '{"compilerOptions":{"strict":true,"target":"ES2020","lib":["ES2020"],"types":[]}}',
  );
  writeFileSync(join(folder, 'entry.ts'), `${HEAD}${source}\nvoid [thing.inner, thing.other];`);
  return [...internalNames([join(folder, 'entry.ts')], folder)];
}

const BOTH = ['inner', 'other'];

test.each([
  ['is used inside only', 'const { inner } = thing; void [inner, thing.other?.inner];', BOTH],
  [
    'goes through an array of the language',
    'const list: readonly Thing[] = [thing]; void list.map((x) => x.inner);',
    BOTH,
  ],
  ['is checked by satisfies', 'void ({ inner: 2 } satisfies Record<string, number>);', BOTH],
  ['is exported', 'export { thing };', []],
  ['is a type that is exported', 'export type { Thing };', []],
  ['is what an exported function takes', 'export function take(value: Thing): void { void value; }', []],
  ['becomes JSON', 'void JSON.stringify(thing);', []],
  ['becomes JSON in a generic', 'const text = <T>(value: T) => JSON.stringify(value); text(thing);', []],
  ['comes from JSON', "void (JSON.parse('{}') as Thing);", []],
  ['comes from JSON by its type', "const other: Thing = JSON.parse('{}'); void other;", []],
  ['comes from JSON by a call of this type', 'declare function ask<T>(): T; void ask<Thing>();', []],
  ['is guarded', 'const is = (value: unknown): value is Thing => true; void is;', []],
  ['has its names listed', 'void Object.keys(thing);', []],
  ['is walked', 'for (const key in thing) void key;', []],
  ['is a record', 'const record: Record<string, unknown> = { thing }; void record;', []],
  ['has a name as a text', "void ('inner' in thing);", ['other']],
  ['is read by a text', "const key = 'inner'; void thing[key];", ['other']],
  ['is read by a keyof', 'const read = (key: keyof Thing) => thing[key]; void read;', []],
  ['is read by a text put together', 'const read = (x: string) => (thing as any)[`in${x}` as const]; void read;', []],
  [
    'shares a name with the language',
    'interface Own { map: number; mine: number } const own = {} as Own; void [own.map, own.mine, [1].map(String)];',
    ['inner', 'mine', 'other'],
  ],
  [
    'says what an object of a library may have',
    'const f = (list: Date & { inner?: number }) => list.inner; void f;',
    ['other'],
  ],
  ['has a name that a library exports', "import { inner as from } from 'library'; void from;", ['other']],
  ['is given to the global object', 'Object.assign(globalThis, thing);', []],
])('what %s', (_what, source, names) => {
  expect(internal(source)).toEqual(names);
});

test('of the SDK, no name that is public or stored is internal, and many others are', { timeout: 120_000 }, () => {
  const entries = ['browser', 'node', 'umd'].map((name) => join(root, `src/entries/${name}.ts`));
  const names = internalNames(entries, join(root, 'src'));
  const keysOf = (value: unknown): string[] =>
    typeof value === 'object' && value ? Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]) : [];
  const stored = keysOf(JSON.parse(readFileSync(join(root, 'test/fixtures/store-v1.json'), 'utf8')));
  const members = readFileSync(join(root, 'test/api/members.json'), 'utf8').match(/(?<=")\w+(?=")/g)!;
  const schema = propertyNamesOf(readFileSync(join(root, 'src/store/schema.ts'), 'utf8'));
  expect([...stored, ...members, ...schema].filter((name) => names.has(name))).toEqual([]);
  expect(names.size).toBeGreaterThan(200);
});
