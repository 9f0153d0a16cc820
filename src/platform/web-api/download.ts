import type { DownloadFailure, DownloadRequest, OnTransferred, PlatformFile, Transfer } from '../ports.ts';
import { unreachable } from './failure.ts';

/** Where bytes go as they come. */
export interface Sink {
  write(chunk: Uint8Array): Promise<void> | void;
  /** @param type the MIME type that the server named. */
  finish(type: string): Promise<PlatformFile> | PlatformFile;
}

interface Received {
  sink: Sink;
  size: number;
  /** Of the whole file. */
  total: number;
}

export const memorySink = (): Sink => {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  return {
    write: (chunk) => void chunks.push(chunk as Uint8Array<ArrayBuffer>),
    finish: (type) => new Blob(chunks, { type }),
  };
};

/** A download over `fetch`; one that broke off goes on where it was. Without `AbortController` a cancelled one ends unheard. */
export function fetchDownload(
  request: DownloadRequest,
  onProgress: OnTransferred,
  openSink: (path?: string) => Sink = memorySink,
): Transfer<{ status: number; file: PlatformFile }> {
  const abort = typeof AbortController === 'undefined' ? undefined : new AbortController();
  let received = request.received as Received | undefined;
  const run = async (): Promise<{ status: number; file: PlatformFile }> => {
    const response = await fetch(request.url, {
      credentials: 'omit',
      headers: received ? { range: `bytes=${received.size}-` } : {},
      ...(abort && { signal: abort.signal }),
    });
    const { status, headers } = response;
    const length = Number(headers.get('content-length'));
    if (received && (status !== 206 || received.size + length !== received.total)) {
      // Another file than before, or a server that gives no parts.
      received = undefined;
      if (status === 206 || status === 416) throw new Error('no such part');
    }
    // What explains a refusal is for the caller to read and not for the user's disk.
    received ??= { sink: response.ok ? openSink(request.path) : memorySink(), size: 0, total: length };
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader!.read()) {
      await received.sink.write(part.value);
      received.size += part.value.length;
      onProgress(received.size, received.total || undefined);
    }
    return { status, file: await received.sink.finish(headers.get('content-type') ?? '') };
  };
  return {
    result: run().catch((error: unknown) => {
      throw Object.assign(unreachable(error), received?.total && { received }) as Error & DownloadFailure;
    }),
    cancel: () => abort?.abort(),
  };
}
