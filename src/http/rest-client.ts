import { FlooError } from '../errors.ts';
import type { HttpClient, HttpResponse } from '../platform/ports.ts';
import { parseEndpoint } from './endpoints.ts';
import type { Endpoint } from './endpoints.ts';
import { mustSucceed, readEnvelope, unanswered } from './envelope.ts';
import type { RestAnswer } from './envelope.ts';
import { toJson, toQuery } from './parameters.ts';
import type { RestParams } from './parameters.ts';

export interface RestDeps {
  http: HttpClient;
  /** The REST host in use, `protocol://host`. Rejects when DNS named none. */
  host(): Promise<string>;
  /** The host gave no HTTP answer. @returns whether another host is in use now. */
  onHostFailed(host: string): boolean;
  onHostAnswered(): void;
  credentials(): { appId: string; token: string | undefined };
  /** An answer said that this token is no longer good. */
  onTokenRefused(token: string): void;
  timeoutMs: number;
}

/** Typed calls to the REST host of the DNS answer; the only place that sends the token over HTTP. */
export interface RestClient {
  /** @throws FlooError InvalidParam, UserNotLogin, or mapped from the numeric code, or from there being no answer. */
  call<T>(endpoint: Endpoint, params?: RestParams): Promise<RestAnswer<T>>;
}

const TOKEN_REFUSED = 402;

export function createRestClient(deps: RestDeps): RestClient {
  async function call<T>(endpoint: Endpoint, input: RestParams = {}): Promise<RestAnswer<T>> {
    const { method, path, inQuery, open, trusted, safe, required } = parseEndpoint(endpoint);
    const { appId, token } = deps.credentials();
    const params = required.includes(TOKEN) ? { ...input, [TOKEN]: token ?? '' } : input;
    mustHave(params, required);
    if (!open && !token) throw new FlooError('UserNotLogin', `${path} needs a login`);
    const sendsToken = token && trusted;
    const headers: Record<string, string> = { app_id: appId };
    if (sendsToken) headers[TOKEN] = token;
    let body: { body?: string } = {};
    if (method === 'POST') {
      headers['content-type'] = 'application/json';
      body = { body: inQuery ? '{}' : toJson(params) };
    }
    const { cursor, limit } = params;
    const query = toQuery(inQuery ? params : { cursor, limit });
    const host = await deps.host();
    const url = host + path + query;
    let response: HttpResponse;
    try {
      response = await deps.http({ method, url, headers, timeoutMs: deps.timeoutMs, ...body });
    } catch (failure) {
      if (deps.onHostFailed(host) && safe) return call(endpoint, input);
      throw unanswered(failure, url);
    }
    deps.onHostAnswered();
    const answer = readEnvelope<T>(response, url);
    if (answer.code === TOKEN_REFUSED && sendsToken) deps.onTokenRefused(token);
    return mustSucceed(answer, url);
  }

  return { call };
}

const TOKEN = 'access-token';

/** What deployed apps are refused for is refused here too, in the same words. */
function mustHave(params: RestParams, required: readonly string[]): void {
  const missing = required.filter((key) => key.split('|').every((name) => (params[name] ?? undefined) === undefined));
  if (missing.length > 0)
    throw new FlooError('InvalidParam', missing.map((key) => `${key} can not be null..`).join(','));
}
