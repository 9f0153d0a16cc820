import type {
  DownloadFailure,
  DownloadRequest,
  FileTransfer,
  OnTransferred,
  PlatformFile,
  Transfer,
} from '../ports.ts';
import { mimeTypeOf } from '../../util/mime-type.ts';
import { abortable, failure, fetchHere } from './http.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Opens and joins files on platforms that have `Blob`. */
export const blobs: Pick<FileTransfer, 'open' | 'join'> = {
  open: (input) => {
    if (isBlob(input)) return withType(input);
    // A blob of bytes is a copy of them.
    return isBytes(input) ? new Blob([input]) : undefined;
  },
  join: (parts, type) => new Blob(parts as (Bytes | Blob)[], { type }),
};

// What comes from another window has other classes. Their names are the same.
const classOf = (input: unknown): string => Object.prototype.toString.call(input).slice('[object '.length, -1);
const isBlob = (input: unknown): input is Blob => ['Blob', 'File'].includes(classOf(input));
const isBytes = (input: unknown): input is ArrayBuffer | Bytes =>
  classOf(input) === 'ArrayBuffer' || ArrayBuffer.isView(input);

/** The types of files of which a system knows none. */
const UNKNOWN_TYPES: readonly string[] = ['', 'application/octet-stream'];

/** The file with the type that its name stands for, where the system knows none. */
function withType(blob: Blob & { readonly name?: string }): Blob & { readonly name?: string } {
  const { name } = blob;
  const type = name && UNKNOWN_TYPES.includes(blob.type) && mimeTypeOf(name);
  // Old browsers have no constructor of files.
  return type ? Object.assign(blob.slice(0, blob.size, type), { name }) : blob;
}

/** Takes the bytes of a download as they arrive. */
export interface Sink {
  write(chunk: Uint8Array): Promise<void> | void;
  /**
   * Makes the file.
   *
   * @param type - MIME type from the server
   */
  finish(type: string): Promise<PlatformFile> | PlatformFile;
}

interface Received {
  sink: Sink;
  size: number;
  /** Size of the whole file in bytes. */
  total: number;
}

/** A download that never ends must not fill the memory: engines hold about twice as much in one file. */
const MAX_FILE_BYTES = 1024 * 1024 * 1024;

/** A sink in memory. */
export const memorySink = (): Sink => {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  return {
    write(chunk) {
      size += chunk.length;
      if (size > MAX_FILE_BYTES) throw failure('too-large', `more than ${MAX_FILE_BYTES} bytes`);
      chunks.push(chunk as Uint8Array<ArrayBuffer>);
    },
    finish: (type) => new Blob(chunks, { type }),
  };
};

/** Downloads with `fetch`. A download that broke off continues where it was. */
export function fetchDownload(
  { url, path, hasToken, received: before }: DownloadRequest,
  onProgress: OnTransferred,
  openSink: (path?: string) => Sink = memorySink,
): Transfer<{ status: number; file: PlatformFile }> {
  let received = before as Received | undefined;
  const { result, cancel } = abortable(async (options) => {
    const response = await (hasToken ? fetchHere : fetch)(url, {
      ...options,
      headers: received ? { range: `bytes=${received.size}-` } : {},
    });
    const { status, headers } = response;
    const length = Number(headers.get('content-length'));
    if (received && (status !== 206 || received.size + length !== received.total)) {
      // The file is another one than before, or the server sends no parts.
      received = undefined;
      if (status === 206 || status === 416) throw new Error('no such part');
    }
    if (!response.ok) {
      // Only the status of a refusal counts, and the app's path gets nothing.
      void response.body?.cancel().catch(() => undefined);
      return { status, file: new Blob([]) };
    }
    received ??= { sink: openSink(path), size: 0, total: length };
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part?.value; part = await reader!.read()) {
      await received.sink.write(part.value);
      received.size += part.value.length;
      onProgress(received.size, received.total || undefined);
    }
    return { status, file: await received.sink.finish(headers.get('content-type') ?? '') };
  });
  return {
    result: result.catch((error: unknown) => {
      throw Object.assign(error as Error & DownloadFailure, received?.total && { received });
    }),
    cancel,
  };
}
