import { FlooError, restError } from '../errors.ts';
import type { FlooErrorCode } from '../errors.ts';
import type { Envelope } from '../http/envelope.ts';
import type { DownloadFailure, FileBody, FileTransfer, PlatformFile } from '../platform/ports.ts';
import { parseJsonObject } from '../util/lossless-json.ts';
import { readUtf8 } from '../wire/utf8.ts';
import { runTransfer, withRetries } from './transfers.ts';
import type { TransferDeps, TransferWish } from './transfers.ts';

/** Brings a file here. @param url with everything that its server wants to know. @throws FlooError. */
export type Download = (url: string, path: string | undefined, wish: TransferWish) => Promise<PlatformFile>;

/** Tries in a row to go on with a download that broke off. */
const RESUMES = 3;

/** The longest text that may be the server's refusal. */
const LONGEST_REFUSAL = 4096;

export function createDownload(deps: TransferDeps & { files: FileTransfer }): Download {
  return async (url, path, wish) => {
    if (!/^https?:\/\//.test(url)) throw new FlooError('InvalidFileDownloadUrl', 'no URL to download from');
    let received: unknown;
    let most = 0;
    let stuck = 0;
    const { status, file } = await withRetries(deps, wish, async (moved) => {
      const onProgress: TransferWish['onProgress'] = (progress) => {
        if (progress.loaded > most) {
          moved();
          most = progress.loaded;
          stuck = 0;
        }
        wish.onProgress?.(progress);
      };
      // A server, or a page's rules, may refuse parts of a file: the last try is for the whole.
      const request = { url, path, received: stuck < RESUMES ? received : undefined };
      stuck++;
      try {
        return await runTransfer(deps, { ...wish, onProgress }, url, (tell) => deps.files.download(request, tell));
      } catch (error) {
        received = ((error as FlooError).cause as DownloadFailure | undefined)?.received;
        throw error;
      }
    });
    if (status >= 300) throw new FlooError('ServerFileDownloadUnknownError', `HTTP ${status}`, { url });
    await mustBeFile(file, url);
    return file;
  };
}

/** Refusals are JSON where a file was expected, with HTTP 200. */
async function mustBeFile(file: FileBody, url: string): Promise<void> {
  if (!file.type.startsWith('application/json') || file.size > LONGEST_REFUSAL) return;
  const bytes = new Uint8Array(await file.slice(0, file.size).arrayBuffer());
  const answer = parseJsonObject(readUtf8(bytes, 0, bytes.length)) as Partial<Envelope<unknown>> | undefined;
  const { code, message } = answer ?? {};
  if (typeof code !== 'number' || code === 200 || message === undefined) return;
  const error = restError(code, message, url);
  // What stands for an upload there, or for nothing, is of a download here.
  if (!VAGUE.includes(error.reason)) throw error;
  throw new FlooError('ServerFileDownloadUnknownError', message, { url, restCode: code });
}

const VAGUE: readonly FlooErrorCode[] = ['ServerFileUploadUnknownError', 'ServerUnknownError'];
