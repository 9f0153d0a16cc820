import { compileFiles } from './virtual-program.ts';

export interface Example {
  /** The member that shows it. */
  where: string;
  /** TypeScript, with or without a fence of Markdown around it. */
  code: string;
}

/** Declares the names that an example may use without an import. */
export const EXAMPLE_GLOBALS = `import type { FlooClient, Message } from 'flooim';
import type { Call, Calls } from 'flooim/rtc';
declare global {
  const im: FlooClient & { readonly calls: Calls };
  const call: Call;
  const message: Message;
  const mid: number;
  const picker: HTMLInputElement;
}
`;

/**
 * Compiles each example as a module that imports the built package.
 *
 * @param dist - the directory that `flooim` and its subpaths resolve to
 * @returns one line for each error
 */
export function checkExamples(examples: readonly Example[], dist: string): string[] {
  const files = examples.map(({ where, code }, index) => ({
    path: `${dist}/example-${index}.ts`,
    code: `${code.replace(/^```.*$/gm, '')}\nexport {};\n`,
    where: `example of ${where}`,
    line: 1,
  }));
  const globals = { path: `${dist}/example-globals.ts`, code: EXAMPLE_GLOBALS };
  return compileFiles(files, globals, dist, { strict: true }).problems;
}
