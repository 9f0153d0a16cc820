import { randomBytes } from 'node:crypto';
import type { FileContent, FileLink } from './file-folder.ts';
import { FileFolder } from './file-folder.ts';

/** How an upload target takes the bytes: a form, a form in the style of OSS, or PUT. */
export type UploadStyle = 'form' | 'oss' | 'put';

/** A place to upload one file to, named by its key. */
export interface UploadTarget {
  readonly style: UploadStyle;
  /** Fields that a form must have before the file. */
  readonly params: Readonly<Record<string, string>>;
  readonly content: FileContent;
}

/** The uploaded files of one app, in memory or in a folder. Upload targets are always in memory. */
export class Files {
  readonly #links = new Map<string, FileLink>();
  readonly #targets = new Map<string, UploadTarget>();
  readonly #folder: FileFolder | undefined;

  /** @param path the folder, which may hold the files of an earlier run */
  constructor(path?: string) {
    this.#folder = path === undefined ? undefined : new FileFolder(path);
    for (const link of this.#folder?.links() ?? []) this.#links.set(link.name, link);
  }

  /** Adds a file whose upload has not arrived yet. */
  create(fileType: number): FileContent {
    return { key: randomName(), fileType, name: '', contentType: '' };
  }

  /** Stores the bytes of an upload that has arrived completely. */
  fill(content: FileContent, file: { name: string; contentType: string; bytes: Buffer }): void {
    const { name, contentType, bytes } = file;
    Object.assign(content, { name, contentType, bytes: this.#folder?.put(content.key, bytes) ?? (() => bytes) });
    this.#describe(content);
  }

  /** Gives a file another name for another receiver. */
  link(content: FileContent, readers: Pick<FileLink, 'uploaderId' | 'toId'>): FileLink {
    const link = { name: randomName(), content, ...readers };
    this.#links.set(link.name, link);
    if (content.bytes) this.#describe(content);
    return link;
  }

  find(name: string): FileLink | undefined {
    return this.#links.get(name);
  }

  /** Makes a new upload target; its parameters, if any, contain the key. */
  openTarget(content: FileContent, style: UploadStyle): UploadTarget & { readonly key: string } {
    const key = randomName();
    const params: Record<string, string> =
      style === 'oss'
        ? { OSSAccessKeyId: 'dev', policy: randomName(), signature: randomName(), callback: 'dev', key }
        : {};
    const target = { key, style, params, content };
    this.#targets.set(key, target);
    return target;
  }

  target(key: string): UploadTarget | undefined {
    return this.#targets.get(key);
  }

  #describe(content: FileContent): void {
    this.#folder?.describe(
      content,
      [...this.#links.values()].filter((link) => link.content === content),
    );
  }
}

// Contains no "=": forwarding takes everything after the first "sign=" of a URL as the name.
function randomName(): string {
  return randomBytes(18).toString('base64url');
}
