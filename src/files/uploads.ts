import { FlooError } from '../errors.ts';
import type { Envelope } from '../http/envelope.ts';
import type { RestClient } from '../http/rest-client.ts';
import type { UploadTicket } from '../model/file.ts';
import type { FileBody, FileTransfer, HttpResponse, Media } from '../platform/ports.ts';
import { fromEntries } from '../util/es2019.ts';
import { parseJsonObject } from '../util/lossless-json.ts';
import { runTransfer, withRetries } from './transfers.ts';
import type { TransferDeps, TransferWish } from './transfers.ts';
import type { UploadTarget } from './upload-target.ts';

export interface UploadDeps extends TransferDeps {
  rest: RestClient;
  files: FileTransfer;
  media?: Media | undefined;
  /** Where a URL of the server's leads now. */
  currentUrl(url: string): string;
  /** Headers for the app's own servers; none for any other URL. */
  credentials(url: string): Record<string, string>;
}

/** What is in the object store now. */
export interface Uploaded {
  url: string;
  name: string;
  /** Bytes. */
  size: number;
}

/** Brings a file to the object store; of what moves, where a picture is expected, a still. @throws FlooError. */
export type Upload = (target: UploadTarget, file: FileBody, name: string, wish: TransferWish) => Promise<Uploaded>;

/** The file that an app named. @throws FlooError InvalidParam. */
export function mustFile(files: FileTransfer, input: unknown): FileBody {
  let file: FileBody | undefined;
  try {
    file = files.open(input);
  } catch (cause) {
    throw FlooError.from(cause, 'InvalidParam');
  }
  if (!file) throw new FlooError('InvalidParam', 'file is none');
  return file;
}

/** Object stores of one kind of form take these fields, in this order. */
const FORM_FIELDS = ['OSSAccessKeyId', 'policy', 'signature', 'callback', 'key'];

export function createUpload(deps: UploadDeps): Upload {
  return async ({ endpoint, params, isPicture }, given, givenName, wish) => {
    // One that cannot be read goes as it is.
    const still = isPicture ? await deps.media?.still(given).catch(() => undefined) : undefined;
    const file = still ?? given;
    const name = still ? givenName.replace(/(\.webp)?$/i, '.png') : givenName;
    let ticket: Partial<UploadTicket> | undefined;
    // One that broke off begins anew: object stores keep no halves. Its place there is the same.
    return withRetries(deps, wish, async () => {
      ticket ??= (await deps.rest.call<Partial<UploadTicket>>(endpoint, params)).data;
      const { upload_url, download_url, upload_method, oss_body_param: fields = {} } = ticket;
      const url = deps.currentUrl(upload_url ?? '');
      if (!/^https?:\/\//.test(url) || !download_url)
        throw new FlooError('ServerInvalidUploadUrl', 'the server named no place for the file');
      const request = {
        url,
        method: upload_method === 'PUT' ? upload_method : ('POST' as const),
        headers: deps.credentials(url),
        fields: fromEntries(
          FORM_FIELDS.filter((field) => fields['key'] && fields[field]).map((field) => [field, fields[field]!]),
        ),
        file,
        name,
      };
      const answer = await runTransfer(deps, wish, url, (onProgress) => deps.files.upload(request, onProgress));
      mustBeStored(answer, url);
      return { url: deps.currentUrl(download_url), name, size: file.size };
    });
  };
}

/** Stores answer in two ways of their own, and with nothing at all. */
function mustBeStored({ status, body }: HttpResponse, url: string): void {
  const answer = parseJsonObject(body) as Partial<Envelope<unknown> & { Status: string }> | undefined;
  // Without any its status says it.
  const { code, Status, message } = answer ?? {};
  if (status >= 200 && status < 300 && (code ?? 200) === 200 && (Status ?? 'OK') === 'OK') return;
  const reason = status === 404 ? 'ServerInvalidUploadUrl' : 'ServerFileUploadUnknownError';
  throw new FlooError(reason, message ?? `HTTP ${status}`, { url, ...(code !== undefined && { restCode: code }) });
}
