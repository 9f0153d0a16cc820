import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { copyScript } from './copied-script.ts';

/** The folders that the script makes for these "exports". */
function makeFolders(exports: Record<string, unknown>) {
  const { root, script, remove } = copyScript('subpaths.mjs');
  onTestFinished(remove);
  root.write('package.json', JSON.stringify({ exports }));
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return {
    has: (folder: string) => existsSync(join(root.path, folder, 'package.json')),
    manifestOf: (folder: string): unknown => JSON.parse(readFileSync(join(root.path, folder, 'package.json'), 'utf8')),
  };
}

test('an entry with a module and a CommonJS file gets a folder that names both, and the types of the module', () => {
  const { manifestOf } = makeFolders({
    './wechat': {
      import: { types: './dist/wechat.d.ts', default: './dist/wechat.js' },
      require: { types: './dist/wechat.d.cts', default: './dist/wechat.cjs' },
    },
  });
  expect(manifestOf('wechat')).toEqual({
    private: true,
    main: '../dist/wechat.cjs',
    module: '../dist/wechat.js',
    types: '../dist/wechat.d.ts',
  });
});

test('an entry with one file gets a folder that names it', () => {
  const { manifestOf } = makeFolders({ './umd': { types: './dist/umd.d.ts', default: './dist/umd.js' } });
  expect(manifestOf('umd')).toEqual({ private: true, main: '../dist/umd.js', types: '../dist/umd.d.ts' });
});

test('the main entry and plain files get no folder', () => {
  const { has } = makeFolders({
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
    './node': { types: './dist/node.d.ts', default: './dist/node.js' },
  });
  expect(['dist', 'package.json', 'node'].map(has)).toEqual([false, false, true]);
});

test('each folder is in the published package', () => {
  const { has } = makeFolders(manifest.exports);
  const folders = Object.keys(manifest.exports).flatMap((subpath) =>
    subpath === '.' ? [] : subpath.slice('./'.length),
  );
  const made = folders.filter(has);
  expect(made).not.toEqual([]);
  expect(made.filter((folder) => !manifest.files.includes(`/${folder}`))).toEqual([]);
});
