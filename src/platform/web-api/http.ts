import type { HttpClient, HttpRequest, HttpResponse } from '../ports.ts';
import { failure, unreachable } from './failure.ts';

/** HTTP over `fetch`. The timeout covers the body too; without `AbortController` the request is left to end unheard. */
export const fetchHttp: HttpClient = (request) =>
  new Promise((resolve, reject) => {
    const abort = typeof AbortController === 'undefined' ? undefined : new AbortController();
    const timer = setTimeout(() => {
      reject(failure('timeout', `no answer in ${request.timeoutMs} ms`));
      abort?.abort();
    }, request.timeoutMs);
    exchange(request, abort?.signal)
      .then(resolve, (error: unknown) => reject(unreachable(error)))
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
