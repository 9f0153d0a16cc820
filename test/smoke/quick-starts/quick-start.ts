import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createDevServer } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import { readPage } from '../../../scripts/docs/pages.ts';
import type { PackedProject } from '../packed.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What the pages name: the server that `npx flooim-devserver` starts. */
const PRINTED_DNS = 'http://127.0.0.1:4000/v2/app_dns';

/** A program that a page says to run. */
export interface Program {
  /** Resolves with the first line that it prints and that has this text. */
  line(text: string): Promise<string>;
  type(line: string): void;
  /** Resolves when it ends without an error. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/** The app of a quick start, in a folder of its own, with nothing but the packed package and what the page says. */
export interface QuickStart {
  readonly folder: string;
  readonly server: DevServer;
  /** Starts a program of the folder in Node. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Program;
  remove(): Promise<void>;
}

/** The named files of a page, as they are for this server. */
function filesOfPage(page: string, server: DevServer): Record<string, string> {
  const files = readPage(root, `docs/start/${page}.md`).blocks.filter(({ file }) => file !== undefined);
  return Object.fromEntries(files.map(({ file, code }) => [file!, code.replaceAll(PRINTED_DNS, server.dnsUrl)]));
}

/**
 * Makes the app of a page.
 *
 * @param template - the files that the page's command for a new app makes, and whose content matters
 */
export async function makeApp(
  project: PackedProject,
  page: string,
  template: Readonly<Record<string, string>> = {},
): Promise<QuickStart> {
  const server = await createDevServer({ seed: 'showcase' });
  // In the repository, whose node_modules has the packages that a page installs: Turbopack follows no link out of its root.
  mkdirSync(join(root, 'test-results'), { recursive: true });
  const folder = mkdtempSync(join(root, `test-results/${page}-`));
  cpSync(project.file(''), join(folder, 'node_modules/flooim'), { recursive: true });
  const files = { 'package.json': '{ "private": true }', ...template, ...filesOfPage(page, server) };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const programs: Program[] = [];
  return {
    folder,
    server,
    run: (args, env = {}) => {
      const program = startProgram(folder, args, env);
      programs.push(program);
      return program;
    },
    remove: async () => {
      await Promise.all(programs.map(async (program) => program.stop()));
      await server.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function startProgram(folder: string, args: readonly string[], env: Readonly<Record<string, string>>): Program {
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...env } });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const output of [child.stdout, child.stderr])
    createInterface(output).on('line', (line) => {
      lines.push(line);
      for (const look of waiting) look();
    });
  const done = ended.then((code) => {
    if (code !== 0 && !isStopped) throw new Error(`it ended with ${code}:\n${lines.join('\n')}`);
  });
  let isStopped = false;
  // Not every test waits for the end.
  done.catch(() => undefined);
  return {
    done,
    line: async (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((line) => line.includes(text));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        void ended.then(() => reject(new Error(`it ended without "${text}":\n${lines.join('\n')}`)));
        look();
      }),
    type: (line) => void child.stdin.write(`${line}\n`),
    stop: async () => {
      isStopped = true;
      child.kill();
      await done;
    },
  };
}

/** Bob, who answers each message, as the page `node-bot` makes him. */
export async function startBob({ server, folder, run }: QuickStart): Promise<Program> {
  writeFileSync(join(folder, 'bot.mjs'), filesOfPage('node-bot', server)['bot.mjs']!);
  const bob = run(['bot.mjs']);
  await bob.line('bob is online');
  return bob;
}
