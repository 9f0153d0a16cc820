import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { thirdPartyNotices } from '../../../scripts/third-party-notices.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flooim-notices-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

/** A package in node_modules. @returns the id of a module of it, as rollup knows it. */
function install(name: string, files: Record<string, string>): string {
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, 'node_modules', name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return join(folder, 'node_modules', name, 'lib/index.js');
}

const manifest = (name: string): string => JSON.stringify({ name, version: '1.2.3', license: 'MIT' });

/** Builds an output of these modules for each list. @returns the text of the file. */
function noticesOf(...outputs: string[][]): string {
  const file = join(folder, 'NOTICES.txt');
  const step = thirdPartyNotices(file);
  for (const ids of outputs) {
    step.generateBundle({}, { 'index.js': { modules: Object.fromEntries(ids.map((id) => [id, {}])) }, 'a.txt': {} });
    step.writeBundle();
  }
  return readFileSync(file, 'utf8');
}

test('each package of all outputs is there once, in order, with its version and the text of its licence', () => {
  const idb = install('idb', { 'package.json': manifest('idb'), LICENSE: 'Copyright P\n' });
  const pool = install('@protobufjs/pool', { 'package.json': manifest('@protobufjs/pool'), 'LICENSE.md': 'by D' });
  const own = join(folder, 'src/client.ts');
  const text = noticesOf([own, idb, `\0${idb}?commonjs-module`], [pool, idb]);
  expect(text.split(/^-{80}$/m).map((part) => part.trim())).toEqual([
    expect.stringContaining('packages below') as string,
    '@protobufjs/pool 1.2.3\nLicence: MIT\n\nby D',
    'idb 1.2.3\nLicence: MIT\n\nCopyright P',
  ]);
  expect(noticesOf([pool], [idb])).toBe(text);
});

test('a licence that is only in a comment of the code is there, too', () => {
  const code = "'use strict';\n\n// (C) Z\n//\n// As is.\n\nconst x = 1; // not this\n";
  const files = { 'package.json': manifest('pako'), LICENSE: 'Copyright P', 'lib/zlib/inflate.js': code };
  expect(noticesOf([install('pako', files)])).toContain('Copyright P\n\n(C) Z\n\nAs is.\n');
});

test('the helpers that Babel writes into a file are those of a package', () => {
  expect(noticesOf(['\0rollupPluginBabelHelpers.js'])).toMatch(/^@babel\/helpers \d/m);
});

test.each([
  ['no text', { 'package.json': manifest('bare'), 'README.md': 'MIT' }],
  ['no name of its licence', { 'package.json': '{ "name": "bare", "version": "1.2.3" }', LICENSE: 'text' }],
])('a package with %s fails the build', (_, files) => {
  expect(() => noticesOf([install('bare', files)])).toThrow('bare is bundled, and has no licence');
});
