import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { copyScript } from './copied-script.ts';

/** Times of change, in seconds. */
const OLD = 1_000_000_000;
const NEW = OLD + 100;

const OUTPUTS = [
  'dist/browser/index.js',
  'dist/flooim.legacy.d.ts',
  'wechat/package.json',
  'devserver/dist/index.js',
  'dist/node.js',
  'dist/error-texts.js',
  'dist/rtc.js',
];

/** A project whose build is newer than its sources. Each build leaves a file of its name. */
function createProject({ exitCode = 0 } = {}) {
  const { root, script, remove } = copyScript('build-if-changed.mjs');
  onTestFinished(remove);
  const build = (name: string): string =>
    `require('node:fs').writeFileSync('${name}.built', ''); process.exit(${exitCode})`;
  root.write('build.cjs', build('package'));
  root.write('package.json', JSON.stringify({ scripts: { build: 'node build.cjs' } }), OLD);
  root.write('node_modules/.bin/rollup', `#!/usr/bin/env node\n${build('demo')}`);
  chmodSync(join(root.path, 'node_modules/.bin/rollup'), 0o755);
  const sources = ['src/store/store.ts', 'proto/sync.proto', 'rollup.config.mjs', 'package-lock.json'];
  const packaged = ['devserver/src/server.ts', 'testkit/src/index.ts'];
  const scripts = ['proto', 'subpaths', 'third-party-notices'].map((name) => `scripts/${name}.mjs`);
  for (const source of [...sources, ...packaged, ...scripts]) root.write(source, '', OLD);
  const touchFolders = (): void => {
    for (const folder of ['src', 'src/store', 'proto', 'devserver/src', 'testkit', 'testkit/src'])
      utimesSync(join(root.path, folder), OLD, OLD);
  };
  touchFolders();
  for (const output of OUTPUTS) root.write(output, '', NEW);
  return {
    root,
    touchFolders,
    /** @returns the exit status and the names of the builds that ran */
    run: (what: 'package' | 'demo') => {
      const { status } = spawnSync(process.execPath, [script, what], { stdio: 'ignore' });
      return [status, ['package', 'demo'].filter((name) => existsSync(join(root.path, `${name}.built`)))];
    },
  };
}

describe.each(['package', 'demo'] as const)('of the %s', { timeout: 20_000 }, (what) => {
  test('nothing is built while every output is newer than every source', () => {
    expect(createProject().run(what)).toEqual([0, []]);
  });

  test('a changed source in a folder causes a build', () => {
    const { root, touchFolders, run } = createProject();
    root.write('src/store/store.ts', 'changed', NEW + 1);
    touchFolders();
    expect(run(what)).toEqual([0, [what]]);
  });

  test('a removed source causes a build', () => {
    const { root, run } = createProject();
    rmSync(join(root.path, 'src/store/store.ts'));
    expect(run(what)).toEqual([0, [what]]);
  });

  test('a missing output causes a build', () => {
    const { root, run } = createProject();
    rmSync(join(root.path, 'dist/browser/index.js'));
    expect(run(what)).toEqual([0, [what]]);
  });

  test('the status of a build that fails is passed on', () => {
    const { root, run } = createProject({ exitCode: 3 });
    rmSync(join(root.path, 'dist/browser/index.js'));
    expect(run(what)).toEqual([3, [what]]);
  });
});

test('an output of the package alone does not concern the demos', () => {
  const { root, run } = createProject();
  rmSync(join(root.path, 'wechat/package.json'));
  expect(run('demo')).toEqual([0, []]);
  expect(run('package')).toEqual([0, ['package']]);
});

test('a source of the test kit alone does not concern the demos', () => {
  const { root, touchFolders, run } = createProject();
  root.write('testkit/src/index.ts', 'changed', NEW + 1);
  touchFolders();
  expect(run('demo')).toEqual([0, []]);
  expect(run('package')).toEqual([0, ['package']]);
});
