import type { PageInfo } from '../model/page.ts';
import { fromEntries } from '../util/es2019.ts';
import { allPages } from './all-items.ts';
import { parseEndpoint } from './endpoints.ts';
import type { Endpoint } from './endpoints.ts';
import type { RestParams } from './parameters.ts';
import type { RestClient } from './rest-client.ts';

/** A method for each row of a table: the parameters of its endpoint in, the `data` of the answer out. */
export function restMethods<Methods extends object>(
  rest: RestClient,
  table: { readonly [Name in keyof Methods]: Endpoint },
): Methods {
  const method =
    (endpoint: Endpoint) =>
    async (params?: unknown): Promise<unknown> =>
      callForData(rest, endpoint, toParams(endpoint, params));
  return fromEntries(Object.entries<Endpoint>(table).map(([name, endpoint]) => [name, method(endpoint)])) as Methods;
}

/** An id alone stands for the first required parameter, as the vendor's documents have it in places. */
function toParams(endpoint: Endpoint, params: unknown): RestParams {
  if (typeof params === 'object') return { ...params };
  const [first] = parseEndpoint(endpoint).required;
  return first ? { [first]: params } : {};
}

/** What the server says of its paging stays on the list, see {@link PageInfo}. */
async function callForData(rest: RestClient, endpoint: Endpoint, params: RestParams): Promise<unknown> {
  const answer = await allPages(rest, endpoint, params);
  const { data } = answer;
  if (!Array.isArray(data)) return data;
  for (const key of PAGING) Object.defineProperty(data, key, { value: answer[key] });
  return data;
}

const PAGING: readonly (keyof PageInfo)[] = ['cursor', 'total', 'version'];
