import type { HttpClient, HttpFailure, HttpRequest, HttpResponse } from '../../../src/platform/ports.ts';

/** One request that the test answers. */
export interface FakeRequest extends HttpRequest {
  answer(body: string, status?: number): void;
  fail(kind?: HttpFailure['kind']): void;
}

/** An HTTP client that answers nothing by itself, and every request made. */
export function createFakeHttp(): { http: HttpClient; requests: FakeRequest[] } {
  const requests: FakeRequest[] = [];
  const http: HttpClient = async (request) =>
    new Promise<HttpResponse>((resolve, reject) => {
      requests.push({
        ...request,
        answer: (body, status = 200) => resolve({ status, body }),
        // The port says that this is no Error.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        fail: (kind = 'unreachable') => reject({ kind, detail: kind } satisfies HttpFailure),
      });
    });
  return { http, requests };
}
