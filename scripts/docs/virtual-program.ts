import { dirname } from 'node:path';
import ts from 'typescript';

/** A file that is only in memory. */
export interface VirtualFile {
  readonly path: string;
  readonly code: string;
  /** What to call its lines: `README.md` for line 12. Without it the path is named alone. */
  readonly where: string;
  /** The line of `where` on which the code begins. */
  readonly line: number;
}

/** Where the types of the package's entries are, in the folder of a build. */
const entryPaths = (dist: string): Record<string, string[]> => ({
  flooim: [`${dist}/node.d.ts`],
  'flooim/umd': [`${dist}/flooim.umd.d.ts`],
  'flooim/legacy': [`${dist}/flooim.legacy.d.ts`],
  'flooim/*': [`${dist}/*.d.ts`],
});

const optionsOf = (dist: string, options: ts.CompilerOptions): ts.CompilerOptions => ({
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  jsx: ts.JsxEmit.ReactJSX,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node', 'vite/client'],
  paths: entryPaths(dist),
  ...options,
});

/** Source files that every program reads: the standard library, and the types of packages. */
const known = new Map<string, ts.SourceFile>();

/**
 * Compiles files of memory against the built package.
 *
 * @param dist - the folder that `flooim` and its subpaths resolve to
 * @param globals - declares what the files may use without an import
 * @returns a line for each error
 */
export function compileFiles(
  files: readonly VirtualFile[],
  globals: { path: string; code: string },
  dist: string,
  compilerOptions: ts.CompilerOptions,
): { problems: string[]; program: ts.Program } {
  const options = optionsOf(dist, compilerOptions);
  const texts = new Map([[globals.path, globals.code], ...files.map(({ path, code }) => [path, code] as const)]);
  const places = new Map(files.map((file) => [file.path, file]));
  const folders = new Set(files.flatMap(({ path }) => foldersAbove(path)));
  const host = ts.createCompilerHost(options);
  const [readFile, fileExists] = [host.readFile, host.fileExists];
  const [directoryExists, getSourceFile] = [host.directoryExists!, host.getSourceFile];
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.directoryExists = (name) => folders.has(name) || directoryExists(name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = texts.get(name);
    if (text !== undefined) return ts.createSourceFile(name, text, target);
    const source = known.get(name) ?? getSourceFile(name, target, ...rest);
    if (source) known.set(name, source);
    return source;
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, ' ');
    const place = places.get(file?.fileName ?? '');
    if (!file || !place) return `${file?.fileName ?? 'documentation'}: ${message}`;
    return `${place.where}:${place.line + file.getLineAndCharacterOfPosition(start ?? 0).line}: ${message}`;
  });
  return { problems, program };
}

const foldersAbove = (path: string): string[] => {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
};
