import type { FastifyRequest } from 'fastify';
import { isRecord } from './params.ts';
import { RestError } from './rest-error.ts';

export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0]!;
}

/** The JSON object in a body; an empty body is an empty object. */
export function parseBody(text: unknown): Readonly<Record<string, unknown>> {
  if (typeof text !== 'string' || text === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new RestError(10002, 'the body is no JSON');
  }
  if (!isRecord(body)) throw new RestError(10002, 'the body is no JSON object');
  return body;
}
