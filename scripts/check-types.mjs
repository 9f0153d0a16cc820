// `npm run check:types`: tsc over every project of the repository. demo/web reads the types in dist/: build first.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const PROJECTS = [
  '.',
  'src/platform/browser',
  'src/platform/legacy',
  'src/platform/mini-program',
  'src/platform/node',
  'src/platform/web-api',
  'src/entries',
  'src/live',
  'src/react',
  'src/vue',
  'src/rtc',
  'scripts',
  'devserver',
  'testkit',
  'test',
  'demo/react',
  'demo/tested-app',
  'demo/vue',
  'demo/web',
  'docs/.vitepress',
];
const AT_ONCE = 2;

const root = fileURLToPath(new URL('..', import.meta.url));
const { resolve } = createRequire(import.meta.url);
const tsc = resolve('typescript/bin/tsc');
/** It reads components, too. */
const vueTsc = resolve('vue-tsc/bin/vue-tsc.js');

/** @returns tsc's complaints about a project, empty when it passes. A project that is missing is an error of tsc, too. */
const check = (project) =>
  new Promise((resolve) => {
    const colours = process.stdout.isTTY ? ['--pretty'] : [];
    const options = { cwd: root, maxBuffer: Infinity };
    const compiler = project === 'demo/vue' ? vueTsc : tsc;
    execFile(process.execPath, [compiler, '--noEmit', ...colours, '-p', project], options, (error, stdout, stderr) =>
      resolve(error ? stdout + stderr || error.message : ''),
    );
  });

const queue = [...PROJECTS];
async function work() {
  for (let project = queue.shift(); project !== undefined; project = queue.shift()) {
    const complaints = await check(project);
    if (!complaints) continue;
    console.error(`types: ${project}\n${complaints}`);
    process.exitCode = 1;
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
