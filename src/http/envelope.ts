import { FlooError, restError } from '../errors.ts';
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

/** @throws FlooError ServerResponseInvalid. */
export function readEnvelope<T>(response: HttpResponse, url: string): Envelope<T> {
  let answer: unknown;
  try {
    answer = parseLosslessJson(response.body);
  } catch (cause) {
    throw new FlooError('ServerResponseInvalid', `HTTP ${response.status}, no JSON`, { url, cause });
  }
  if (typeof answer !== 'object' || answer === null || typeof (answer as { code?: unknown }).code !== 'number') {
    throw new FlooError('ServerResponseInvalid', `HTTP ${response.status}, no envelope`, { url });
  }
  return answer as Envelope<T>;
}
