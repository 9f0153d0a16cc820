/** The house rules that no compiler knows: who may import whom, how big a file gets, what it is called. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

interface Room {
  rank: number;
  /** Folders (`store/`) and single files (`errors.ts`) under src; the first room that has a file owns it. */
  files: readonly string[];
  /** Files and folders of other rooms that it may import; its own always. */
  may: readonly string[];
  /** Packages from npm. */
  packages?: readonly string[];
}

/** Rank 0 as most rooms see it. */
const BASE = ['model/', 'util/', 'errors.ts', 'platform/ports.ts'];

/** The table of ARCHITECTURE.md. `import type` is no exception: who names a type depends on it. */
const ROOMS: Readonly<Record<string, Room>> = {
  model: { rank: 0, files: ['model/'], may: [] },
  ports: { rank: 0, files: ['platform/ports.ts'], may: [] },
  errors: { rank: 0, files: ['errors.ts'], may: [] },
  util: { rank: 0, files: ['util/'], may: ['platform/ports.ts'], packages: ['eventemitter3', 'mime'] },
  // A public entry, which everybody else finds in the files behind it.
  'wire entry': { rank: 2, files: ['wire/index.ts'], may: ['wire/'], packages: ['fflate'] },
  wire: { rank: 1, files: ['wire/'], may: BASE, packages: ['fflate', 'protobufjs'] },
  'error-texts': { rank: 1, files: ['error-texts/'], may: ['errors.ts'] },
  transport: { rank: 2, files: ['transport/'], may: [...BASE, 'wire/'] },
  store: { rank: 2, files: ['store/'], may: [...BASE, 'platform/memory/'] },
  http: { rank: 2, files: ['http/'], may: BASE },
  bootstrap: { rank: 3, files: ['bootstrap/'], may: BASE },
  directory: { rank: 3, files: ['directory/'], may: [...BASE, 'http/', 'store/'] },
  session: { rank: 4, files: ['session/'], may: [...BASE, 'wire/', 'transport/', 'bootstrap/'] },
  sync: { rank: 5, files: ['sync/'], may: [...BASE, 'wire/', 'store/'] },
  files: {
    rank: 6,
    files: ['files/'],
    may: [...BASE, 'wire/utf8.ts', 'store/', 'http/', 'sync/'],
  },
  account: {
    rank: 7,
    files: ['account/'],
    may: [...BASE, 'wire/', 'transport/', 'store/', 'http/', 'bootstrap/', 'directory/', 'session/', 'sync/', 'files/'],
  },
  'client-events': { rank: 1, files: ['client-events.ts'], may: BASE },
  announcing: {
    rank: 8,
    files: ['announcing/'],
    may: [...BASE, 'client-events.ts', 'wire/', 'store/', 'session/', 'sync/', 'account/'],
  },
  managers: {
    rank: 8,
    files: ['managers/'],
    may: [
      ...BASE,
      'client-events.ts',
      'account/',
      'files/',
      'http/',
      'store/',
      'sync/outgoing.ts',
      'session/identity.ts',
    ],
  },
  client: {
    rank: 9,
    files: ['options.ts', 'startup.ts', 'client-core.ts', 'floo-client.ts', 'client.ts'],
    may: [
      ...[...BASE, 'wire/', 'transport/', 'store/', 'http/', 'bootstrap/', 'directory/', 'session/', 'sync/'],
      ...['files/', 'account/', 'announcing/', 'managers/', 'client-events.ts', 'platform/memory/'],
    ],
  },
  'web-api': { rank: 1, files: ['platform/web-api/'], may: ['platform/ports.ts', 'util/', 'errors.ts'] },
  memory: { rank: 1, files: ['platform/memory/'], may: ['platform/ports.ts', 'util/', 'errors.ts'] },
  journal: {
    rank: 2,
    files: ['platform/journal/'],
    may: ['platform/ports.ts', 'util/', 'errors.ts', 'platform/memory/'],
  },
  browser: {
    rank: 2,
    files: ['platform/browser/'],
    may: ['platform/ports.ts', 'util/', 'errors.ts', 'platform/web-api/', 'platform/memory/'],
    packages: ['idb'],
  },
  node: {
    rank: 3,
    files: ['platform/node/'],
    may: ['platform/ports.ts', 'util/', 'errors.ts', 'platform/web-api/', 'platform/memory/', 'platform/journal/'],
    packages: ['ws', 'node:events', 'node:fs', 'node:http', 'node:https', 'node:path', 'node:stream'],
  },
  legacy: {
    rank: 3,
    files: ['platform/legacy/'],
    may: ['platform/ports.ts', 'platform/browser/', 'platform/web-api/'],
  },
  'mini-program': {
    rank: 3,
    files: ['platform/mini-program/'],
    may: [
      ...['platform/ports.ts', 'util/', 'platform/web-api/', 'platform/memory/', 'platform/journal/'],
      'wire/utf8.ts',
    ],
  },
  index: {
    rank: 10,
    files: ['index.ts'],
    may: [...BASE, 'managers/', 'client.ts', 'client-events.ts', 'floo-client.ts', 'options.ts'],
  },
  entries: {
    rank: 11,
    files: ['entries/'],
    may: [
      ...['index.ts', 'client.ts', 'floo-client.ts', 'options.ts', 'platform/ports.ts'],
      ...['platform/browser/', 'platform/legacy/', 'platform/mini-program/', 'platform/node/'],
    ],
  },
};

