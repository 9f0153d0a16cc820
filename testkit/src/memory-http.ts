import type { RestServer } from '../../devserver/src/rest/rest-server.ts';
import type { Handled, RestRequest } from '../../devserver/src/rest/request.ts';
import { failure } from '../../src/platform/web-api/http.ts';
import type { HttpClient } from '../../src/platform/ports.ts';
import { createDeferred } from '../../src/util/deferred.ts';
import type { Line } from './line.ts';
import { nextTurn } from './turn.ts';
import type { Witness } from './witness.ts';

export interface HttpSetup {
  readonly line: Line;
  readonly host: string;
  readonly rest: RestServer;
  isOnline(): boolean;
  readonly witness: Witness;
}

/** The way of one device to REST, in memory. */
export interface MemoryHttp {
  readonly request: HttpClient;
  /** Takes a request or a transfer there and its answer back. @throws HttpFailure when there is no answer */
  exchange<T>(url: string, answer: (request: Omit<RestRequest, 'method' | 'body'>) => Promise<T>): Promise<T>;
  /** Ends what waits for an answer that never comes. */
  dropHanging(): void;
}

export function createMemoryHttp({ line, host, rest, isOnline, witness }: HttpSetup): MemoryHttp {
  const { clock, traffic } = line;
  const hanging = new Set<(error: unknown) => void>();

  const travel = async (): Promise<void> => {
    const waitMs = line.delay();
    traffic.note();
    if (waitMs > 0) await new Promise<void>((resolve) => void clock.setTimeout(resolve, waitMs));
    else await nextTurn();
    traffic.note();
  };
  const exchange: MemoryHttp['exchange'] = async (url, answer) => {
    const { host: wanted, pathname: path, searchParams } = new URL(url);
    await travel();
    if (!isOnline()) throw failure('unreachable', 'no network');
    if (wanted !== host) throw failure('unreachable', `nothing listens at ${wanted}: the test server is ${host}`);
    if (line.isHit(line.faults.failRest)) throw failure('unreachable', 'failed on the way');
    // The server takes requests with its admin token from its own machine only.
    const request = { path, query: Object.fromEntries(searchParams), headers: { host: '127.0.0.1' } };
    const answered = await traffic.during(async () => answer(request));
    await travel();
    return answered;
  };
  const neverAnswered = async (timeoutMs: number): Promise<never> => {
    const { promise, reject } = createDeferred<never>();
    hanging.add(reject);
    const timer = clock.setTimeout(() => reject(failure('timeout', `no answer in ${timeoutMs} ms`)), timeoutMs);
    return promise.finally(() => {
      hanging.delete(reject);
      clock.clearTimeout(timer);
    });
  };
  return {
    exchange,
    async request({ method, url, headers, body, timeoutMs }) {
      const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      const handled = await exchange(url, async (request): Promise<Handled> =>
        rest.answer({ ...request, method, headers: { ...request.headers, ...lower }, body: body ?? '' }),
      );
      if (!handled) return neverAnswered(timeoutMs);
      const response = { status: handled.status, body: typeof handled.body === 'string' ? handled.body : '' };
      const path = url.slice(new URL(url).origin.length);
      witness.request({
        method,
        path,
        ...(body !== undefined && { body }),
        status: response.status,
        answer: response.body,
      });
      return response;
    },
    dropHanging: () => hanging.forEach((fail) => fail(failure('unreachable', 'cut'))),
  };
}
