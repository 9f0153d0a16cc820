import ts from 'typescript';

export interface Example {
  /** The member or page that shows it. */
  where: string;
  /** TypeScript, with or without a fence of Markdown around it. */
  code: string;
}

/** Declares the names that an example may use without an import. */
const PRELUDE = `import type { FlooClient, Message } from 'flooim';
declare global {
  const im: FlooClient;
  const message: Message;
  const mid: number;
  const picker: HTMLInputElement;
}
`;

/** The \`\`\`ts blocks of a page, each a module of its own. */
export function examplesOfMarkdown(page: string, text: string): Example[] {
  return [...text.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code], index) => ({
    where: `${page}, block ${index + 1}`,
    code: code!,
  }));
}

/**
 * Compiles each example as a module that imports the built package.
 *
 * @param dist - the directory that `flooim` and its subpaths resolve to
 * @returns one line for each error
 */
export function checkExamples(examples: readonly Example[], dist: string): string[] {
  const files = new Map([[`${dist}/prelude.ts`, PRELUDE]]);
  const names = new Map<string, string>();
  for (const [index, { where, code }] of examples.entries()) {
    const file = `${dist}/example-${index}.ts`;
    names.set(file, where);
    files.set(file, `${code.replace(/^```.*$/gm, '')}\nexport {};\n`);
  }
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['node'],
    paths: {
      flooim: [`${dist}/node.d.ts`],
      'flooim/node': [`${dist}/node.d.ts`],
      'flooim/wechat': [`${dist}/wechat.d.ts`],
      'flooim/uniapp': [`${dist}/uniapp.d.ts`],
      'flooim/wire': [`${dist}/wire.d.ts`],
      'flooim/error-texts': [`${dist}/error-texts.d.ts`],
    },
  };
  const host = ts.createCompilerHost(options);
  const [readFile, fileExists, getSourceFile] = [host.readFile, host.fileExists, host.getSourceFile];
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile(name, target, ...rest) : ts.createSourceFile(name, text, target);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const place = file && start !== undefined ? file.text.slice(0, start).split('\n').length : 0;
    const where = names.get(file?.fileName ?? '') ?? file?.fileName ?? 'examples';
    return `example of ${where}, line ${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
