import { readFileSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from 'acorn';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bytesOf, vectors } from '../unit/wire/vectors.ts';
import { installPacked, run } from './packed.ts';
import type { PackedProject } from './packed.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SDK = ['FlooError', 'buildClient', 'createClient', 'default', 'errorNumber', 'flooim', 'isFlooError'];
const ENTRIES: Record<string, string[]> = {
  // In Node the root is the node entry: there is no window.
  flooim: SDK,
  'flooim/node': SDK,
  'flooim/wechat': SDK,
  'flooim/uniapp': SDK,
  'flooim/error-texts': ['errorHint', 'errorText'],
  'flooim/wire': expect.arrayContaining(['MAX_FRAME_BYTES', 'WireError', 'decodeFrame', 'encodeFrame']) as string[],
};
const CLIENTS = ['browser', 'node', 'wechat', 'uniapp'].flatMap((name) => [`${name}.js`, `${name}.cjs`]);
const SCRIPTS = [...CLIENTS, ...['wire', 'error-texts'].flatMap((name) => [`${name}.js`, `${name}.cjs`])];

let project: PackedProject;
beforeAll(async () => {
  project = await installPacked();
});
afterAll(() => project.remove());

/** Runs a module, or a CommonJS script, of the project in a Node of its own. What it prints is JSON. */
async function node(type: 'module' | 'commonjs', source: string): Promise<unknown> {
  const { stdout } = await run(process.execPath, [`--input-type=${type}`, '--eval', source], { cwd: project.folder });
  return JSON.parse(stdout);
}

/** Runs a tool of the repository, never one of a registry. Resolves with what it says when it is content. */
async function tool(name: string, ...args: string[]): Promise<string> {
  const path = fileURLToPath(new URL(`../../node_modules/.bin/${name}`, import.meta.url));
  const { stdout } = await run(process.execPath, [path, ...args], { cwd: project.folder }).catch((error: unknown) => {
    throw new Error((error as { stdout: string }).stdout);
  });
  return stdout;
}

test('the tarball holds dist, the texts and nothing else', async () => {
  const { stdout } = await run('tar', ['-tzf', project.tarball]);
  const others = stdout
    .trim()
    .split('\n')
    .map((path) => path.replace('package/', ''))
    .filter(
      (path) =>
        !/^dist\/(browser|node|wechat|uniapp|wire|error-texts)\.(js|cjs|d\.ts|d\.cts|js\.map|cjs\.map)$/.test(path),
    );
  expect(others.sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'README.zh-CN.md',
    'dist/flooim.legacy.d.ts',
    'dist/flooim.legacy.js',
    'dist/flooim.legacy.js.map',
    'dist/flooim.umd.d.ts',
    'dist/flooim.umd.js',
    'dist/flooim.umd.js.map',
    'package.json',
  ]);
});

describe.each(Object.keys(ENTRIES))('%s in plain Node', (entry) => {
  test('import gives the documented names and leaves the globals alone', async () => {
    const { names, added } = (await node(
      'module',
      `const before = Reflect.ownKeys(globalThis);
      const names = Object.keys(await import('${entry}')).sort();
      const added = Reflect.ownKeys(globalThis).filter((key) => !before.includes(key)).map(String);
      console.log(JSON.stringify({ names, added }));`,
    )) as { names: string[]; added: string[] };
    expect(names).toEqual(ENTRIES[entry]);
    expect(added).toEqual([]);
  });

  test('require gives the same', async () => {
    expect(await node('commonjs', `console.log(JSON.stringify(Object.keys(require('${entry}')).sort()))`)).toEqual(
      ENTRIES[entry],
    );
  });
});

test('the browser entry loads where there is no window', async () => {
  const [esm, cjs] = ['dist/browser.js', 'dist/browser.cjs'].map((file) => project.file(file)) as [string, string];
  expect(
    await node(
      'module',
      `import { createRequire } from 'node:module';
      const named = await import(${JSON.stringify(pathToFileURL(esm))});
      const required = createRequire(import.meta.url)(${JSON.stringify(cjs)});
      console.log(JSON.stringify([Object.keys(named).sort(), Object.keys(required).sort()]));`,
    ),
  ).toEqual([SDK, SDK]);
});

test('require: flooim, default and new flooim give one client', async () => {
  expect(
    await node(
      'commonjs',
      `const sdk = require('flooim');
      const config = { appid: 'smoke', dnsServer: 'http://127.0.0.1:2', autoLogin: false, logLevel: 'off' };
      const im = sdk.flooim(config);
      console.log(JSON.stringify([im === sdk.default(config), im === new sdk.flooim(config), sdk.createClient(config) === im]));
      process.exit();`,
    ),
  ).toEqual([true, true, false]);
});

