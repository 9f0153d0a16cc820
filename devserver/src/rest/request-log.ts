import type { FastifyRequest } from 'fastify';
import { isTooDeep } from '../json-depth.ts';
import { Ring } from '../ring.ts';
import { isRecord } from './params.ts';
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
  readonly #print: ((line: string) => void) | undefined;

  constructor(size: number, print: ((line: string) => void) | undefined) {
    this.#rows = new Ring(size);
    this.#print = print;
  }

  rows(): ReceivedRequest[] {
    return this.#rows.rows();
  }

  clear(): void {
    this.#rows.clear();
  }

  record(request: FastifyRequest, code: number | undefined, body = readable(request.body)): void {
    const path = pathOf(request);
    const appId = request.headers['app_id'];
    this.#print?.(`${request.method} ${path} → ${code ?? 'no answer'}`);
    this.#rows.push({
      at: Date.now(),
      method: request.method,
      path,
      query: request.query,
      body,
      appId: typeof appId === 'string' ? appId : undefined,
      ...(code !== undefined && { code }),
    });
  }
}

function readable(text: unknown): unknown {
  try {
    return parseBody(text);
  } catch {
    return text;
  }
}

export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0]!;
}

/** The JSON object in a body; an empty body is an empty object. */
export function parseBody(text: unknown): Readonly<Record<string, unknown>> {
  if (typeof text !== 'string' || text === '') return {};
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
