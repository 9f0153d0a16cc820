import { isTooDeep } from '../json-depth.ts';
import type { Clock } from '../ports.ts';
import { Ring } from '../ring.ts';
import { isRecord } from './params.ts';
import type { RestRequest } from './request.ts';
import { RestError } from './rest-error.ts';

/** A received REST request, as tests read it. */
export interface ReceivedRequest {
  /** ms since 1970. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: unknown;
  /** The JSON as received; for an upload, its fields without the bytes. */
  readonly body: unknown;
  readonly appId: string | undefined;
  /** Code of the envelope; absent when none was sent. */
  readonly code?: number;
}

/** The last REST requests. */
export class RequestLog {
  readonly #rows: Ring<ReceivedRequest>;
  readonly #clock: Clock;
  readonly #print: ((line: string) => void) | undefined;

  constructor(size: number, clock: Clock, print: ((line: string) => void) | undefined) {
    this.#rows = new Ring(size);
    this.#clock = clock;
    this.#print = print;
  }

  rows(): ReceivedRequest[] {
    return this.#rows.rows();
  }

  clear(): void {
    this.#rows.clear();
  }

  record(request: RestRequest, code: number | undefined, body = readable(request.body)): void {
    const { method, path, query, headers } = request;
    const appId = headers['app_id'];
    this.#print?.(`${method} ${path} → ${code ?? 'no answer'}`);
    this.#rows.push({
      at: this.#clock.now(),
      method,
      path,
      query,
      body,
      appId: typeof appId === 'string' ? appId : undefined,
      ...(code !== undefined && { code }),
    });
  }
}

function readable(text: string): unknown {
  try {
    return parseBody(text);
  } catch {
    return text;
  }
}

/** The JSON object in a body; an empty body is an empty object. */
export function parseBody(text: string): Readonly<Record<string, unknown>> {
  if (text === '') return {};
  if (isTooDeep(text)) throw new RestError(10002, 'the body nests too deep');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new RestError(10002, 'the body is not JSON');
  }
  if (!isRecord(body)) throw new RestError(10002, 'the body is not a JSON object');
  return body;
}
