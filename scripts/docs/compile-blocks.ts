import { compileScript, compileTemplate, parse } from 'vue/compiler-sfc';
import ts from 'typescript';
import { APP_NAMES, GLOBALS_OF_JAVASCRIPT, GLOBALS_OF_TYPESCRIPT, UNINSTALLED_MODULES } from './block-globals.ts';
import type { Block } from './pages.ts';
import { MARKUP, SCRIPT, splitMarkup } from './scripts-in-markup.ts';
import { compileFiles } from './virtual-program.ts';
import type { VirtualFile } from './virtual-program.ts';

/** A file to compile, and in which way. */
interface Module extends VirtualFile {
  readonly isTyped: boolean;
  /** Part of a named file, which has to stand alone. */
  readonly isWhole: boolean;
}

/** Is it a block that a compiler can read? */
export const isCompiled = ({ language }: Block): boolean =>
  SCRIPT.test(language) || language === 'json' || (MARKUP.test(language) && language !== 'wxml');

/**
 * Compiles the blocks of all pages against the built package. The named files of a page may import each other.
 *
 * @returns a line for each error
 */
export function compileBlocks(root: string, blocks: readonly Block[]): string[] {
  const problems = new Set<string>();
  const modules = blocks
    .filter((block) => isCompiled(block) && !block.isPartial)
    .flatMap((block, index) => modulesOf(root, block, index, (problem) => problems.add(problem)));
  const paths = new Set<string>();
  for (const { path, where, line } of modules) {
    if (paths.has(path)) problems.add(`${where}:${line}: the page has this file twice`);
    paths.add(path);
  }
  const others = [
    file(`${root}docs/modules.d.ts`, UNINSTALLED_MODULES),
    ...[...new Set(blocks.map(({ page }) => folderOf(root, page)))].map((folder) =>
      file(`${folder}im/flooim.d.ts`, COPIED_FILE),
    ),
  ];
  const untyped = new Set(modules.filter((module) => !module.isTyped).map(({ where }) => where));
  // JavaScript may import TypeScript of its page.
  const isBeside = ({ isTyped, isWhole, where }: Module): boolean => isTyped && isWhole && untyped.has(where);
  for (const isTyped of [true, false]) {
    const files = [...modules.filter((module) => module.isTyped === isTyped || isBeside(module)), ...others];
    const globals = {
      path: `${root}docs/globals.ts`,
      code: isTyped ? GLOBALS_OF_TYPESCRIPT : GLOBALS_OF_JAVASCRIPT,
    };
    const options = isTyped ? { strict: true } : { strict: false, allowJs: true, checkJs: true };
    const compiled = compileFiles(files, globals, `${root}dist`, options);
    const whole = new Set(modules.filter(({ isWhole }) => isWhole).map(({ path }) => path));
    for (const problem of [...compiled.problems, ...borrowedNames(compiled.program, whole, globals.path, modules)])
      problems.add(problem);
  }
  return [...problems];
}

/** What mini-programs copy from the package. */
const COPIED_FILE = "export * from 'flooim/wechat';";

const file = (path: string, code: string): VirtualFile => ({ path, code, where: path, line: 1 });

const folderOf = (root: string, page: string): string => `${root}docs/blocks/${page.replace(/\.md$/, '')}/`;

function modulesOf(root: string, block: Block, index: number, onProblem: (problem: string) => void): Module[] {
  const path = folderOf(root, block.page) + (block.file ?? `block-${index}.${block.language}`);
  const module = (code: string, ending: string, line: number, isTyped: boolean): Module => ({
    path: path + ending,
    // Each is a module, so that it shares no names with the others.
    code: /^\s*(import|export) /m.test(code) || /\brequire\(/.test(code) ? code : `${code}\nexport {};\n`,
    where: block.page,
    line,
    isTyped,
    isWhole: block.file !== undefined,
  });
  const where = `${block.page}:${block.line}`;
  if (block.language === 'json') {
    try {
      JSON.parse(block.code);
    } catch (error) {
      onProblem(`${where}: ${String(error)}`);
    }
    return [];
  }
  if (block.language === 'vue') {
    const { code, isTyped, problems } = scriptOfComponent(block.code, path);
    for (const problem of problems) onProblem(`${where}: ${problem}`);
    return code === undefined ? [] : [module(code, isTyped ? '.ts' : '.js', block.line, isTyped)];
  }
  if (MARKUP.test(block.language))
    return splitMarkup(block.code).scripts.map(({ code, lines }) =>
      module(code, `.${lines}.js`, block.line + lines, false),
    );
  return [module(block.code, '', block.line, /tsx?$/.test(block.language))];
}

/** A component of one file as a module, with its template as a function. */
function scriptOfComponent(
  text: string,
  path: string,
): { code: string | undefined; isTyped: boolean; problems: readonly string[] } {
  const { descriptor, errors } = parse(text, { filename: path });
  const problems = errors.map(({ message }) => message);
  const { script, scriptSetup, template } = descriptor;
  if (!script && !scriptSetup) return { code: undefined, isTyped: false, problems };
  const { content } = compileScript(descriptor, { id: 'block', inlineTemplate: scriptSetup !== null });
  if (!scriptSetup && template) {
    const compiled = compileTemplate({ source: template.content, filename: path, id: 'block' });
    problems.push(...compiled.errors.map((error) => (typeof error === 'string' ? error : error.message)));
  }
  return { code: content, isTyped: (scriptSetup ?? script)?.lang === 'ts', problems };
}

/** Named files that use a name which only parts of an app may use. */
function borrowedNames(
  program: ts.Program,
  whole: ReadonlySet<string>,
  globals: string,
  modules: readonly Module[],
): string[] {
  const checker = program.getTypeChecker();
  return modules.flatMap(({ path, where, line }) => {
    const source = whole.has(path) ? program.getSourceFile(path) : undefined;
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) && APP_NAMES.includes(node.text)) {
        const declaration = checker.getSymbolAtLocation(node)?.declarations?.[0];
        if (declaration?.getSourceFile().fileName === globals)
          found.push(`${where}:${line}: the file does not declare ${node.text}`);
      }
      ts.forEachChild(node, visit);
    };
    if (source) visit(source);
    return found;
  });
}
