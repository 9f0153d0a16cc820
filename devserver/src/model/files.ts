import { randomBytes } from 'node:crypto';

/** What was uploaded; several links may lead to it. */
export interface FileContent {
  readonly fileType: number;
  name: string;
  contentType: string;
  /** Absent until an upload arrived whole. */
  bytes?: Buffer;
}

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

/** A name by which some may download a file. */
export interface FileLink {
  readonly name: string;
  readonly content: FileContent;
  readonly uploaderId: number;
  /** The user or group it is for; absent for avatars, which anyone may see. */
  readonly toId?: number;
}

/** The uploaded files of one app, in memory. */
export class Files {
  readonly #links = new Map<string, FileLink>();
  readonly #targets = new Map<string, UploadTarget>();

  /** Give a file another name, for another receiver. */
  link(content: FileContent, readers: Pick<FileLink, 'uploaderId' | 'toId'>): FileLink {
    const link = { name: randomName(), content, ...readers };
    this.#links.set(link.name, link);
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
}

// Holds no "=", for forwarding takes everything after the first "sign=" of a URL as the name.
function randomName(): string {
  return randomBytes(18).toString('base64url');
}
