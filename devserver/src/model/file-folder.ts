import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileContent, FileLink } from './file.ts';

/** What is kept of a file beside its bytes: it and the names that lead to it. */
type Kept = Pick<FileContent, 'fileType' | 'name' | 'contentType'> & { links: Omit<FileLink, 'content'>[] };

const ABOUT = '.json';

/** The uploaded files of one app on the disk: `<key>` has the bytes, `<key>.json` says what they are. */
export class FileFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** The links of an earlier run. */
  links(): FileLink[] {
    mkdirSync(this.#path, { recursive: true });
    const abouts = readdirSync(this.#path).filter((name) => name.endsWith(ABOUT));
    return abouts.flatMap((about) => {
      const { links, ...file } = JSON.parse(readFileSync(join(this.#path, about), 'utf8')) as Kept;
      const key = about.slice(0, -ABOUT.length);
      const content: FileContent = { ...file, key, bytes: () => readFileSync(join(this.#path, key)) };
      return links.map((link) => ({ ...link, content }));
    });
  }

  /** @returns what reads the bytes again. */
  put(key: string, bytes: Buffer): () => Buffer {
    const path = join(this.#path, key);
    writeWhole(path, bytes);
    return () => readFileSync(path);
  }

  describe({ key, fileType, name, contentType }: FileContent, links: readonly FileLink[]): void {
    const kept: Kept = {
      ...{ fileType, name, contentType },
      links: links.map(({ content: _content, ...link }) => link),
    };
    writeWhole(join(this.#path, key + ABOUT), JSON.stringify(kept));
  }
}

/** There when all of it is written. */
function writeWhole(path: string, data: Buffer | string): void {
  writeFileSync(`${path}.part`, data);
  renameSync(`${path}.part`, path);
}
