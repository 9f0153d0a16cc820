import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileFolder, FileShelf } from '../ports.ts';

/** Uploaded files on the disk, with a subfolder for each app. */
export function createDiskShelf(path: string): FileShelf {
  return {
    folder: (name) => openFolder(join(path, name)),
    clear: () => rmSync(path, { recursive: true, force: true }),
  };
}

function openFolder(path: string): FileFolder {
  mkdirSync(path, { recursive: true });
  return {
    /** Writes a file in one step: it never exists half written. */
    put(key, bytes) {
      const file = join(path, key);
      writeFileSync(`${file}.part`, bytes);
      renameSync(`${file}.part`, file);
    },
    read: (key) => readFileSync(join(path, key)),
  };
}
