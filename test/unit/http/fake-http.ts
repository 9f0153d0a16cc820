import type { HttpClient, HttpFailure, HttpRequest, HttpResponse } from '../../../src/platform/ports.ts';

/** One request that the test answers. */
export interface FakeRequest extends HttpRequest {
  answer(body: string, status?: number): void;
  fail(kind?: HttpFailure['kind']): void;
}

/** An HTTP client that records its requests; the test answers them. */
export function createFakeHttp(): { http: HttpClient; requests: FakeRequest[] } {
  const requests: FakeRequest[] = [];
  const http: HttpClient = async (request) =>
    new Promise<HttpResponse>((resolve, reject) => {
      requests.push({
        ...request,
        answer: (body, status = 200) => resolve({ status, body }),
        // By the contract of the port this is not an Error.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        fail: (kind = 'unreachable') => reject({ kind, detail: kind } satisfies HttpFailure),
      });
    });
  return { http, requests };
}
