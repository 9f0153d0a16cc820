import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bytesOf, vectors } from '../unit/wire/vectors.ts';
import { installPacked, run } from './packed.ts';
import type { PackedProject } from './packed.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SDK = ['FlooError', 'buildClient', 'createClient', 'default', 'errorNumber', 'flooim', 'isFlooError'];
const HOOKS = [
  ...['conversationKey', 'messageKey', 'useCall', 'useClient', 'useConnection', 'useConversations'],
  ...['useFriendRequests', 'useGroup', 'useGroupInvitations', 'useGroupMembers', 'useMessages', 'usePeer', 'useSearch'],
  ...['useSelf', 'useSend', 'useSession', 'useTyping', 'useUnread', 'useUploads', 'useUser'],
];
const REACT = ['FlooimProvider', ...HOOKS];
const VUE = ['conversationKey', 'createFlooim', 'messageKey', 'provideFlooim', ...HOOKS.slice(2)];
const ENTRIES: Record<string, string[]> = {
  // In Node the root is the node entry: there is no window.
  flooim: SDK,
  'flooim/node': SDK,
  'flooim/wechat': SDK,
  'flooim/uniapp': SDK,
  'flooim/testing': ['createTestServer', 'replay'],
  'flooim/react': REACT,
  'flooim/vue': VUE,
  'flooim/rtc': ['calls'],
  'flooim/error-texts': ['errorHint', 'errorText', 'explanationText', 'stateText', 'stepText', 'waitingText'],
  'flooim/wire': expect.arrayContaining(['MAX_FRAME_BYTES', 'WireError', 'decodeFrame', 'encodeFrame']) as string[],
};
const CLIENTS = ['browser', 'node', 'wechat', 'uniapp'].flatMap((name) => [`${name}.js`, `${name}.cjs`]);
const SCRIPTS = [
  ...CLIENTS,
  ...['react', 'rtc', 'vue', 'wire', 'error-texts'].flatMap((name) => [`${name}.js`, `${name}.cjs`]),
];

let project: PackedProject;
beforeAll(async () => {
  project = await installPacked(['react', 'vue']);
});
afterAll(() => project.remove());

/** Runs a module, or a CommonJS script, of the project in a new Node process. It prints JSON. */
async function node(type: 'module' | 'commonjs', source: string): Promise<unknown> {
  const { stdout } = await run(process.execPath, [`--input-type=${type}`, '--eval', source], { cwd: project.folder });
  return JSON.parse(stdout);
}

const TOOLS: Record<string, string> = {
  // By its path: typescript-4.7 has a command of the same name, and either may be in .bin.
  tsc: 'typescript/bin/tsc',
};

/** Runs a tool of the repository, never one of a registry. @returns its output. */
async function tool(name: string, ...args: string[]): Promise<string> {
  const path = fileURLToPath(new URL(`../../node_modules/${TOOLS[name] ?? `.bin/${name}`}`, import.meta.url));
  const { stdout } = await run(process.execPath, [path, ...args], { cwd: project.folder }).catch((error: unknown) => {
    const { stdout: out, stderr } = error as { stdout: string; stderr: string };
    throw new Error(out + stderr);
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
        !/^dist\/(browser|node|wechat|uniapp|react|rtc|vue|wire|error-texts|testing)\.(js|cjs|d\.ts|d\.cts)$/.test(
          path,
        ) && !/^dist\/browser\/(index|client|errors)\.js$/.test(path),
    );
  expect(others.sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'README.zh-CN.md',
    'dist/THIRD-PARTY-NOTICES.txt',
    'dist/flooim.legacy.d.cts',
    'dist/flooim.legacy.d.ts',
    'dist/flooim.legacy.js',
    'dist/flooim.rtc.umd.js',
    'dist/flooim.umd.d.cts',
    'dist/flooim.umd.d.ts',
    'dist/flooim.umd.js',
    'error-texts/package.json',
    'legacy/package.json',
    'node/package.json',
    'package.json',
    'react/package.json',
    'rtc/package.json',
    'testing/package.json',
    'umd/package.json',
    'uniapp/package.json',
    'vue/package.json',
    'wechat/package.json',
    'wire/package.json',
  ]);
  expect(statSync(project.tarball).size).toBeLessThan(2_400_000);
});

test('every package whose code is in dist is named once, with its licence', () => {
  const notices = readFileSync(project.file('dist/THIRD-PARTY-NOTICES.txt'), 'utf8')
    .split(/^-{80}$/m)
    .slice(1);
  const named = notices.map((notice) => /^(\S+) \d+\.\d+\.\d+\nLicence: .+\n/.exec(notice.trim())?.[1]);
  const bundled = ['core-js', 'eventemitter3', 'idb', 'long', 'mime', 'pako', 'protobufjs', 'ws'];
  expect(named).toEqual([...new Set(named)].sort());
  expect(named).toEqual(expect.arrayContaining(bundled));
  for (const notice of notices) expect(notice).toMatch(/copyright|\(c\)/i);
});

