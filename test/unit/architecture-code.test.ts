/** House rules of the code that no compiler checks: sizes, names, state, casts and words. */
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { readSources, SRC, walk } from '../support/source-files.ts';
import type { Source } from '../support/source-files.ts';

/** Only these files re-export others. */
const GATES =
  /^(index|(live|react|rtc|vue|wire|error-texts)\/index|platform\/(ports|[a-z-]+\/index)|entries\/[a-z-]+)\.ts$/;

/** Rooms that fill the ports, join a platform to the client, or are built on a client: the others are core. */
const EDGE = /^(platform\/(browser|legacy|mini-program|node|web-api)|entries|live|react|rtc|vue)\//;

const FILE_LINES = 300;
const FILE_LINES_AT_MOST = 350;
/** Files over {@link FILE_LINES}, each with its reason. */
const LONG_FILES: Readonly<Record<string, string>> = {};

const SHORT_FILE_LINES = 30;
/** Files under {@link SHORT_FILE_LINES} that do not join another one, each with its reason. */
const SHORT_FILES: Readonly<Record<string, string>> = {
  'account/credentials.ts': 'one job of the session, which is long enough',
  'entries/browser-client.ts': 'an entry',
  'entries/browser.ts': 'an entry',
  'entries/client-types.ts': 'an entry',
  'entries/legacy.ts': 'an entry',
  'entries/node.ts': 'an entry',
  'entries/script-global.ts': 'shared by two entries',
  'entries/umd.ts': 'an entry',
  'entries/uniapp.ts': 'an entry',
  'entries/wechat.ts': 'an entry',
  'error-texts/history-texts.ts': 'the type of every language, which imports it',
  'error-texts/texts.ts': 'the type of every language, which imports it',
  'live/equal.ts': 'a leaf, shared by many files',
  'live/index.ts': 'what two entries export',
  'model/conversation.ts': 'types of one noun, shared by many rooms',
  'model/device.ts': 'types of one noun, shared by many rooms',
  'model/one-of.ts': 'types of one noun, shared by many rooms',
  'model/page.ts': 'types of one noun, shared by many rooms',
  'platform/journal/file-system.ts': 'the interface that each platform fills',
  'platform/legacy/files.ts': 'one port',
  'platform/legacy/http.ts': 'one port',
  'platform/legacy/polyfills.ts': 'runs before everything else of its build',
  'platform/legacy/preferences.ts': 'one port',
  'platform/mini-program/lifecycle.ts': 'one port',
  'platform/web-api/system.ts': 'two ports of one line each',
  'rtc/janus-json.ts': 'one job of the session, which is long enough',
  'rtc/random-text.ts': 'a leaf, shared by many files',
  'rtc/room.ts': 'a leaf of calls',
  'react/index.ts': 'an entry',
  'rtc/recent-ids.ts': 'a leaf of calls',
  'session/session-owner.ts': 'the interface that another room fills',
  'util/client-slots.ts': 'a leaf, shared by two platforms',
  'util/call-isolated.ts': 'a leaf, shared by two rooms',
  'util/backoff.ts': 'a leaf, shared by many rooms',
  'util/deferred.ts': 'a leaf, shared by many rooms',
  'util/es2019.ts': 'a leaf, shared by many rooms',
  'util/first-index.ts': 'a leaf, shared by many rooms',
  'util/log-level.ts': 'a leaf, shared by many rooms',
  'util/mime-type.ts': 'a leaf, shared by many rooms',
  'util/version.ts': 'a leaf, shared by many rooms',
  'util/portal.ts': 'a leaf, shared by two rooms',
  'util/turns.ts': 'a leaf, shared by many rooms',
  'vue/index.ts': 'an entry',
  'wire/wire-error.ts': 'a leaf of the wire',
};

/** Words that the code does not use, and the words to use instead. */
const REPLACED_WORDS: readonly { word: RegExp; instead: string; allowedIn?: RegExp }[] = [
  {
    word: /\btold|told(?=[A-Z])|\b[Tt]ell(s|ings?)?(\b|(?=[A-Z]))|[a-z]Tell(s|ings?)?(?![a-z])/,
    instead: 'emit, notify, acknowledge',
  },
  // The product itself has announcements of groups.
  { word: /\b[Aa]nnounc(e[ds]?|ing|er)\b|\bannounce(?=[A-Z])/, instead: 'emit' },
  // The build for old browsers and nothing else.
  { word: /legacy/i, instead: 'deployed', allowedIn: /^(platform\/legacy|entries)\// },
];

/** Lines of a function without the functions inside it, so that a factory of small closures counts as short. */
const FUNCTION_LINES = 80;
/** Functions over {@link FUNCTION_LINES}, each with its reason. */
const LONG_FUNCTIONS: Readonly<Record<string, string>> = {};

const sources = readSources();
const written = sources.filter(({ isGenerated }) => !isGenerated);
const core = written.filter(({ path }) => !EDGE.test(path));

describe('files', () => {
  test('are short', () => {
    const long = written.filter(({ lines, path }) => lines > FILE_LINES && !(path in LONG_FILES));
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  test('on the list of longer ones stay within their limit, and leave the list when they are short', () => {
    const lengths = Object.keys(LONG_FILES).map((path) => sources.find((source) => source.path === path)?.lines ?? 0);
    expect(lengths.filter((lines) => lines <= FILE_LINES || lines > FILE_LINES_AT_MOST)).toEqual([]);
  });

  test('have a minimum length, below which they join another file', () => {
    const short = written.filter(({ lines }) => lines < SHORT_FILE_LINES).map(({ path }) => path);
    expect(short.sort()).toEqual(Object.keys(SHORT_FILES).sort());
  });

  test('have no long functions', () => {
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

  test('do not force types: no assertion over unknown, no any, no switched-off check', () => {
    expect(written.flatMap(forcedTypes)).toEqual([]);
  });

  test('use the words of the field', () => {
    expect(written.flatMap(replacedWords)).toEqual([]);
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
        ...['src/entries', 'src/live', 'src/react', 'src/rtc', 'src/vue'],
        ...['browser', 'legacy', 'mini-program', 'node', 'web-api'].map((platform) => `src/platform/${platform}`),
      ].sort(),
    );
  });

  test('does not declare types of platform globals itself', () => {
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

/** Lines that override the compiler. */
function forcedTypes({ path, ast }: Source): string[] {
  return linesWith(/\bas unknown as\b|\bas any\b|@ts-(ignore|expect-error|nocheck)/, ast.text, path);
}

function replacedWords({ path, ast }: Source): string[] {
  return REPLACED_WORDS.filter(({ allowedIn }) => !allowedIn?.test(path)).flatMap(({ word, instead }) =>
    linesWith(word, ast.text, path).map((line) => `${line} (instead: ${instead})`),
  );
}

function linesWith(pattern: RegExp, text: string, path: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []));
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

/** Globals of ES2020, which the compiler accepts. */
function impure({ path, ast }: Source): string[] {
  const found: string[] = [];
  walk(ast, (node) => {
    // A `typeof globalThis` reads types of the app and does not run.
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