test('what an app imports and does not use leaves nothing in its bundle', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: "import { createClient } from 'flooim'; import { decodeFrame } from 'flooim/wire';",
      resolveDir: project.folder,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
  });
  expect(outputFiles[0]!.text).toBe('');
});

test('the packed codec reads and writes every golden frame', async () => {
  const wire = (await import(/* @vite-ignore */ pathToFileURL(project.file('dist/wire.js')).href)) as {
    decodeFrame(bytes: Uint8Array, direction: string): unknown;
    encodeFrame(frame: unknown, direction: string): Uint8Array;
  };
  for (const { name, hex, direction } of vectors) {
    const frame = wire.decodeFrame(bytesOf(hex), direction);
    expect(Buffer.from(wire.encodeFrame(frame, direction)).toString('hex'), name).toBe(hex);
  }
});

test.each([...SCRIPTS, 'flooim.umd.js', 'flooim.legacy.js'])('%s makes no code from text', (script) => {
  const code = readFileSync(project.file(`dist/${script}`), 'utf8');
  expect(code.match(/\beval\b|(?<!\w)Function\(|WebAssembly|new Function/g)).toBeNull();
});

test('flooim.legacy.js is ES5, and needs no Proxy', () => {
  const code = readFileSync(project.file('dist/flooim.legacy.js'), 'utf8');
  expect(() => parse('class A {}', { ecmaVersion: 5 })).toThrow();
  parse(code, { ecmaVersion: 5 });
  expect(code).not.toMatch(/\bProxy\b/);
});

test.each([
  ...[...CLIENTS, 'flooim.umd.js', 'flooim.legacy.js'].map((script) => [
    script,
    'the client was disposed of',
    'client.ts',
  ]),
  ['wire.js', 'malformed', 'wire/'],
  ['error-texts.js', 'log in again here.', 'error-texts/en.ts'],
] as [string, string, string][])('the source map of %s leads to the source', (script, text, source) => {
  const code = readFileSync(project.file(`dist/${script}`), 'utf8');
  expect(code).toContain(`//# sourceMappingURL=${script}.map`);
  const map = new SourceMap(JSON.parse(readFileSync(project.file(`dist/${script}.map`), 'utf8')) as never);
  const before = code.slice(0, code.indexOf(text)).split('\n');
  const entry = map.findEntry(before.length - 1, before.at(-1)!.length - 1) as {
    originalSource: string;
    originalLine: number;
  };
  expect(entry.originalSource).toContain(`/src/${source}`);
  const lines = readFileSync(new URL(`../../src/${entry.originalSource.split('/src/')[1]!}`, import.meta.url), 'utf8');
  expect(
    lines
      .split('\n')
      .slice(entry.originalLine, entry.originalLine + 3)
      .join('\n'),
  ).toContain(text);
});

test('publint finds nothing', async () => {
  const said = await tool('publint', 'run', project.tarball, '--pack', 'false', '--strict');
  expect(said).toContain('All good!');
});

test('the types are right for every way of resolving them', async () => {
  // Scripts are no modules. node10 knows no exports, and TypeScript 6 no node10.
  const checks = ['--profile', 'node16', '--exclude-entrypoints', 'umd', 'legacy', '--no-definitely-typed'];
  await tool('attw', project.tarball, ...checks);
});

test.each(['app.mts', 'app.cts'])(
  '%s of an app compiles, the libraries checked too and no DOM at hand',
  async (file) => {
    writeFileSync(
      join(project.folder, file),
      `import { flooim, createClient } from 'flooim';
    import * as node from 'flooim/node';
    import wechat from 'flooim/wechat';
    import { createClient as createUniappClient } from 'flooim/uniapp';
    import { decodeFrame } from 'flooim/wire';
    import { errorText } from 'flooim/error-texts';
    const im = new flooim({ appid: 'smoke' });
    im.on('onRosterMessage', (message) => message.content.length);
    export const used: string[] = [typeof node.createClient, typeof wechat, typeof createUniappClient, errorText('UserNotLogin', 'zh'), String(createClient), String(decodeFrame)];
    // @ts-expect-error: no such event
    im.on('onRosterMesage', () => {});`,
    );
    await tool('tsc', file, ...'--noEmit --strict --module nodenext --target es2022 --lib es2022'.split(' '));
  },
);

test('a script of a page that has flooim from a script tag compiles', async () => {
  writeFileSync(
    join(project.folder, 'page.cts'),
    `/// <reference types="flooim/umd" />
    const im = new flooIM({ appid: 'smoke' });
    im.on('onRosterMessage', (message) => message.content.length);
    const other = flooim.createClient({ appid: 'smoke' });
    // @ts-expect-error: no such event
    other.on('onRosterMesage', () => {});`,
  );
  await tool('tsc', 'page.cts', ...'--noEmit --strict --module nodenext --target es2022 --lib es2022'.split(' '));
});