describe.each(Object.keys(ENTRIES))('%s in plain Node', (entry) => {
  test('import gives the documented names and leaves the globals alone', async () => {
    const { names, added } = (await node(
      'module',
      `const before = Reflect.ownKeys(globalThis);
      const names = Object.keys(await import('${entry}')).sort();
      const added = Reflect.ownKeys(globalThis).filter((key) => !before.includes(key)).map(String);
      // Vue, which flooim/vue imports, has its own.
      console.log(JSON.stringify({ names, added: added.filter((name) => !name.startsWith('__VUE')) }));`,
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

test('require gives the factory itself, as deployed bots call it', async () => {
  expect(
    await node(
      'commonjs',
      `const flooim = require('flooim');
      const config = { appid: 'smoke', dnsServer: 'http://127.0.0.1:2', autoLogin: false, logLevel: 'off' };
      const im = flooim(config);
      console.log(JSON.stringify([typeof im.sysManage.sendRosterMessage, im === new flooim(config), im === flooim.default(config)]));
      process.exit();`,
    ),
  ).toEqual(['function', true, true]);
});

test.each([
  ['dist/browser.js', 'createClient({})'],
  ['dist/browser.cjs', 'createClient({})'],
  ['dist/browser.js', "flooim({ appid: 'smoke' })"],
  ['dist/wechat.js', 'createClient({})'],
  ['dist/uniapp.js', 'createClient({})'],
])('%s in Node: %s throws a FlooError', async (file, call) => {
  expect(
    await node(
      'module',
      `const { createClient, flooim, isFlooError } = await import(${JSON.stringify(pathToFileURL(project.file(file)))});
      let thrown;
      try { ${call}; } catch (error) { thrown = error; }
      console.log(JSON.stringify([isFlooError(thrown, 'InvalidParam'), String(thrown)]));`,
    ),
  ).toEqual([true, expect.stringMatching(/this build runs in .* only/)]);
});

test.each(['flooim/legacy', 'flooim/umd'])(
  'import of %s in Node defines the globals of a page, and nothing more',
  async (entry) => {
    expect(
      await node(
        'module',
        `const before = Reflect.ownKeys(globalThis);
      await import('${entry}');
      const added = Reflect.ownKeys(globalThis).filter((key) => !before.includes(key)).map(String);
      // core-js keeps its own state there.
      const ours = added.filter((key) => key !== '__core-js_shared__');
      console.log(JSON.stringify([ours.sort(), typeof flooIM.createClient]));`,
      ),
    ).toEqual([['flooIM', 'flooim'], 'function']);
  },
);

test('an unused import leaves nothing in the bundle of an app', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents:
        "import { createClient } from 'flooim'; import { calls } from 'flooim/rtc'; import { decodeFrame } from 'flooim/wire';",
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

// core-js asks Node for its modules by such code; test/platforms sees that no page runs it.
test.each([...SCRIPTS, 'flooim.umd.js', 'flooim.rtc.umd.js'])('%s makes no code from text', (script) => {
  const code = readFileSync(project.file(`dist/${script}`), 'utf8');
  expect(code.match(/\beval\b|(?<!\w)Function\(|WebAssembly|new Function/g)).toBeNull();
});

test('every file is written in the edition that its engines read', async () => {
  const files = (names: string[]): string[] => names.map((name) => project.file(`dist/${name}`));
  await tool('es-check', 'es5', ...files(['flooim.legacy.js']));
  await tool('es-check', 'es2018', ...files(SCRIPTS.filter((name) => /^(?!node).*\.cjs$/.test(name))));
  const modules = ['browser', 'wechat', 'uniapp', 'react', 'rtc', 'vue', 'wire', 'error-texts'].map(
    (name) => `${name}.js`,
  );
  await tool('es-check', 'es2018', '--module', ...files([...modules, 'browser/index.js', 'browser/client.js']));
  await expect(tool('es-check', 'es5', ...files(['flooim.umd.js']))).rejects.toThrow();
});

test('the files of Node and of tests are not minified: a stack trace shows the code', () => {
  for (const name of ['node.js', 'node.cjs', 'testing.js', 'testing.cjs']) {
    const longest = Math.max(
      ...readFileSync(project.file(`dist/${name}`), 'utf8')
        .split('\n')
        .map(({ length }) => length),
    );
    expect(longest, name).toBeLessThan(2000);
  }
});

test('publint finds no problem', async () => {
  const said = await tool('publint', 'run', project.tarball, '--pack', 'false', '--strict');
  expect(said).toContain('All good!');
});

test('the types are right under every kind of module resolution', async () => {
  // Scripts are no modules. node10 knows no exports, and TypeScript 6 no node10.
  const checks = ['--profile', 'node16', '--exclude-entrypoints', 'umd', 'legacy', '--no-definitely-typed'];
  await tool('attw', project.tarball, ...checks);
});

test.each(['app.mts', 'app.cts'])('%s of an app compiles without DOM types, and with library checks', async (file) => {
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
});

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
