import type { HttpFailure, HttpResponse } from './network.ts';
import type { KvValue } from './storage.ts';

/** A file. Every `Blob` is one. */
export interface FileBody {
  /** Size in bytes. */
  readonly size: number;
  /** MIME type; `''` when it is not known. */
  readonly type: string;
  /** File name without a path. Absent when the file has no name. */
  readonly name?: string;
  /** In a mini-program: the path by which the platform knows the file. Absent elsewhere. */
  readonly path?: string;
  /**
   * A part of the file, which is read when `arrayBuffer` is called.
   *
   * @param from - index of the first byte
   * @param to - index after the last byte
   */
  slice(
    from: number,
    to: number,
  ): {
    /** Reads the bytes of the part. */
    arrayBuffer(): Promise<ArrayBuffer>;
  };
}

/** A file as apps get it: a `Blob` where the app's types have one, else a {@link FileBody}. */
// eslint-disable-next-line es-x/no-global-this -- a type only: no code comes of it
export type PlatformFile = typeof globalThis extends { Blob: { prototype: infer B } } ? B : FileBody;

/**
 * One file that goes to a server. Its URL and its fields are a permission for this one file: no header, and so no token, goes
 * with it, because most platforms follow a redirect of an upload by themselves.
 */
export interface UploadRequest {
  /** Absolute URL with its query. */
  url: string;
  /** `PUT` sends the file as the body. `POST` sends a form: the fields in their order, then the file as the field `file`. */
  method: 'POST' | 'PUT';
  /** Fields of the form. Ignored for `PUT`. */
  fields: Readonly<Record<string, string>>;
  /** The file. */
  file: FileBody;
  /** File name in the form. */
  name: string;
}

/** One file that comes from a server. */
export interface DownloadRequest {
  /** Absolute URL with its query. */
  url: string;
  /** Path for the file, on platforms with paths. Absent: the platform chooses a place, or keeps the file in memory. */
  path?: string | undefined;
  /** `received` of an earlier attempt's {@link DownloadFailure}: the download continues there. Absent: from the start. */
  received?: unknown;
  /**
   * Whether the URL holds the user's token. Then no redirect is followed, because its target may repeat the URL; the platforms
   * that cannot prevent it say so.
   */
  hasToken: boolean;
}

/** Why a download failed. */
export interface DownloadFailure extends HttpFailure {
  /** The part that arrived, for {@link DownloadRequest.received}. Absent when the platform cannot continue a download. */
  received?: unknown;
}

/**
 * Reports the progress of a transfer.
 *
 * @param loaded - bytes so far
 * @param total - bytes of the whole file; undefined when it is not known
 */
export type OnTransferred = (loaded: number, total: number | undefined) => void;

/** A transfer that is under way. */
export interface Transfer<T> {
  /**
   * Resolves with every HTTP answer but a redirect that is not followed, whatever its status; rejects with an
   * {@link HttpFailure} when there is no answer.
   */
  readonly result: Promise<T>;
  /** Ends the transfer: `result` rejects unless it is settled. */
  cancel(): void;
}

/** Copies of files that wait for their upload. They survive a restart where the platform can store them. */
export interface FileShelf {
  /**
   * Keeps a copy of a file under a key. Never rejects: a file that cannot be copied is lost when this run ends.
   *
   * @param key - letters and digits
   */
  keep(key: string, file: FileBody): Promise<void>;
  /**
   * The file of a key.
   *
   * @param key - letters and digits
   * @param about - size in bytes and MIME type of the file that was kept
   * @returns undefined when there is none, or not all of it
   */
  load(key: string, about: Pick<FileBody, 'size' | 'type'>): Promise<FileBody | undefined>;
  /**
   * Removes the copy of a key. Never rejects: the next run removes what stays.
   *
   * @param key - letters and digits
   */
  drop(key: string): Promise<void>;
  /** Releases what the shelf holds open. Never rejects. */
  close(): Promise<void>;
}

/**
 * Reads, uploads and downloads files.
 *
 * It has no timeouts: the caller cancels a transfer that makes no progress. It sends no cookies, and no headers of its own but
 * `Range`.
 */
export interface FileTransfer {
  /**
   * The file that an app passed: a `Blob`, bytes, a path, or what a file picker returned.
   *
   * @param input - what the app passed
   * @returns undefined when the input is no file
   * @throws the platform's error when the file does not exist
   */
  open(input: unknown): FileBody | undefined;
  /**
   * Joins parts of a file: bytes, or slices on platforms with {@link FileTransfer.storesSlices}. Required on platforms without
   * a shelf.
   *
   * @param parts - the parts, in their order
   * @param type - MIME type
   */
  join?(parts: readonly KvValue[], type: string): FileBody;
  /** Set when the platform's databases store slices of files as they are, without reading them into memory. */
  storesSlices?: true;
  /**
   * Opens the shelf of a database, on platforms that copy files by themselves. Absent: files are stored in pieces in a
   * {@link KvStore}. `KvProvider.drop` also clears the shelf of that name.
   *
   * @param name - name of the database
   * @param known - the keys that are in use; the shelf removes every other copy
   */
  shelf?(name: string, known: () => Iterable<string>): FileShelf;
  /**
   * Starts an upload.
   *
   * @param request - what to send, and where
   * @param onProgress - is called with the progress
   */
  upload(request: UploadRequest, onProgress: OnTransferred): Transfer<HttpResponse>;
  /**
   * Starts a download. The result has the HTTP status and the file; of a refusal, only the status counts.
   *
   * @param request - what to fetch
   * @param onProgress - is called with the progress
   */
  download(
    request: DownloadRequest,
    onProgress: OnTransferred,
  ): Transfer<{
    /** HTTP status. */
    status: number;
    /** The file, or the server's refusal. */
    file: PlatformFile;
  }>;
}

/** Facts about a picture, a sound or a film. */
export interface MediaFacts {
  /** Width in pixels, as it is shown. Absent for a sound. */
  width?: number;
  /** Height in pixels, as it is shown. Absent for a sound. */
  height?: number;
  /** Length in whole seconds, at least 1. Absent for a picture. */
  duration?: number;
  /** A small picture as a data URL. Absent for a sound. */
  preview?: string;
}

/**
 * Looks into media files.
 *
 * Every answer comes within seconds. The promise rejects when a file does not have the format of its MIME type.
 */
export interface Media {
  /**
   * Reads the facts of a file; `{}` when its MIME type is neither `image/*` nor `audio/*` nor `video/*`.
   *
   * @param options.films - whether films may be loaded, which a page's policy must allow
   */
  read(file: FileBody, options: { films: boolean }): Promise<MediaFacts>;
  /** Converts an extended WebP, which may be animated, to a still PNG. Resolves with undefined for every other file. */
  still(file: FileBody): Promise<FileBody | undefined>;
}
