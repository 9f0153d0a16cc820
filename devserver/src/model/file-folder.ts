import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The bytes of the uploaded files of one app on the disk, each under its key. */
export class FileFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    mkdirSync(path, { recursive: true });
  }

  /** Writes a file in one step: it never exists half written. */
  put(key: string, bytes: Buffer): void {
    const path = join(this.#path, key);
    writeFileSync(`${path}.part`, bytes);
    renameSync(`${path}.part`, path);
  }

  read(key: string): Buffer {
    return readFileSync(join(this.#path, key));
  }
}
