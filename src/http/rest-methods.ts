import { FlooError } from '../errors.ts';
import { parseId } from '../model/ids.ts';
import type { PageInfo } from '../model/page.ts';
import { fromEntries } from '../util/es2019.ts';
import type { Endpoint, EndpointTable, RestParams } from './endpoints.ts';
import { allPages } from './pages.ts';
import type { RestClient } from './rest-client.ts';

/** A method for each endpoint of a table: it takes the parameters of the call and resolves with the `data` of the answer. */
export function restMethods<Calls extends object>(rest: RestClient, table: EndpointTable<Calls>): Calls {
  const method =
    (endpoint: Endpoint) =>
    async (params?: unknown): Promise<unknown> =>
      callForData(rest, endpoint, callParams(endpoint, params));
  return fromEntries(Object.entries<Endpoint>(table).map(([name, endpoint]) => [name, method(endpoint)])) as Calls;
}

async function callForData(rest: RestClient, endpoint: Endpoint, params: RestParams): Promise<unknown> {
  const { data, cursor, total, version } = await allPages(rest, endpoint, params);
  if (!Array.isArray(data)) return data;
  const paging: PageInfo = { cursor, total, version };
  // Not enumerable: the list looks like any other array.
  for (const [name, value] of Object.entries(paging)) Object.defineProperty(data, name, { value: value as unknown });
  return data;
}

/** Parameters that are one id. */
const IDS: readonly string[] = ['user_id', 'group_id', 'announcement_id', 'new_owner'];
/** Parameters that are lists of ids. */
const ID_LISTS: readonly string[] = ['user_list', 'group_list', 'file_list'];

/**
 * The parameters that an app passed to a call. They are a copy: the call may wait for a host while the app changes its own.
 *
 * A value that is no object, or is a list, stands for the required parameter of a call that has just one, as some deployed apps pass ids.
 *
 * @throws FlooError InvalidParam that names the parameter which cannot be sent
 */
function callParams(endpoint: Endpoint, given: unknown): RestParams {
  const [name, ...others] = endpoint.required ?? [];
  const takesOne = typeof name === 'string' && others.length === 0;
  const isBare = typeof given !== 'object' || Array.isArray(given);
  const params = !isBare ? (given ?? {}) : takesOne ? { [name]: given } : {};
  const inUrl = endpoint.method === 'GET' || endpoint.send === 'query';
  return fromEntries(Object.entries(params).map(([key, value]) => [key, mustParam(key, value, inUrl)]));
}

function mustParam(name: string, value: unknown, inUrl: boolean): unknown {
  if (value === undefined || value === null) return value;
  if (IDS.includes(name)) return mustBeId(name, value);
  if (ID_LISTS.includes(name)) {
    if (!Array.isArray(value)) throw wrong(name, 'no list of ids');
    return value.map((id) => mustBeId(name, id));
  }
  const data = typeof value === 'object' ? (parseId(value) ?? jsonCopy(name, value)) : value;
  const isSendable = typeof data === 'string' || typeof data === 'boolean' || Number.isFinite(data);
  if (!isSendable && (inUrl || typeof data !== 'object'))
    throw wrong(name, 'neither text, nor a number, nor true or false');
  return data;
}

/** An object of the `long` package becomes text; a number stays a number, because that is how it is sent. */
function mustBeId(name: string, value: unknown): unknown {
  const id = parseId(value);
  if (id === undefined) throw wrong(name, 'no id');
  return typeof value === 'object' ? id : value;
}

function jsonCopy(name: string, value: object): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch (cause) {
    throw new FlooError('InvalidParam', `${name} has no JSON form`, { cause });
  }
}

const wrong = (name: string, what: string): FlooError => new FlooError('InvalidParam', `${name} is ${what}`);
