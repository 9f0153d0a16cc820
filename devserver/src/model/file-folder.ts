import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An uploaded file. Several links may lead to it. */
export interface FileContent {
  readonly key: string;
  readonly fileType: number;
  name: string;
  contentType: string;
  /** Absent until an upload has arrived completely. */
  bytes?: () => Buffer;
}

/** A name under which some users may download a file. */
export interface FileLink {
  readonly name: string;
  readonly content: FileContent;
  readonly uploaderId: number;
  /** The user or group it is for; absent for avatars, which anyone may see. */
  readonly toId?: number;
}

/** The record beside the bytes of a file: its description and its links. */
type Kept = Pick<FileContent, 'fileType' | 'name' | 'contentType'> & { links: Omit<FileLink, 'content'>[] };

const ABOUT = '.json';

/** The uploaded files of one app on the disk: `<key>` has the bytes, `<key>.json` the description. */
export class FileFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** The links stored by an earlier run. */
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

  /** @returns a function that reads the bytes again */
  put(key: string, bytes: Buffer): () => Buffer {
    const path = join(this.#path, key);
    writeWhole(path, bytes);
    return () => readFileSync(path);
  }

  describe({ key, fileType, name, contentType }: FileContent, links: readonly FileLink[]): void {
    const kept: Kept = {
      fileType,
      name,
      contentType,
      links: links.map(({ content: _content, ...link }) => link),
    };
    writeWhole(join(this.#path, key + ABOUT), JSON.stringify(kept));
  }
}

/** Writes a file in one step: it never exists half written. */
function writeWhole(path: string, data: Buffer | string): void {
  writeFileSync(`${path}.part`, data);
  renameSync(`${path}.part`, path);
}
