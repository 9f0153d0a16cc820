import { FlooError, restError } from '../errors.ts';
import type { HttpClient, HttpFailure, HttpResponse } from '../platform/ports.ts';
import { parseLosslessJson } from '../util/lossless-json.ts';
import type { Endpoint } from './endpoints.ts';

/** What a REST host answers (rest-api 1.6). Paging information stands beside `data`. */
export interface RestAnswer<T> {
  data: T;
  /** Where the next page starts; absent on the last page. */
  cursor?: string;
}

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

export type RestParams = Readonly<Record<string, unknown>>;

/** Typed calls to the REST host of the DNS answer; the only place that sends the token over HTTP. */
export interface RestClient {
  /** @throws FlooError mapped from the numeric code, or from there being no answer. */
  call<T>(endpoint: Endpoint, params?: RestParams): Promise<RestAnswer<T>>;
}

const SUCCESS = 200;
const TOKEN_REFUSED = 402;

export function createRestClient(deps: RestDeps): RestClient {
  async function call<T>(endpoint: Endpoint, params: RestParams = {}): Promise<RestAnswer<T>> {
    const { appId, token } = deps.credentials();
    if (!endpoint.public && !token) throw new FlooError('UserNotLogin', `${endpoint.path} needs a login`);
    const host = await deps.host();
    const url = host + endpoint.path + (endpoint.place === 'query' ? toQuery(params) : '');
    const headers: Record<string, string> = { app_id: appId };
    if (token && !endpoint.public) headers['access-token'] = token;
    if (endpoint.method === 'POST') headers['content-type'] = 'application/json';
    const body = endpoint.method === 'GET' ? {} : { body: endpoint.place === 'body' ? toJson(params) : '{}' };
    let response: HttpResponse;
    try {
      response = await deps.http({ method: endpoint.method, url, headers, timeoutMs: deps.timeoutMs, ...body });
    } catch (failure) {
      if (deps.onHostFailed(host) && endpoint.safe) return call(endpoint, params);
      throw unanswered(failure as HttpFailure, url);
    }
    deps.onHostAnswered();
    const answer = readAnswer<T>(response, url);
    if (answer.code === SUCCESS) return answer;
    if (answer.code === TOKEN_REFUSED && token && !endpoint.public) deps.onTokenRefused(token);
    throw restError(answer.code, answer.message ?? '', url);
  }
  return { call };
}

function unanswered(failure: HttpFailure, url: string): FlooError {
  const reason = failure.kind === 'timeout' ? 'ServerTimeOut' : 'ServerNotReachable';
  return new FlooError(reason, failure.detail, { url, cause: failure });
}

function readAnswer<T>(response: HttpResponse, url: string): RestAnswer<T> & { code: number; message?: string } {
  let answer: unknown;
  try {
    answer = parseLosslessJson(response.body);
  } catch (cause) {
    throw new FlooError('ServerResponseInvalid', `HTTP ${response.status}, no JSON`, { url, cause });
  }
  if (typeof answer !== 'object' || answer === null || typeof (answer as { code?: unknown }).code !== 'number') {
    throw new FlooError('ServerResponseInvalid', `HTTP ${response.status}, no envelope`, { url });
  }
  return answer as RestAnswer<T> & { code: number };
}

/** Keys sorted, absent values left out. */
function toQuery(params: RestParams): string {
  const pairs = Object.keys(params)
    .sort()
    .filter((key) => params[key] !== undefined && params[key] !== null)
    .map((key) => `${encodeURIComponent(key)}=${encodeURIComponent(String(params[key]))}`);
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

const ID_FIELDS: ReadonlySet<string> = new Set([
  'group_id',
  'user_id',
  'new_owner',
  'apply_approval',
  'duration',
  'limit',
  'version',
  'announcement_id',
]);
const ID_LISTS: ReadonlySet<string> = new Set(['user_list', 'file_list', 'list', 'group_list']);

/** JSON with the ids in it as exact integers, whatever they came as: a double would change the last digits of a large one. */
function toJson(params: RestParams): string {
  const fields = Object.keys(params)
    .filter((key) => params[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${toJsonValue(key, params[key])}`);
  return `{${fields.join(',')}}`;
}

function toJsonValue(key: string, value: unknown): string {
  if (ID_FIELDS.has(key)) return toJsonNumber(value);
  if (ID_LISTS.has(key) && Array.isArray(value)) return `[${value.map(toJsonNumber).join(',')}]`;
  return JSON.stringify(value);
}

function toJsonNumber(value: unknown): string {
  const text = String(value).trim();
  const isNumber = typeof value !== 'number' && /^-?\d+$/.test(text);
  // JSON knows no leading zeros.
  return isNumber ? text.replace(/^(-?)0+(?=\d)/, '$1') : JSON.stringify(value);
}
