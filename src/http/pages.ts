import { FlooError } from '../errors.ts';
import type { Endpoint, RestParams } from './endpoints.ts';
import type { RestAnswer } from './envelope.ts';
import type { RestClient } from './rest-client.ts';

/** Items of one list. The largest groups have some ten thousand members; a server whose list never ends must not fill the memory. */
const MAX_ITEMS = 200_000;
/** Pages in a row that may bring nothing: their items may be ones that this user may not see. */
const MAX_EMPTY_PAGES = 10;

/** The items on all pages of a list. @throws FlooError when any page fails, and ServerResponseInvalid for a list without an end */
export async function allItems<T>(rest: RestClient, endpoint: Endpoint, params: RestParams = {}): Promise<T[]> {
  return itemsOf(await allPages(rest, endpoint, params)) as T[];
}

/**
 * The answer of a call. A list is read to its last page and answered as one, unless the call names a `cursor` or a
 * `limit`. When a page fails, all of it fails.
 */
export async function allPages(rest: RestClient, endpoint: Endpoint, params: RestParams): Promise<RestAnswer<unknown>> {
  const { cursor, ...first } = await rest.call<unknown>(endpoint, params);
  if (!Array.isArray(first.data) || params['cursor'] || params['limit'] !== undefined) {
    return { ...first, ...(cursor !== undefined && { cursor }) };
  }
  const data: unknown[] = [...(first.data as unknown[])];
  const asked = new Set<string>();
  let empty = 0;
  // A server that returns a cursor again has no more pages.
  for (let next = cursor; next && !asked.has(next);) {
    asked.add(next);
    const page = await rest.call(endpoint, { ...params, cursor: next });
    const items = itemsOf(page);
    for (const item of items) data.push(item);
    empty = items.length > 0 ? 0 : empty + 1;
    if (data.length > MAX_ITEMS || empty > MAX_EMPTY_PAGES) {
      throw new FlooError('ServerResponseInvalid', `the list of ${endpoint.path} does not end`);
    }
    next = page.cursor;
  }
  return { ...first, data };
}

/** A server may leave out an empty list. */
const itemsOf = ({ data }: RestAnswer<unknown>): unknown[] => (Array.isArray(data) ? data : []);
