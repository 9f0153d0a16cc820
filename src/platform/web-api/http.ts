import type { HttpClient, HttpFailure, Transfer } from '../ports.ts';

/** HTTP with `fetch`. The timeout covers the body, too. */
export const fetchHttp: HttpClient = async ({ method, url, headers, body = null, timeoutMs }) =>
  withTimeout(
    timeoutMs,
    abortable(async (options) => {
      const response = await fetchHere(url, { ...options, method, headers, body });
      return { status: response.status, body: await textOf(response) };
    }),
  );

/** The longest answer to a request in bytes. Lists come in pages; a server may send more, without an end or out of a few packed bytes. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** The body of an answer. @throws HttpFailure of the kind `too-large` as soon as it is too long */
async function textOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  // React Native has no body to read part by part.
  if (!reader) return response.text();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (let part = await reader.read(); part.value; part = await reader.read()) {
    size += part.value.length;
    if (size > MAX_ANSWER_BYTES) {
      void reader.cancel().catch(() => undefined);
      throw tooLarge();
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * Calls `fetch` and follows no redirect. A page sees only that there is one, Node the redirect itself.
 *
 * @throws HttpFailure of the kind `redirected`
 */
export async function fetchHere(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...options, redirect: 'manual' });
  if (response.type === 'opaqueredirect' || isRedirect(response.status)) {
    void response.body?.cancel().catch(() => undefined);
    throw redirected();
  }
  return response;
}

/** Whether a browser would follow an answer with this status. */
export const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

export const redirected = (): Error & HttpFailure =>
  failure('redirected', 'the server redirects, which is not followed');

export const tooLarge = (): Error & HttpFailure => failure('too-large', `more than ${MAX_ANSWER_BYTES} bytes`);

/** Whether a request that follows redirects by itself ended at another origin. Old browsers do not say where it ended. */
export const isElsewhere = ({ responseURL }: { readonly responseURL: string }, url: string): boolean =>
  Boolean(responseURL) && new URL(responseURL).origin !== new URL(url).origin;

/**
 * Makes a transfer of calls of `fetch`. Where there is no `AbortController`, a canceled one runs on.
 *
 * @param run - gets options for each `fetch`: no cookies, and the signal that ends it
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

/** Cancels a transfer that takes too long. The promise rejects in time even if the transfer does not. */
export const withTimeout = async <T>(timeoutMs: number, { result, cancel }: Transfer<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(failure('timeout', `no answer in ${timeoutMs} ms`));
      cancel();
    }, timeoutMs);
    result.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** Makes an HttpFailure that is an Error, so that it has a stack when it is not handled. */
export function failure(kind: HttpFailure['kind'], detail: string): Error & HttpFailure {
  return Object.assign(new Error(detail), { kind, detail });
}

/** Makes an HttpFailure of an error that is none. The message of Node's own is only "fetch failed"; its cause has the reason. */
export const unreachable = (error: unknown): Error & HttpFailure =>
  isFailure(error) ? error : failure('unreachable', String((error as { cause?: unknown }).cause ?? error));

const isFailure = (error: unknown): error is Error & HttpFailure => error instanceof Error && 'kind' in error;
