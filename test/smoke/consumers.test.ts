/** Small apps that use the packed package, built by the tools that apps are built with. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { installPacked, run } from './packed.ts';
import type { PackedProject } from './packed.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

/** Uses the root, a mini-program build and a small subpath. It prints what it has found. */
const APP = `
import flooim, { createClient, isFlooError } from 'flooim';
import { createClient as createWechatClient } from 'flooim/wechat';
import { errorText } from 'flooim/error-texts';
const im = createClient({ appid: 'app', autoLogin: false, dnsServer: 'http://127.0.0.1:2', logLevel: 'off' });
let refused;
try { createWechatClient({ appid: 'app' }); } catch (error) { refused = error; }
console.log(JSON.stringify({
  send: typeof im.sysManage.sendRosterMessage,
  dropIn: typeof flooim,
  refused: isFlooError(refused, 'InvalidParam'),
  text: errorText('UserNotLogin', 'en').length > 0,
}));
im.dispose();
`;
const FOUND = { send: 'function', dropIn: 'function', refused: true, text: true };

/** An app that only shows errors: the client must not be in its bundle. */
const ERRORS_ONLY = "import { isFlooError } from 'flooim'; globalThis.isError = (error) => isFlooError(error);";
const MOST_BYTES = 5 * 1024;

let project: PackedProject;
beforeAll(async () => {
  project = await installPacked();
  writeFileSync(join(project.folder, 'app.js'), APP);
  writeFileSync(join(project.folder, 'errors-only.js'), ERRORS_ONLY);
});
afterAll(() => project.remove());

interface Stats {
  hasErrors(): boolean;
  toString(options: object): string;
}
type Webpack = (options: object, done: (error: unknown, stats?: Stats) => void) => void;

/** @param name of the package: `webpack` or `webpack-4`. @returns the path of the bundle. */
async function webpack(name: string, entry: string): Promise<string> {
  const build = require(name) as Webpack;
  const file = `${name}-${entry}`;
  const stats = await new Promise<Stats>((resolve, reject) => {
    const options = {
      mode: 'production',
      context: project.folder,
      entry: join(project.folder, entry),
      output: { path: join(project.folder, 'out'), filename: file },
      performance: false,
    };
    build(options, (error, done) => {
      if (done) resolve(done);
      else reject(error);
    });
  });
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
  return join(project.folder, 'out', file);
}

/** @returns the path of the bundle. */
async function viteBuild(entry: string): Promise<string> {
  const outDir = join(project.folder, 'out', `vite-${entry}`);
  await vite({
    root: project.folder,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir,
      rollupOptions: { input: join(project.folder, entry), output: { entryFileNames: 'bundle.mjs' } },
    },
  });
  return join(outDir, 'bundle.mjs');
}

/** @returns the path of the bundle. */
async function esbuildBuild(entry: string): Promise<string> {
  const outfile = join(project.folder, 'out', `esbuild-${entry}`);
  await esbuild({
    absWorkingDir: project.folder,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    outfile,
    logLevel: 'silent',
  });
  return outfile;
}

const BUNDLERS: Record<string, (entry: string) => Promise<string>> = {
  'webpack 4': async (entry) => webpack('webpack-4', entry),
  'webpack 5': async (entry) => webpack('webpack', entry),
  Vite: viteBuild,
  esbuild: esbuildBuild,
};

/** Runs a bundle in a Node that has a page's `self`. */
async function runBundle(path: string): Promise<unknown> {
  const page = `globalThis.self = globalThis; globalThis.addEventListener = globalThis.removeEventListener = () => {};`;
  const code = `${page} await import(${JSON.stringify(path)}); process.exitCode = 0;`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { timeout: 20_000 });
  return JSON.parse(stdout);
}

describe.each(Object.keys(BUNDLERS))('%s', (name) => {
  test('builds an app that runs', async () => {
    expect(await runBundle(await BUNDLERS[name]!('app.js'))).toEqual(FOUND);
  });
});

test.each(['webpack 5', 'Vite', 'esbuild'])(
  '%s leaves the client out of an app that only recognizes errors',
  async (name) => {
    const code = readFileSync(await BUNDLERS[name]!('errors-only.js'), 'utf8');
    expect(code).toContain('flooim.FlooError');
    expect(code.length).toBeLessThan(MOST_BYTES);
  },
);

describe('TypeScript', () => {
  const SOURCE = `
    import flooim, { createClient, isFlooError } from 'flooim';
    import { createClient as createNodeClient } from 'flooim/node';
    import wechat from 'flooim/wechat';
    import uniapp from 'flooim/uniapp';
    import { decodeFrame } from 'flooim/wire';
    import { errorText } from 'flooim/error-texts';
    import type { FlooIM } from 'flooim/umd';
    import type { FlooIM as Legacy } from 'flooim/legacy';
    const im = flooim({ appid: 'app' });
    im.on('onRosterMessage', (message) => message.content.length);
    // @ts-expect-error: no such event, so the types are no \`any\`
    im.on('onRosterMesage', () => {});
    const same: FlooIM extends Legacy ? true : false = true;
    // @ts-expect-error: no such error
    isFlooError(undefined, 'NoSuchError');
    // @ts-expect-error: no such language
    errorText('UserNotLogin', 'xx');
    export const used = [createClient, createNodeClient, wechat, uniapp, decodeFrame, same] as const;`;

  const COMPILERS: [version: string, resolution: string, module: string][] = [
    ['typescript-4.7', 'node', 'commonjs'],
    ['typescript-4.7', 'node16', 'node16'],
    ['typescript', 'node10', 'commonjs'],
    ['typescript', 'node16', 'node16'],
    ['typescript', 'bundler', 'esnext'],
  ];
  test.each(COMPILERS)(
    '%s with moduleResolution %s: every subpath has its types',
    async (version, resolution, module) => {
      const file = `types-${version}-${resolution}.ts`;
      writeFileSync(join(project.folder, file), SOURCE);
      await compile(version, file, ['--strict', 'true', '--module', module, '--moduleResolution', resolution]);
    },
  );

  test.each([
    ['typescript-4.7', 'node', 'commonjs', 'true'],
    ['typescript-4.7', 'node', 'commonjs', 'false'],
    ['typescript', 'bundler', 'esnext', 'true'],
    ['typescript', 'bundler', 'esnext', 'false'],
  ])('G8: what deployed apps write compiles: %s, %s, %s, strict %s', async (version, resolution, module, strict) => {
    const file = `deployed-${version}-${strict}.ts`;
    const source = readFileSync(join(root, 'test/types/deployed-apps.ts'), 'utf8');
    writeFileSync(join(project.folder, file), source.replace(/'[^']*entries\/node\.ts'/, "'flooim'"));
    await compile(version, file, ['--strict', strict, '--module', module, '--moduleResolution', resolution]);
  });

  /** @throws Error with what the compiler complains about */
  async function compile(version: string, file: string, options: readonly string[]): Promise<void> {
    const deprecated = version === 'typescript' && options.includes('node10') ? ['--ignoreDeprecations', '6.0'] : [];
    const compiler = join(dirname(require.resolve(`${version}/package.json`)), 'bin/tsc');
    const always = `--noEmit --target es2020 --lib es2020,dom --types --esModuleInterop`.split(' ');
    await run(process.execPath, [compiler, file, ...always, ...options, ...deprecated], { cwd: project.folder }).catch(
      (error: unknown) => {
        throw new Error((error as { stdout: string }).stdout);
      },
    );
  }
});