/** Only these re-export what other files define. */
const GATES = /^(index|(wire|error-texts)\/index|platform\/[a-z-]+\/index|entries\/[a-z-]+)\.ts$/;

/** Rooms that fill the ports or join a platform to the client: the others are core. */
const EDGE = /^(platform\/(browser|legacy|mini-program|node|web-api)|entries)\//;

const FILE_LINES = 300;
const FILE_LINES_AT_MOST = 350;
/** Files over {@link FILE_LINES}, each with its reason. */
const LONG_FILES: Readonly<Record<string, string>> = {};

/** Without the lines of functions inside it, so that a factory full of small closures counts as what it is. */
const FUNCTION_LINES = 80;
/** Functions over {@link FUNCTION_LINES}, each with its reason. */
const LONG_FUNCTIONS: Readonly<Record<string, string>> = {};

interface Import {
  specifier: string;
  /** Path under src, or undefined for a package. */
  path: string | undefined;
  typeOnly: boolean;
}

interface Source {
  path: string;
  ast: ts.SourceFile;
  lines: number;
  imports: Import[];
  isGenerated: boolean;
}

const sources = listFiles('').map(read);
const written = sources.filter(({ isGenerated }) => !isGenerated);
const core = written.filter(({ path }) => !EDGE.test(path));

