/** House rules of the code that no compiler checks: sizes, names, state, casts and words. */
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { readSources, SRC, walk } from '../support/source-files.ts';
import type { Source } from '../support/source-files.ts';

/** Only these re-export what other files define. */
const GATES = /^(index|(wire|error-texts)\/index|platform\/(ports|[a-z-]+\/index)|entries\/[a-z-]+)\.ts$/;

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

const sources = readSources();
const written = sources.filter(({ isGenerated }) => !isGenerated);
const core = written.filter(({ path }) => !EDGE.test(path));

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
