/** The house rules of the test kit and of the dev server's rooms that it takes along: they run anywhere. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILE_LINES = 300;

/** The rooms of the dev server without a line of Node. The others are its shell. */
const PORTABLE_ROOMS = ['bot', 'mail', 'messaging', 'model', 'openapi', 'rest', 'rtc', 'xsync'].map(
  (room) => `devserver/src/${room}/`,
);
/** What else the kit takes along, file by file. */
const PORTABLE_FILES = [
  ...[
    'controls',
    'faults',
    'json-depth',
    'options',
    'ports',
    'random-name',
    'ring',
    'server-core',
    'truth',
    'web-origin',
  ],
  'records/records',
].map((name) => `devserver/src/${name}.ts`);
/** What the kit has in common with the client: types, and leaves that need no platform. */
const OF_THE_CLIENT = [
  'src/index.ts',
  'src/platform/ports.ts',
  'src/platform/memory/',
  'src/platform/web-api/',
  'src/util/',
];
const PACKAGES = ['flooim/wire'];
/** Packages that the leaves of the client bring. */
const OF_LEAVES = ['mime'];

const list = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return list(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
const kit = list('testkit/src');
const portable = [...PORTABLE_ROOMS.flatMap(list), ...PORTABLE_FILES];

/** What a file imports: paths from the top of the repository, and names of packages. `import type` counts where `types` does. */
function importsOf(path: string, types = true): string[] {
  const ast = ts.createSourceFile(path, readFileSync(join(ROOT, path), 'utf8'), ts.ScriptTarget.Latest, true);
  return ast.statements.flatMap((node) => {
    if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return [];
    if (!node.moduleSpecifier || !ts.isStringLiteral(node.moduleSpecifier)) return [];
    const isType = ts.isImportDeclaration(node)
      ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : node.isTypeOnly;
    if (isType && !types) return [];
    const { text } = node.moduleSpecifier;
    return [text.startsWith('.') ? posix.join(dirname(path), text) : text];
  });
}

const isIn = (path: string, places: readonly string[]): boolean =>
  places.some((place) => path === place || (place.endsWith('/') && path.startsWith(place)));
const strangers = (files: readonly string[], may: readonly string[]): string[] =>
  files.flatMap((file) =>
    importsOf(file)
      .filter((target) => !isIn(target, may))
      .map((target) => `${file} → ${target}`),
  );

test("the dev server's core imports nothing of Node, no package, and no other room", () => {
  expect(portable.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  expect(strangers(portable, [...PORTABLE_ROOMS, ...PORTABLE_FILES, ...PACKAGES])).toEqual([]);
});

test('the test kit imports itself, the core of the dev server, and leaves of the client', () => {
  const may = ['testkit/src/', ...PORTABLE_ROOMS, ...PORTABLE_FILES, ...OF_THE_CLIENT, ...PACKAGES];
  expect(strangers(kit, may)).toEqual([]);
});

test('nothing that runs with the kit imports a package of Node, however far behind', () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const target of importsOf(path, false)) {
      if (existsSync(join(ROOT, target)) && target.endsWith('.ts')) visit(target);
      else packages.add(target.split('/').slice(0, 2).join('/'));
    }
  };
  visit('testkit/src/index.ts');
  expect(
    [...packages].filter(
      (name) =>
        !PACKAGES.includes(name) &&
        !isIn(
          name,
          OF_LEAVES.map((leaf) => `${leaf}/`),
        ),
    ),
  ).toEqual([]);
});

test('the kit shares no state with the client: it contains none', () => {
  const values = kit.flatMap((file) => importsOf(file, false).filter((target) => target === 'src/index.ts'));
  expect(values).toEqual([]);
});

test('the kit says emit and notify', () => {
  const says = kit.filter((path) =>
    /\b(told|tells?|telling|announc\w+|legacy)\b/i.test(readFileSync(join(ROOT, path), 'utf8')),
  );
  expect(says).toEqual([]);
});

test('a file of the kit is short', () => {
  const long = kit.filter((path) => readFileSync(join(ROOT, path), 'utf8').split('\n').length - 1 > FILE_LINES);
  expect(long).toEqual([]);
});
