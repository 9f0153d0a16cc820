import type { HttpClient, HttpFailure, HttpRequest, HttpResponse } from '../ports.ts';

/** HTTP over `fetch`. The timeout covers the body too; without `AbortController` the request is left to end unheard. */
export const fetchHttp: HttpClient = (request) =>
  new Promise((resolve, reject) => {
    const abort = typeof AbortController === 'undefined' ? undefined : new AbortController();
    const timer = setTimeout(() => {
      reject(failure('timeout', `no answer in ${request.timeoutMs} ms`));
      abort?.abort();
    }, request.timeoutMs);
    exchange(request, abort?.signal)
      .then(resolve, (error: unknown) => {
        // Node says only "fetch failed" and keeps the reason in the cause.
        reject(failure('unreachable', String((error as { cause?: unknown }).cause ?? error)));
      })
      .finally(() => clearTimeout(timer));
  });

async function exchange(
  { method, url, headers, body }: HttpRequest,
  signal: AbortSignal | undefined,
): Promise<HttpResponse> {
  const response = await fetch(url, {
    method,
    headers: { ...headers },
    credentials: 'omit',
    ...(body === undefined ? undefined : { body }),
    ...(signal && { signal }),
  });
  return { status: response.status, body: await response.text() };
}

/** An Error, so that it has a stack wherever it ends up unhandled. */
function failure(kind: HttpFailure['kind'], detail: string): Error & HttpFailure {
  return Object.assign(new Error(detail), { kind, detail });
}
