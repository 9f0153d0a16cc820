import { FlooError, restError } from '../errors.ts';
import type { FlooErrorCode } from '../errors.ts';
import type { Envelope } from '../http/envelope.ts';
import type { DownloadFailure, FileBody, FileTransfer, PlatformFile } from '../platform/ports.ts';
import { parseJsonObject } from '../util/lossless-json.ts';
import { readUtf8 } from '../wire/utf8.ts';
import { runTransfer, withRetries } from './transfers.ts';
import type { TransferDeps, TransferWish } from './transfers.ts';

/**
 * Downloads a file.
 *
 * @param url - complete, with every parameter that its server needs
 * @param path - where to put it, on platforms with file paths
 * @throws FlooError
 */
export type Download = (url: string, path: string | undefined, wish: TransferWish) => Promise<PlatformFile>;

/** How often in a row a broken download is resumed, before the next try starts from the beginning. */
const RESUMES = 3;

/** Bytes. A longer JSON file is the file itself, not a refusal of the server. */
const LONGEST_REFUSAL = 4096;

export function createDownload(deps: TransferDeps & { files: FileTransfer }): Download {
  return async (url, path, wish) => {
    if (!/^https?:\/\//.test(url)) throw new FlooError('InvalidFileDownloadUrl', 'no URL to download from');
    const token = /[?&]access-token=([^&]+)/.exec(url)?.[1];
    const hasToken = token !== undefined;
    let received: unknown;
    let mostLoaded = 0;
    let triesWithoutProgress = 0;
    const { status, file } = await withRetries(deps, wish, async (moved) => {
      const onProgress: TransferWish['onProgress'] = (progress) => {
        if (progress.loaded > mostLoaded) {
          moved();
          mostLoaded = progress.loaded;
          triesWithoutProgress = 0;
        }
        wish.onProgress?.(progress);
      };
      // A server, or a page's rules, may refuse to send a part of a file: the last try asks for the whole file.
      const request = { url, path, hasToken, received: triesWithoutProgress < RESUMES ? received : undefined };
      triesWithoutProgress++;
      try {
        return await runTransfer(deps, { ...wish, onProgress }, url, (onTransferred) =>
          deps.files.download(request, onTransferred),
        );
      } catch (error) {
        received = ((error as FlooError).cause as DownloadFailure | undefined)?.received;
        throw error;
      }
    });
    if (status >= 300) throw new FlooError('ServerFileDownloadUnknownError', `HTTP ${status}`, { url });
    await mustBeFile(file, url, hasToken ? [decodeURIComponent(token)] : []);
    return file;
  };
}

/** Throws when the file is a refusal: JSON with HTTP 200 where a file was expected. */
async function mustBeFile(file: FileBody, url: string, secrets: readonly string[]): Promise<void> {
  if (!file.type.startsWith('application/json') || file.size > LONGEST_REFUSAL) return;
  const bytes = new Uint8Array(await file.slice(0, file.size).arrayBuffer());
  const answer = parseJsonObject(readUtf8(bytes, 0, bytes.length)) as Partial<Envelope<unknown>> | undefined;
  const { code, message } = answer ?? {};
  if (typeof code !== 'number' || code === 200 || message === undefined) return;
  const error = restError(code, message, url, secrets);
  // The names of these codes do not mention a download, so the name for one replaces them.
  if (!VAGUE.includes(error.reason)) throw error;
  throw new FlooError('ServerFileDownloadUnknownError', error.rawMessage, { url, restCode: code });
}

const VAGUE: readonly FlooErrorCode[] = ['ServerFileUploadUnknownError', 'ServerUnknownError'];
