import type {
  DownloadRequest,
  FileTransfer,
  HttpResponse,
  OnTransferred,
  PlatformFile,
  Transfer,
  UploadRequest,
} from '../ports.ts';
import { unreachable } from '../web-api/failure.ts';
import type { MiniProgramApi, Task } from './api.ts';
import { answerOf, unlessMissing } from './answer.ts';
import { textOf } from './http.ts';
import { pathFile } from './path-file.ts';
import type { PathFile } from './path-file.ts';
import { createShelf } from './shelf.ts';
import type { UserFolder } from './user-folder.ts';

/** What stands still is cancelled by the caller: the platform's own limit of a minute is none. */
const TIMEOUT_MS = 3_600_000;

/** What pickers answer with. */
interface Picked {
  tempFilePath?: unknown;
  path?: unknown;
  name?: unknown;
  size?: unknown;
}

/** Files of a mini-program: paths, and what its pickers give. */
export function createMiniProgramFiles(api: MiniProgramApi, folder: UserFolder): FileTransfer {
  return {
    open: (input) => {
      const {
        tempFilePath,
        path = tempFilePath,
        name,
        size,
      } = (typeof input === 'string' ? { path: input } : (input ?? {})) as Picked;
      if (typeof path !== 'string') return undefined;
      return pathFile(api, path, {
        ...(typeof name === 'string' && { name }),
        ...(typeof size === 'number' && { size }),
      });
    },
    shelf: (name, known) => createShelf(api, folder, name, known),
    upload: (request, onProgress) => (request.method === 'PUT' ? put(api, request) : post(api, request, onProgress)),
    download: (request, onProgress) => download(api, folder, request, onProgress),
  };
}

function post(api: MiniProgramApi, request: UploadRequest, onProgress: OnTransferred): Transfer<HttpResponse> {
  return transfer((begun) =>
    answerOf<{ statusCode: number; data: unknown }>((callbacks) => {
      const task = api.uploadFile({
        ...callbacks,
        url: request.url,
        filePath: (request.file as PathFile).path,
        name: 'file',
        formData: { ...request.fields },
        header: { ...request.headers },
        timeout: TIMEOUT_MS,
      });
      begun(task);
      // The form around the file counts, too.
      const { size } = request.file;
      task.onProgressUpdate(({ totalBytesSent }) => onProgress(Math.min(totalBytesSent, size), size));
    }).then(({ statusCode, data }) => ({ status: statusCode, body: textOf(data) })),
  );
}

/** The platform uploads forms only: here the file goes through memory, and nobody tells how far it is. */
function put(api: MiniProgramApi, { url, headers, file }: UploadRequest): Transfer<HttpResponse> {
  return transfer(async (begun) => {
    const data = await file.slice(0, file.size).arrayBuffer();
    const answer = await answerOf<{ statusCode: number; data: unknown }>((callbacks) =>
      begun(
        api.request({
          ...callbacks,
          url,
          method: 'PUT',
          header: { ...headers, 'content-type': file.type || 'application/octet-stream' },
          data,
          dataType: 'text',
          timeout: TIMEOUT_MS,
        }),
      ),
    );
    return { status: answer.statusCode, body: textOf(answer.data) };
  });
}

function download(
  api: MiniProgramApi,
  { call }: UserFolder,
  { url, path }: DownloadRequest,
  onProgress: OnTransferred,
): Transfer<{ status: number; file: PlatformFile }> {
  return transfer(async (begun) => {
    let type: string | undefined;
    const { statusCode: status, tempFilePath } = await answerOf<{ statusCode: number; tempFilePath: string }>(
      (callbacks) => {
        const task = api.downloadFile({ ...callbacks, url, timeout: TIMEOUT_MS });
        begun(task);
        task.onProgressUpdate(({ totalBytesWritten, totalBytesExpectedToWrite }) =>
          onProgress(totalBytesWritten, totalBytesExpectedToWrite || undefined),
        );
        task.onHeadersReceived?.(({ header }) => {
          const name = Object.keys(header).find((one) => one.toLowerCase() === 'content-type');
          type = name && header[name];
        });
      },
    );
    // What explains a refusal is for the caller to read and not for the user's disk.
    const moves = path !== undefined && status < 300;
    if (moves) {
      await unlessMissing(call((files, callbacks) => files.unlink({ filePath: path, ...callbacks })));
      await call((files, callbacks) => files.saveFile({ tempFilePath, filePath: path, ...callbacks }));
    }
    const file = pathFile(api, moves ? path : tempFilePath, { ...(type && { type }) });
    return { status, file: file as unknown as PlatformFile };
  });
}

/** @param run says what ends it, as soon as there is something to end. */
function transfer<T>(run: (begun: (task: Task) => void) => Promise<T>): Transfer<T> {
  let task: Task | undefined;
  let isCancelled = false;
  const begun = (it: Task): void => {
    task = it;
    if (isCancelled) it.abort();
  };
  return {
    result: Promise.resolve()
      .then(() => run(begun))
      .catch((error: unknown) => {
        throw unreachable(error);
      })
      .finally(() => (task = undefined)),
    cancel: () => {
      isCancelled = true;
      task?.abort();
    },
  };
}
