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
      callForData(rest, endpoint, toParams(endpoint, params));
  return fromEntries(Object.entries<Endpoint>(table).map(([name, endpoint]) => [name, method(endpoint)])) as Calls;
}

/** A value that is no object stands for the required parameter of a call that has just one, as some deployed apps pass ids. */
function toParams({ required = [] }: Endpoint, params: unknown): RestParams {
  if (typeof params === 'object') return { ...params };
  const [name, ...others] = required;
  return typeof name === 'string' && others.length === 0 ? { [name]: params } : {};
}

async function callForData(rest: RestClient, endpoint: Endpoint, params: RestParams): Promise<unknown> {
  const { data, cursor, total, version } = await allPages(rest, endpoint, params);
  if (!Array.isArray(data)) return data;
  const paging: PageInfo = { cursor, total, version };
  // Not enumerable: the list looks like any other array.
  for (const [name, value] of Object.entries(paging)) Object.defineProperty(data, name, { value: value as unknown });
  return data;
}
