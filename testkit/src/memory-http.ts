import type { RestServer } from '../../devserver/src/rest/rest-server.ts';
import type { Handled, RestRequest } from '../../devserver/src/rest/request.ts';
import { failure } from '../../src/platform/web-api/http.ts';
import type { HttpClient } from '../../src/platform/ports.ts';
import { createDeferred } from '../../src/util/deferred.ts';
import type { Line } from './line.ts';
import type { Direction, Network } from './network.ts';
import { nextTurn } from './turn.ts';
import type { Witness } from './witness.ts';

export interface HttpSetup {
  readonly line: Line;
  readonly host: string;
  readonly rest: RestServer;
  /** The network that the device has now. */
  network(): Network;
  isOnline(): boolean;
  readonly witness: Witness;
}

/** The way of one device to REST, in memory. */
export interface MemoryHttp {
  readonly request: HttpClient;
  /** Takes a request or a transfer there and its answer back. @throws HttpFailure when there is no answer */
  exchange(
    url: string,
    /** Of the body; those of a file travel before it. */
    bytes: number,
    answer: (request: Omit<RestRequest, 'method' | 'body'>) => Promise<Handled>,
  ): Promise<Handled>;
  /** Ends what waits for an answer that never comes. */
  dropHanging(): void;
}

/** Of the head of a request or an answer, about. */
const HEAD_BYTES = 200;

export function createMemoryHttp({ line, host, rest, network, isOnline, witness }: HttpSetup): MemoryHttp {
  const { clock, traffic } = line;
  const hanging = new Set<(error: unknown) => void>();

  const travel = async (on: Network, direction: Direction, bytes: number): Promise<void> => {
    traffic.note();
    const waitMs = on.leave(direction, bytes) + (on.quality.latencyMs ?? 0) + line.delay();
    if (waitMs > 0) await new Promise<void>((resolve) => void clock.setTimeout(resolve, waitMs));
    else await nextTurn();
    traffic.note();
    // It is lost: who asked waits for as long as it wants.
    if (on.isSilent(direction)) await new Promise<never>(() => undefined);
  };
  const exchange: MemoryHttp['exchange'] = async (url, bytes, answer) => {
    const { host: wanted, pathname: path, searchParams } = new URL(url);
    const on = network();
    await travel(on, 'up', HEAD_BYTES + bytes);
    if (!isOnline()) throw failure('unreachable', 'no network');
    if (wanted !== host) throw failure('unreachable', `nothing listens at ${wanted}: the test server is ${host}`);
    if (line.isHit(line.faults.failRest)) throw failure('unreachable', 'failed on the way');
    // The server takes requests with its admin token from its own machine only.
    const request = { path, query: Object.fromEntries(searchParams), headers: { host: '127.0.0.1' } };
    const handled = await traffic.during(async () => answer(request));
    await travel(on, 'down', HEAD_BYTES + (typeof handled?.body === 'string' ? handled.body.length : 0));
    return handled;
  };
  /** Waits for an answer as long as the client does. */
  const within = async <T>(timeoutMs: number, answered: Promise<T | undefined>): Promise<T> => {
    const { promise, resolve, reject } = createDeferred<T>();
    const timer = clock.setTimeout(() => reject(failure('timeout', `no answer in ${timeoutMs} ms`)), timeoutMs);
    answered.then((answer) => {
      if (answer) resolve(answer);
      else hanging.add(reject);
    }, reject);
    return promise.finally(() => {
      hanging.delete(reject);
      clock.clearTimeout(timer);
    });
  };
  return {
    exchange,
    async request({ method, url, headers, body, timeoutMs }) {
      const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      const asked = exchange(url, body?.length ?? 0, async (request): Promise<Handled> =>
        rest.answer({ ...request, method, headers: { ...request.headers, ...lower }, body: body ?? '' }),
      );
      const handled = await within(timeoutMs, asked);
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
