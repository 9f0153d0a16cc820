import type { FileFolder, Random } from '../ports.ts';
import { randomName } from '../random-name.ts';
import type { Records } from '../records/records.ts';

/** An uploaded file. Several links may lead to it. */
export interface FileContent {
  readonly key: string;
  readonly fileType: number;
  name: string;
  contentType: string;
  /** Absent until an upload has arrived completely. */
  bytes?: () => Uint8Array;
}

/** A name under which some users may download a file. */
export interface FileLink {
  readonly name: string;
  readonly content: FileContent;
  readonly uploaderId: number;
  /** The user or group it is for; absent for avatars, which anyone may see. */
  readonly toId?: number;
}

/** How an upload target takes the bytes: a form, a form in the style of OSS, or PUT. */
export type UploadStyle = 'form' | 'oss' | 'put';

/** A place to upload one file to. */
export interface UploadTarget {
  readonly key: string;
  readonly style: UploadStyle;
  /** Fields that a form must have before the file. */
  readonly params: Readonly<Record<string, string>>;
  readonly content: FileContent;
}

type ContentRecord = Omit<FileContent, 'bytes'> & { readonly isComplete: boolean };
/** In a record, the key of a file stands for the file. */
type Linked<T extends { content: FileContent }> = Omit<T, 'content'> & { readonly content: string };

const CONTENTS = 'files';
const LINKS = 'file-links';
const TARGETS = 'upload-targets';

/** The uploaded files of one app. Their bytes are in memory or in a folder. */
export class Files {
  readonly #records: Records;
  readonly #random: Random;
  readonly #folder: FileFolder | undefined;
  readonly #links = new Map<string, FileLink>();
  readonly #targets = new Map<string, UploadTarget>();

  /** @param folder the bytes of an earlier run and of this one; in memory if absent */
  constructor(records: Records, random: Random, folder?: FileFolder) {
    this.#records = records;
    this.#random = random;
    this.#folder = folder;
    const contents = new Map(
      [...records.load<ContentRecord>(CONTENTS)].map((record) => [record.key, this.#restore(record)]),
    );
    for (const link of records.load<Linked<FileLink>>(LINKS))
      this.#links.set(link.name, { ...link, content: contents.get(link.content)! });
    for (const target of records.load<Linked<UploadTarget>>(TARGETS))
      this.#targets.set(target.key, { ...target, content: contents.get(target.content)! });
  }

  /** Adds a file whose upload has not arrived yet. */
  create(fileType: number): FileContent {
    const content: FileContent = { key: this.#name(), fileType, name: '', contentType: '' };
    this.#keep(content);
    return content;
  }

  /** Stores the bytes of an upload that has arrived completely. */
  fill(content: FileContent, file: { name: string; contentType: string; bytes: Uint8Array }): void {
    const { name, contentType, bytes } = file;
    this.#folder?.put(content.key, bytes);
    Object.assign(content, { name, contentType, bytes: this.#reader(content.key) ?? (() => bytes) });
    this.#keep(content);
  }

  /** Gives a file another name for another receiver. */
  link(content: FileContent, readers: Pick<FileLink, 'uploaderId' | 'toId'>): FileLink {
    const link: FileLink = { name: this.#name(), content, ...readers };
    this.#links.set(link.name, link);
    this.#records.put(LINKS, [link.name], { ...link, content: content.key } satisfies Linked<FileLink>);
    return link;
  }

  find(name: string): FileLink | undefined {
    return this.#links.get(name);
  }

  /** Makes a new upload target; its parameters, if any, contain the key. */
  openTarget(content: FileContent, style: UploadStyle): UploadTarget {
    const key = this.#name();
    const params: Record<string, string> =
      style === 'oss'
        ? { OSSAccessKeyId: 'dev', policy: this.#name(), signature: this.#name(), callback: 'dev', key }
        : {};
    const target: UploadTarget = { key, style, params, content };
    this.#targets.set(key, target);
    this.#records.put(TARGETS, [key], { ...target, content: content.key } satisfies Linked<UploadTarget>);
    return target;
  }

  target(key: string): UploadTarget | undefined {
    return this.#targets.get(key);
  }

  #keep({ bytes, ...content }: FileContent): void {
    this.#records.put(CONTENTS, [content.key], { ...content, isComplete: bytes !== undefined } satisfies ContentRecord);
  }

  #restore({ isComplete, ...content }: ContentRecord): FileContent {
    const bytes = isComplete ? this.#reader(content.key) : undefined;
    return { ...content, ...(bytes && { bytes }) };
  }

  #reader(key: string): (() => Uint8Array) | undefined {
    const folder = this.#folder;
    return folder && (() => folder.read(key));
  }

  /** Contains no "=": forwarding takes everything after the first "sign=" of a URL as the name. */
  #name(): string {
    return randomName(this.#random);
  }
}
