import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeFiles } from '../../../../src/platform/node/files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flooim-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ['photo.jpg', 'image/jpeg'],
  ['film.mov', 'video/quicktime'],
  ['song.mp3', 'audio/mpeg'],
  ['thing.unknown', ''],
])('%s on the disk has the type %j', (name, type) => {
  writeFileSync(join(folder, name), 'text');
  expect(nodeFiles.open(join(folder, name))).toMatchObject({ name, size: 4, type });
});

test('a path without a file throws', () => {
  expect(() => nodeFiles.open(join(folder, 'none.jpg'))).toThrow('ENOENT');
});
