import type { Headers } from '../web-origin.ts';

/** A request as it comes from any kind of server. */
export interface RestRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
  /** Empty if there is none, and for uploads. */
  readonly body: string;
}

/** An answer for any kind of server to send. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes are a file: they come as slowly as a test wants, and may be cut. */
  readonly body: string | Uint8Array;
}

/** The answer; undefined if a fault leaves the request without one. */
export type Handled = RestAnswer | undefined;

export const jsonAnswer = (body: string, status = 200): RestAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body,
});
