import type { Endpoint, RestParams } from './endpoints.ts';
import type { RestAnswer } from './envelope.ts';
import type { RestClient } from './rest-client.ts';

/** The items on all pages of a list. @throws FlooError when any page fails. */
export async function allItems<T>(rest: RestClient, endpoint: Endpoint, params: RestParams = {}): Promise<T[]> {
  return itemsOf(await allPages(rest, endpoint, params)) as T[];
}

/**
 * The answer of a call. A list is read to its last page and answered as one, unless the call names a `cursor` or a
 * `limit`. When a page fails, all of it fails.
 */
export async function allPages(rest: RestClient, endpoint: Endpoint, params: RestParams): Promise<RestAnswer<unknown>> {
  const whole = { ...(await rest.call(endpoint, params)) };
  if (!Array.isArray(whole.data) || params['cursor'] || params['limit'] !== undefined) return whole;
  while (whole.cursor) {
    const { cursor } = whole;
    const page = await rest.call(endpoint, { ...params, cursor });
    whole.data = [...itemsOf(whole), ...itemsOf(page)];
    delete whole.cursor;
    // A server that returns the same cursor again has no more pages.
    if (page.cursor && page.cursor !== cursor) whole.cursor = page.cursor;
  }
  return whole;
}

/** A server may leave out an empty list. */
const itemsOf = ({ data }: RestAnswer<unknown>): unknown[] => (Array.isArray(data) ? data : []);