describe('rooms', () => {
  test('every file belongs to a room', () => {
    expect(sources.filter(({ path }) => !roomOf(path)).map(({ path }) => path)).toEqual([]);
  });

  test('a room may import only from rooms of a lower rank', () => {
    // The ports, which import nothing, lie below the rest of rank 0.
    expect(ROOMS['ports']!.may).toEqual([]);
    const upward = Object.entries(ROOMS).flatMap(([name, { rank, may }]) =>
      may
        .map((place) => ({ place, other: roomOf(place) }))
        .filter(({ other }) => other !== 'ports' && (other === undefined || ROOMS[other]!.rank >= rank))
        .map(({ place }) => `${name} → ${place}`),
    );
    expect(upward).toEqual([]);
  });

  test('every place in the table exists', () => {
    const places = Object.values(ROOMS).flatMap(({ files, may }) => [...files, ...may]);
    expect(places.filter((place) => !existsSync(join(SRC, place)))).toEqual([]);
  });

  test('a file imports only what its room may', () => {
    const strangers = sources.flatMap(({ path, imports }) => {
      const { files, may, packages = [] } = ROOMS[roomOf(path)!]!;
      return imports
        .filter(({ path: target, specifier }) =>
          target === undefined
            ? !packages.includes(specifier.split('/')[0]!)
            : roomOf(target) !== roomOf(path) && ![...files, ...may].some((place) => isWithin(target, place)),
        )
        .map(({ specifier }) => `${path} → ${specifier}`);
    });
    expect(strangers).toEqual([]);
  });

  test('nothing imports itself over a detour, types included', () => {
    expect(cycles(sources)).toEqual([]);
  });

  test('no room imports a public entry', () => {
    const entries = ['index.ts', 'wire/index.ts', 'error-texts/index.ts'];
    expect(
      edges()
        .filter(([from, to]) => entries.includes(to) && !from.startsWith('entries/'))
        .map((edge) => edge.join(' → ')),
    ).toEqual([]);
  });

  test('a manager never imports another one', () => {
    expect(
      edges()
        .filter(([from, to]) => [from, to].every((path) => path.startsWith('managers/') && path.endsWith('-manage.ts')))
        .map((edge) => edge.join(' → ')),
    ).toEqual([]);
  });

  test('an entry joins at most one platform to the client', () => {
    const platformsOf = (entry: string): Set<string> =>
      new Set(edges(entry).flatMap(([, to]) => /^platform\/([a-z-]+)\//.exec(to)?.[1] ?? []));
    const entries = written.map(({ path }) => path).filter((path) => path.startsWith('entries/'));
    expect(entries.filter((entry) => platformsOf(entry).size > 1)).toEqual([]);
  });

  test('ports are types; the texts know the codes by type only', () => {
    const values = written.flatMap(({ path, imports }) =>
      imports
        .filter(
          ({ path: target, typeOnly }) =>
            !typeOnly && (target === 'platform/ports.ts' || path.startsWith('error-texts/')),
        )
        .filter(({ path: target }) => !target?.startsWith('error-texts/'))
        .map(({ specifier }) => `${path} → ${specifier}`),
    );
    expect(values).toEqual([]);
  });
});

describe('files', () => {
  test('are short', () => {
    const long = written.filter(({ lines, path }) => lines > FILE_LINES && !(path in LONG_FILES));
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  test('that may be longer are not much longer, and still need to be', () => {
    const lengths = Object.keys(LONG_FILES).map((path) => sources.find((source) => source.path === path)?.lines ?? 0);
    expect(lengths.filter((lines) => lines <= FILE_LINES || lines > FILE_LINES_AT_MOST)).toEqual([]);
  });

  test('have no functions that fill pages', () => {
    const long = written.flatMap(longFunctions);
    expect(long.sort()).toEqual(Object.keys(LONG_FUNCTIONS));
  });

  test('have kebab-case names that say what is inside', () => {
    const names = written.map(({ path }) => path);
    expect(
      names.filter((path) => !/^([a-z][a-z0-9]*(-[a-z0-9]+)*\/)*[a-z][a-z0-9]*(-[a-z0-9]+)*\.ts$/.test(path)),
    ).toEqual([]);
    expect(names.filter((path) => /\b(utils?|helpers?|misc|common|impl)\b[^/]*$/.test(path))).toEqual([]);
  });

  test('are imported directly: only gates re-export', () => {
    const barrels = written.filter(({ path, ast }) => !GATES.test(path) && ast.statements.some(isReExport));
    expect(barrels.map(({ path }) => path)).toEqual([]);
  });

  test('keep no state: two clients in one page share nothing', () => {
    expect(written.flatMap(moduleState)).toEqual([]);
  });
});

describe('the core', () => {
  test('is compiled without the globals of any platform', () => {
    const { config } = ts.readConfigFile(join(SRC, '../tsconfig.json'), ts.sys.readFile) as {
      config: { compilerOptions: unknown; include: unknown; exclude: string[] };
    };
    expect(config.compilerOptions).toMatchObject({ lib: ['ES2020'], types: [], strict: true });
    expect(config.include).toEqual(['src']);
    expect(config.exclude.sort()).toEqual(
      [
        'src/entries',
        ...['browser', 'legacy', 'mini-program', 'node', 'web-api'].map((platform) => `src/platform/${platform}`),
      ].sort(),
    );
  });

  test('brings no types of its own to name them either', () => {
    const smuggled = core.filter(({ ast }) => {
      const references = [...ast.typeReferenceDirectives, ...ast.libReferenceDirectives, ...ast.referencedFiles];
      return references.length > 0 || ast.statements.some(isAmbient) || /@ts-(ignore|nocheck|expect)/.test(ast.text);
    });
    expect(smuggled.map(({ path }) => path)).toEqual([]);
  });

  test('takes time from the Clock and chance from Random', () => {
    expect(core.flatMap(impure)).toEqual([]);
  });
});

function listFiles(folder: string): string[] {
  return readdirSync(join(SRC, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return listFiles(path);
    return /\.(ts|js)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

function read(path: string): Source {
  const text = readFileSync(join(SRC, path), 'utf8');
  const ast = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const lines = text.replace(/\n$/, '').split('\n').length;
  return { path, ast, lines, imports: importsOf(path, ast), isGenerated: path.startsWith('wire/gen/') };
}

/** `import`, `export … from`, `import('…')` as a call and as a type. */
function importsOf(path: string, ast: ts.SourceFile): Import[] {
  const imports: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) throw new Error(`${path} imports what is no literal`);
    const isFile = specifier.text.startsWith('.');
    const target = isFile ? posix.join(posix.dirname(path), specifier.text) : undefined;
    if (target !== undefined && !existsSync(join(SRC, target))) throw new Error(`${path}: no ${specifier.text}`);
    imports.push({ specifier: specifier.text, path: target, typeOnly });
  };
  walk(ast, (node) => {
    if (ts.isImportDeclaration(node)) {
      const isType = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      add(node.moduleSpecifier, isType);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    }
  });
  return imports;
}

function roomOf(path: string): string | undefined {
  return Object.keys(ROOMS).find((name) => ROOMS[name]!.files.some((place) => isWithin(path, place)));
}

function isWithin(path: string, place: string): boolean {
  return path === place || (place.endsWith('/') && path.startsWith(place));
}

function edges(of?: string): [from: string, to: string][] {
  return sources.flatMap(({ path, imports }) =>
    of === undefined || path === of
      ? imports.flatMap(({ path: target }): [string, string][] => (target === undefined ? [] : [[path, target]]))
      : [],
  );
}

/** Every cycle met by walking the imports once, as the files on it. */
function cycles(all: readonly Pick<Source, 'path' | 'imports'>[]): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push([...trail.slice(at), path].join(' → '));
    if (at >= 0 || done.has(path)) return;
    const targets = all.find((source) => source.path === path)?.imports ?? [];
    for (const { path: target } of targets) if (target !== undefined) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of all) visit(path, []);
  return found;
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

function linesOf(ast: ts.SourceFile, node: ts.Node): number {
  const lineOf = (position: number): number => ast.getLineAndCharacterOfPosition(position).line;
  return lineOf(node.end) - lineOf(node.getStart()) + 1;
}

function longFunctions({ path, ast }: Source): string[] {
  const long: string[] = [];
  const own = (node: ts.Node, name: string): number => {
    let inner = 0;
    const count = (child: ts.Node): void => {
      // The line that a nested function begins on is counted as its parent's.
      if (ts.isFunctionLike(child)) inner += own(child, nameOf(child) ?? name) - 1;
      else ts.forEachChild(child, count);
    };
    ts.forEachChild(node, count);
    const total = linesOf(ast, node);
    if (total - inner > FUNCTION_LINES && !ts.isSourceFile(node)) long.push(`${path} ${name}`);
    return total;
  };
  own(ast, '');
  return long;
}

function nameOf({ name, parent }: ts.SignatureDeclaration): string | undefined {
  if (name) return name.getText();
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name.getText() : undefined;
}

function isReExport(statement: ts.Statement): boolean {
  return ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined;
}

function isAmbient(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)
  );
}

/** Module-level `let`, `var` and containers that somebody could fill. */
function moduleState({ path, ast }: Source): string[] {
  const state: string[] = [];
  for (const statement of ast.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const isConst = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
    for (const { name, type, initializer } of statement.declarationList.declarations) {
      const isContainer =
        (initializer !== undefined &&
          ts.isNewExpression(initializer) &&
          /^(Weak)?(Map|Set)$/.test(initializer.expression.getText())) ||
        /^(\[\]|\{\})$/.test(initializer?.getText() ?? '');
      const isReadonly = /^(readonly |Readonly)/.test(type?.getText() ?? '');
      if (!isConst || (isContainer && !isReadonly)) state.push(`${path} ${name.getText()}`);
    }
  }
  return state;
}

/** What ES2020 has and the compiler therefore lets pass. */
function impure({ path, ast }: Source): string[] {
  const found: string[] = [];
  walk(ast, (node) => {
    // A `typeof globalThis` asks what the app's own types are, and runs nowhere.
    if (!ts.isIdentifier(node) || ts.isTypeQueryNode(node.parent)) return;
    const { parent } = node;
    const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
    if (
      isMember ? `${parent.expression.getText()}.${node.text}` === 'Math.random' : /^(globalThis|Date)$/.test(node.text)
    ) {
      found.push(`${path} ${node.text}`);
    }
  });
  return found;
}

test('the check of cycles sees one', () => {
  const file = (path: string, ...targets: string[]): Pick<Source, 'path' | 'imports'> => ({
    path,
    imports: targets.map((target) => ({ specifier: target, path: target, typeOnly: true })),
  });
  expect(cycles([file('a', 'b'), file('b', 'c', 'd'), file('c'), file('d', 'a')])).toEqual(['a → b → d → a']);
  expect(cycles([file('a', 'b', 'c'), file('b', 'c'), file('c')])).toEqual([]);
});
