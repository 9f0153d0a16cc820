import { FlooError } from '../errors.ts';
import { foreignText } from '../foreign-text.ts';
import type { Envelope } from '../http/envelope.ts';
import type { RestClient } from '../http/rest-client.ts';
import type { UploadTicket } from '../model/file.ts';
import type { FileBody, FileTransfer, HttpResponse, Media } from '../platform/ports.ts';
import { fromEntries } from '../util/es2019.ts';
import { parseJsonObject } from '../util/lossless-json.ts';
import { runTransfer, withRetries } from './transfers.ts';
import type { TransferDeps, TransferWish } from './transfers.ts';
import type { UploadTarget } from './upload-target.ts';

interface UploadDeps extends TransferDeps {
  rest: RestClient;
  files: FileTransfer;
  media?: Media | undefined;
  /** The URL with the vendor's host replaced by the REST host in use. */
  currentUrl(url: string): string;
  /** Whether a place without TLS is refused: what is sent with a file may be used by whoever reads it. */
  requiresTls: boolean;
}

/** A file in the object store. */
export interface Uploaded {
  url: string;
  name: string;
  /** Bytes. */
  size: number;
}

/**
 * Uploads a file to the object store. Where a picture is expected, the still of a moving picture is uploaded. A place that
 * refuses the file is left for a new one, once: its permission may have run out.
 *
 * @throws FlooError
 */
export type Upload = (target: UploadTarget, file: FileBody, name: string, wish: TransferWish) => Promise<Uploaded>;

/** The file that an app passed. @throws FlooError InvalidParam when it is not a file */
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

/** The form fields that object stores take, in this order. */
const FORM_FIELDS = ['OSSAccessKeyId', 'policy', 'signature', 'callback', 'key'];

/** How many places are asked for: the first may refuse. */
const PLACES = 2;

export function createUpload(deps: UploadDeps): Upload {
  return async ({ endpoint, params, isPicture }, given, givenName, wish) => {
    // A picture that cannot be read is uploaded as it is.
    const still = isPicture ? await deps.media?.still(given).catch(() => undefined) : undefined;
    const file = still ?? given;
    const name = still ? givenName.replace(/(\.webp)?$/i, '.png') : givenName;
    let ticket: Partial<UploadTicket> | undefined;
    let places = 0;
    // An upload that broke off begins again, because object stores keep no parts. It goes to the same place.
    const attempt = async (): Promise<Uploaded> => {
      if (!ticket) {
        ticket = (await deps.rest.call<Partial<UploadTicket>>(endpoint, params)).data;
        places++;
      }
      const { upload_url, download_url, upload_method, oss_body_param: fields = {} } = ticket;
      const url = deps.currentUrl(upload_url ?? '');
      if (deps.requiresTls && /^http:/i.test(url)) {
        throw new FlooError('ServerInvalidUploadUrl', 'this page came over https, and the place has no TLS', { url });
      }
      if (!/^https?:\/\//.test(url) || !download_url)
        throw new FlooError('ServerInvalidUploadUrl', 'the server named no place for the file');
      const request = {
        url,
        method: upload_method === 'PUT' ? upload_method : ('POST' as const),
        fields: fromEntries(
          FORM_FIELDS.filter((field) => fields['key'] && fields[field]).map((field) => [field, fields[field]!]),
        ),
        file,
        name,
      };
      const answer = await runTransfer(deps, wish, url, (onProgress) => deps.files.upload(request, onProgress));
      const refusal = refusalOf(answer, url, Object.values(request.fields));
      if (!refusal) return { url: deps.currentUrl(download_url), name, size: file.size };
      // A larger permission there is not.
      if (places === PLACES || answer.status === TOO_LARGE) throw refusal;
      ticket = undefined;
      return attempt();
    };
    return withRetries(deps, wish, attempt);
  };
}

const TOO_LARGE = 413;

/** Why the store did not accept the file. Stores answer in one of two forms, or with an empty body. */
function refusalOf({ status, body }: HttpResponse, url: string, secrets: readonly string[]): FlooError | undefined {
  const answer = parseJsonObject(body) as Partial<Envelope<unknown> & { Status: string }> | undefined;
  // For an empty body only the HTTP status counts.
  const { code, Status, message } = answer ?? {};
  if (status >= 200 && status < 300 && (code ?? 200) === 200 && (Status ?? 'OK') === 'OK') return undefined;
  const reason = status === 404 ? 'ServerInvalidUploadUrl' : 'ServerFileUploadUnknownError';
  const text = foreignText(message, secrets) || `HTTP ${status}`;
  return new FlooError(reason, text, { url, ...(code !== undefined && { restCode: code }) });
}
