/** The files under src for the checks of the architecture: text, syntax tree and imports. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The folder of the SDK's own code. */
export const SRC = fileURLToPath(new URL('../../src', import.meta.url));

interface Import {
  specifier: string;
  /** Path under src, or undefined for a package. */
  path: string | undefined;
  typeOnly: boolean;
}

export interface Source {
  path: string;
  ast: ts.SourceFile;
  lines: number;
  imports: Import[];
  isGenerated: boolean;
}

/** Reads every file under src. */
export function readSources(): Source[] {
  return listFiles('').map(read);
}

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

/** Every cycle met by walking the imports once, as the files on it. */
export function cycles(all: readonly Pick<Source, 'path' | 'imports'>[]): string[] {
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

/** Visits a node and everything inside it. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}
