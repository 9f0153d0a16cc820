import type { HttpClient, HttpFailure, Transfer } from '../ports.ts';

/** HTTP over `fetch`. The timeout covers the body too. */
export const fetchHttp: HttpClient = async ({ method, url, headers, body = null, timeoutMs }) =>
  withTimeout(
    timeoutMs,
    abortable(async (options) => {
      const response = await fetch(url, { ...options, method, headers, body });
      return { status: response.status, body: await response.text() };
    }),
  );

/**
 * What `fetch` does, as a transfer. Without `AbortController` one that is cancelled ends unheard.
 *
 * @param run gets what every `fetch` of it takes: no cookies, and what ends it.
 */
export function abortable<T>(run: (options: RequestInit) => Promise<T>): Transfer<T> {
  const abort = typeof AbortController === 'undefined' ? undefined : new AbortController();
  return {
    result: run({ credentials: 'omit', signal: abort?.signal ?? null }).catch((error: unknown) => {
      throw unreachable(error);
    }),
    cancel: () => abort?.abort(),
  };
}

/** @returns what comes of it in time, also where what is cancelled does not listen. */
export const withTimeout = async <T>(timeoutMs: number, { result, cancel }: Transfer<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(failure('timeout', `no answer in ${timeoutMs} ms`));
      cancel();
    }, timeoutMs);
    result.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** An Error, so that it has a stack wherever it ends up unhandled. */
export function failure(kind: HttpFailure['kind'], detail: string): Error & HttpFailure {
  return Object.assign(new Error(detail), { kind, detail });
}

/** Node says only "fetch failed" and keeps the reason in the cause. */
export const unreachable = (error: unknown): Error & HttpFailure =>
  failure('unreachable', String((error as { cause?: unknown }).cause ?? error));
