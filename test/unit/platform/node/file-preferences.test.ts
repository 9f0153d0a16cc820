import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFilePreferences } from '../../../../src/platform/node/file-preferences.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'flooim-preferences-'));
  path = join(directory, 'data/preferences.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

test('the next run reads a value that was just set', () => {
  const preferences = createFilePreferences(path);
  expect(existsSync(path)).toBe(false);
  preferences.set('token', 'abc 中文');
  preferences.set('other', '1');
  preferences.remove('other');
  preferences.remove('never');
  const next = createFilePreferences(path);
  expect(next.get('token')).toBe('abc 中文');
  expect(next.get('other')).toBeUndefined();
});

test('only its owner can read the file', () => {
  createFilePreferences(path).set('token', 'secret');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory, 'data')).mode & 0o777).toBe(0o700);
});

test('the values of two processes are all kept', () => {
  const [one, two] = [createFilePreferences(path), createFilePreferences(path)];
  one.set('a', '1');
  two.set('b', '2');
  one.set('c', '3');
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ a: '1', b: '2', c: '3' });
});

test('a damaged file counts as no file', () => {
  mkdirSync(join(directory, 'data'));
  writeFileSync(path, '{"a": "1');
  const preferences = createFilePreferences(path);
  expect(preferences.get('a')).toBeUndefined();
  preferences.set('a', '2');
  expect(createFilePreferences(path).get('a')).toBe('2');
});

test('values that cannot be written stay in memory and are written when the disk works again', () => {
  // A file where its directory should be.
  writeFileSync(join(directory, 'data'), '');
  const preferences = createFilePreferences(path);
  preferences.set('a', '1');
  preferences.set('b', '2');
  expect([preferences.get('a'), preferences.get('b')]).toEqual(['1', '2']);
  rmSync(join(directory, 'data'));
  preferences.remove('b');
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ a: '1' });
});
