import { randomBytes } from 'node:crypto';
import type { FileContent, FileLink } from './file.ts';
import { FileFolder } from './file-folder.ts';

/** How an upload target wants its bytes: a form, a form as OSS takes it, or PUT. */
export const UPLOAD_STYLES = ['form', 'oss', 'put'] as const;
export type UploadStyle = (typeof UPLOAD_STYLES)[number];

/** A place to put one file to, named by its key. */
export interface UploadTarget {
  readonly style: UploadStyle;
  /** What a form must carry before the file. */
  readonly params: Readonly<Record<string, string>>;
  readonly content: FileContent;
}

/** The uploaded files of one app: in memory or, with a folder, there; in both cases places to upload to are in memory. */
export class Files {
  readonly #links = new Map<string, FileLink>();
  readonly #targets = new Map<string, UploadTarget>();
  readonly #folder: FileFolder | undefined;

  /** @param path of the folder, with what an earlier run left in it. */
  constructor(path?: string) {
    this.#folder = path === undefined ? undefined : new FileFolder(path);
    for (const link of this.#folder?.links() ?? []) this.#links.set(link.name, link);
  }

  /** A file that is still to come. */
  create(fileType: number): FileContent {
    return { key: randomName(), fileType, name: '', contentType: '' };
  }

  /** All of it came. */
  fill(content: FileContent, file: { name: string; contentType: string; bytes: Buffer }): void {
    const { name, contentType, bytes } = file;
    Object.assign(content, { name, contentType, bytes: this.#folder?.put(content.key, bytes) ?? (() => bytes) });
    this.#describe(content);
  }

  /** Give a file another name, for another receiver. */
  link(content: FileContent, readers: Pick<FileLink, 'uploaderId' | 'toId'>): FileLink {
    const link = { name: randomName(), content, ...readers };
    this.#links.set(link.name, link);
    if (content.bytes) this.#describe(content);
    return link;
  }

  find(name: string): FileLink | undefined {
    return this.#links.get(name);
  }

  /** A new place to upload to; the key is in the parameters when there are some. */
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

// Holds no "=", for forwarding takes everything after the first "sign=" of a URL as the name.
function randomName(): string {
  return randomBytes(18).toString('base64url');
}
