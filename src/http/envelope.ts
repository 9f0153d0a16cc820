import { FlooError, restError } from '../errors.ts';
import type { FlooErrorCode } from '../errors.ts';
import type { HttpResponse } from '../platform/ports.ts';
import { parseLosslessJson } from '../util/lossless-json.ts';

/** A successful answer of a REST host. The fields for paging are beside `data`. */
export interface RestAnswer<T> {
  data: T;
  /** Where the next page starts; absent on the last page. */
  cursor?: string;
  /** Number of items on all pages. */
  total?: number;
  version?: number;
}

/** An answer of a REST host, successful or not. */
export type Envelope<T> = RestAnswer<T> & { code: number; message?: unknown };

const SUCCESS = 200;

/**
 * Returns a successful answer.
 *
 * @param secrets - what of the request must not be in the error, though the server repeats it
 * @throws FlooError the error of the answer's code, unless it is success
 */
export function mustSucceed<T>(answer: Envelope<T>, url: string, secrets: readonly string[] = []): RestAnswer<T> {
  if (answer.code === SUCCESS) return answer;
  throw restError(answer.code, answer.message, url, secrets);
}

/** HTTP status codes of a proxy in front of the host, which answers without an envelope. */
const PROXY_ERRORS: Readonly<Record<number, FlooErrorCode>> = { 429: 'ServerTooManyRequest', 503: 'ServerBusy' };

/** Parses an answer. @throws FlooError ServerResponseInvalid, ServerTooManyRequest or ServerBusy when it has no envelope. */
export function readEnvelope<T>(response: HttpResponse, url: string): Envelope<T> {
  const { status, body } = response;
  const invalid = (what: string): FlooError =>
    new FlooError(PROXY_ERRORS[status] ?? 'ServerResponseInvalid', `HTTP ${status}, no ${what}`, { url });
  let answer: unknown;
  try {
    answer = parseLosslessJson(body);
  } catch {
    // The parser's error is no cause of ours: it quotes the body, which may repeat the request.
    throw invalid('JSON');
  }
  if (typeof answer !== 'object' || answer === null || typeof (answer as { code?: unknown }).code !== 'number') {
    throw invalid('envelope');
  }
  return answer as Envelope<T>;
}
