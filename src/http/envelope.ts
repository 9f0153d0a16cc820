import { FlooError, restError } from '../errors.ts';
import type { FlooErrorCode } from '../errors.ts';
import type { HttpFailure, HttpResponse } from '../platform/ports.ts';
import { parseLosslessJson } from '../util/lossless-json.ts';

/** What a REST host answers (rest-api 1.6). Paging information stands beside `data`. */
export interface RestAnswer<T> {
  data: T;
  /** Where the next page starts; absent on the last page. */
  cursor?: string;
  /** Rows on all pages. */
  total?: number;
  version?: number;
}

export type Envelope<T> = RestAnswer<T> & { code: number; message?: string };

const SUCCESS = 200;

/** @throws FlooError of the numeric code. */
export function mustSucceed<T>(answer: Envelope<T>, url: string): RestAnswer<T> {
  if (answer.code === SUCCESS) return answer;
  throw restError(answer.code, answer.message ?? '', url);
}

/** The error of an {@link HttpFailure}. */
export function unanswered(failure: unknown, url: string): FlooError {
  const { kind, detail } = failure as HttpFailure;
  return new FlooError(kind === 'timeout' ? 'ServerTimeOut' : 'ServerNotReachable', detail, { url, cause: failure });
}

/** What a proxy in front of the host says. */
const WITHOUT_ENVELOPE: Readonly<Record<number, FlooErrorCode>> = { 429: 'ServerTooManyRequest', 503: 'ServerBusy' };

/** @throws FlooError ServerResponseInvalid, ServerTooManyRequest or ServerBusy. */
export function readEnvelope<T>(response: HttpResponse, url: string): Envelope<T> {
  const { status, body } = response;
  const invalid = (what: string, cause?: unknown): FlooError =>
    new FlooError(WITHOUT_ENVELOPE[status] ?? 'ServerResponseInvalid', `HTTP ${status}, no ${what}`, { url, cause });
  let answer: unknown;
  try {
    answer = parseLosslessJson(body);
  } catch (cause) {
    throw invalid('JSON', cause);
  }
  if (typeof answer !== 'object' || answer === null || typeof (answer as { code?: unknown }).code !== 'number') {
    throw invalid('envelope');
  }
  return answer as Envelope<T>;
}
