import type {
  DownloadRequest,
  FileTransfer,
  HttpResponse,
  OnTransferred,
  FileBody,
  PlatformFile,
  Transfer,
  UploadRequest,
} from '../ports.ts';
import type { MiniProgramApi } from './api.ts';
import { answerOf, unlessMissing } from './api.ts';
import { exchange, responseOf, taskTransfer } from './http.ts';
import { pathFile } from './path-file.ts';
import type { PathFile } from './path-file.ts';
import { createShelf } from './shelf.ts';
import type { UserFolder } from './user-folder.ts';

/** One hour instead of the platform's minute: the caller cancels a transfer that makes no progress. */
const TIMEOUT_MS = 3_600_000;

/** What file pickers return. Temporary paths often have no extension. */
interface Picked {
  tempFilePath?: unknown;
  path?: unknown;
  name?: unknown;
  size?: unknown;
  /** `image`, `video` or `file`; in pages of uni-app a MIME type. */
  type?: unknown;
  /** `image` or `video`. */
  fileType?: unknown;
}

/** A MIME type for the kind of file that a picker names. */
const TYPE_OF_KIND: Readonly<Record<string, string>> = { image: 'image/jpeg', video: 'video/mp4' };

/** The files of a mini-program: paths, and what file pickers return. */
export function createMiniProgramFiles(api: MiniProgramApi, folder: UserFolder): FileTransfer {
  return {
    open: (input) => {
      const {
        tempFilePath,
        path = tempFilePath,
        name,
        size,
        type,
        fileType = type,
      } = (typeof input === 'string' ? { path: input } : (input ?? {})) as Picked;
      if (typeof path !== 'string' || !path) return undefined;
      const file = pathFile(api, path, {
        ...(typeof name === 'string' && { name }),
        ...(typeof size === 'number' && { size }),
      });
      return file.type ? file : { ...file, type: typeOf(fileType) };
    },
    shelf: (name, known) => createShelf(api, folder, name, known),
    upload: (request, onProgress) => (request.method === 'PUT' ? put(api, request) : post(api, request, onProgress)),
    download: (request, onProgress) => download(api, folder, request, onProgress),
  };
}

/** The MIME type that a picker gave, or means; `''` when it gave none. */
function typeOf(given: unknown): string {
  if (typeof given !== 'string') return '';
  return given.includes('/') ? given : (TYPE_OF_KIND[given] ?? '');
}

function post(
  api: MiniProgramApi,
  { url, fields, file }: UploadRequest,
  onProgress: OnTransferred,
): Transfer<HttpResponse> {
  return taskTransfer(async (begun) =>
    responseOf(
      await answerOf<{ statusCode: number; data: unknown }>((callbacks) => {
        const task = api.uploadFile({
          ...callbacks,
          url,
          filePath: (file as PathFile).path,
          name: 'file',
          formData: { ...fields },
          timeout: TIMEOUT_MS,
        });
        begun(task);
        const { size } = file;
        // `totalBytesSent` includes the form around the file.
        task.onProgressUpdate(({ totalBytesSent }) => onProgress(Math.min(totalBytesSent, size), size));
      }),
    ),
  );
}

/** The platform uploads forms only, so the file goes through memory here, without reports of progress. */
function put(api: MiniProgramApi, { url, file }: UploadRequest): Transfer<HttpResponse> {
  return taskTransfer(async (begun) =>
    exchange(api, begun, {
      url,
      method: 'PUT',
      header: { 'content-type': file.type || 'application/octet-stream' },
      data: await file.slice(0, file.size).arrayBuffer(),
      timeout: TIMEOUT_MS,
    }),
  );
}

function download(
  api: MiniProgramApi,
  { call }: UserFolder,
  { url, path }: DownloadRequest,
  onProgress: OnTransferred,
): Transfer<{ status: number; file: PlatformFile }> {
  return taskTransfer(async (begun) => {
    let type: string | undefined;
    const { statusCode: status, tempFilePath } = await answerOf<{ statusCode: number; tempFilePath: string }>(
      (callbacks) => {
        const task = api.downloadFile({ ...callbacks, url, timeout: TIMEOUT_MS });
        begun(task);
        task.onProgressUpdate(({ totalBytesWritten, totalBytesExpectedToWrite }) =>
          onProgress(totalBytesWritten, totalBytesExpectedToWrite || undefined),
        );
        task.onHeadersReceived?.(({ header }) => {
          type = Object.entries(header).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
        });
      },
    );
    // A refusal stays in its temporary file: the caller reads it, and the app's path gets only the file itself.
    const filePath = status < 300 ? path : undefined;
    if (filePath !== undefined) {
      await unlessMissing(call('unlink', { filePath }));
      await call('saveFile', { tempFilePath, filePath });
    }
    const file: FileBody = pathFile(api, filePath ?? tempFilePath, { ...(type && { type }) });
    return { status, file: file as PlatformFile };
  });
}
