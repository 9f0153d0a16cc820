import { FlooError, unanswered } from '../errors.ts';
import type { HttpClient, HttpResponse } from '../platform/ports.ts';
import { flatMap } from '../util/es2019.ts';
import { isPage, isRedirected } from '../util/portal.ts';
import type { Endpoint, RestParams } from './endpoints.ts';
import { mustSucceed, readEnvelope } from './envelope.ts';
import type { RestAnswer } from './envelope.ts';
import { toJsonBody } from './json-body.ts';
import { toQuery, withQuery } from './urls.ts';

export interface RestDeps {
  http: HttpClient;
  /** The REST host in use, `protocol://host`. Rejects when DNS named none. */
  host(): Promise<string>;
  /** The host gave no HTTP answer. @returns whether another host is in use now. */
  onHostFailed(host: string): boolean;
  onHostAnswered(): void;
  /** Something else answered in the place of the host. */
  onStrange(host: string): void;
  credentials(): { appId: string; token: string | undefined };
  /** The server no longer accepts this token. */
  onTokenRefused(token: string): void;
  timeoutMs: number;
}

/** Calls the REST host that DNS named. Nothing else sends the token over HTTP, except file transfers. */
export interface RestClient {
  /** @throws FlooError InvalidParam, UserNotLogin, ServerNotReachable, ServerTimeOut, or the error of the server's code. */
  call<T>(endpoint: Endpoint, params?: RestParams): Promise<RestAnswer<T>>;
}

const TOKEN_REFUSED = 402;
const TOKEN_NAME = 'access-token';

export function createRestClient(deps: RestDeps): RestClient {
  async function call<T>(endpoint: Endpoint, input: RestParams = {}): Promise<RestAnswer<T>> {
    const { method, path, token: tokenUse = 'required' } = endpoint;
    const { appId, token } = deps.credentials();
    mustHave(input, endpoint);
    if (tokenUse === 'required' && !token) throw new FlooError('UserNotLogin', `${path} needs a login`);
    const sentToken = tokenUse === 'never' ? undefined : token;
    const params = endpoint.tokenInUrl ? { ...input, [TOKEN_NAME]: sentToken } : input;
    const headers: Record<string, string> = { app_id: appId };
    if (sentToken) headers[TOKEN_NAME] = sentToken;
    if (method === 'POST') headers['content-type'] = 'application/json';
    const query = toQuery(urlParams(endpoint, params));
    const body = bodyOf(endpoint, params);
    const host = await deps.host();
    const url = host + path + query;
    const secrets = [...secretsOf(input), ...(sentToken === undefined ? [] : [sentToken])];
    let response: HttpResponse;
    try {
      response = await deps.http({ method, url, headers, timeoutMs: deps.timeoutMs, ...(body && { body }) });
    } catch (failure) {
      if (isRedirected(failure)) deps.onStrange(host);
      const { repeatable = method === 'GET' } = endpoint;
      if (deps.onHostFailed(host) && repeatable) return call(endpoint, input);
      throw unanswered(failure, url, secrets);
    }
    if (isPage(response)) deps.onStrange(host);
    else deps.onHostAnswered();
    const answer = readEnvelope<T>(response, url);
    if (answer.code === TOKEN_REFUSED && sentToken) deps.onTokenRefused(sentToken);
    return mustSucceed(answer, url, secrets);
  }

  return { call };
}

/** @throws FlooError InvalidParam with the deployed SDK's message when a parameter is missing. */
function mustHave(params: RestParams, { required = [] }: Endpoint): void {
  const alternatives = required.map((key) => (typeof key === 'string' ? [key] : key.anyOf));
  const missing = alternatives.filter((names) => names.every((name) => (params[name] ?? undefined) === undefined));
  if (missing.length === 0) return;
  throw new FlooError('InvalidParam', missing.map((names) => `${names.join('|')} can not be null..`).join(','));
}

/** The parameters in the URL: all of them, or only those for paging when the call has a JSON body, which repeats them. */
function urlParams(endpoint: Endpoint, params: RestParams): RestParams {
  if (endpoint.method === 'GET' || endpoint.send === 'query') return params;
  const { cursor, limit } = params;
  return { cursor, limit };
}

function bodyOf(endpoint: Endpoint, params: RestParams): string | undefined {
  if (endpoint.method === 'GET') return undefined;
  return endpoint.send === 'query' ? '{}' : toJsonBody(params);
}

/** Parameters that a server may repeat in its error: ids, and names that help to understand it. */
const OPEN_PARAMETERS = /^(type|path|cursor|alias|.*name|(user|group|device|announcement|image)_id|.*list)$/;

/** The values that an error must not have: passwords and codes, and whatever else an app passes as text. */
const secretsOf = (params: RestParams): string[] =>
  flatMap(Object.entries(params), ([name, value]) =>
    typeof value === 'string' && !OPEN_PARAMETERS.test(name) ? [value] : [],
  );

/** Sends a GET to a server that is not the app's. It gets neither the app id nor the token. @param url - absolute URL */
export async function visit<T>(http: HttpClient, url: string, params: RestParams, timeoutMs: number): Promise<T> {
  const secrets = secretsOf(params);
  const response = await http({ method: 'GET', url: withQuery(url, params), headers: {}, timeoutMs }).catch(
    (failure: unknown) => {
      throw unanswered(failure, url, secrets);
    },
  );
  return mustSucceed(readEnvelope<T>(response, url), url, secrets).data;
}
