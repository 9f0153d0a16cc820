import type { Endpoint } from './endpoints.ts';
import type { RestAnswer } from './envelope.ts';
import type { RestParams } from './parameters.ts';
import type { RestClient } from './rest-client.ts';

/** All pages of a list. @throws FlooError when one of them could not be had. */
export async function allItems<T>(rest: RestClient, endpoint: Endpoint, params: RestParams = {}): Promise<T[]> {
  return itemsOf(await allPages(rest, endpoint, params)) as T[];
}

/**
 * What a call answers with: of a list all pages in one, unless the call asks for one of them. No answer of a page is a
 * guess: one that fails fails all.
 */
export async function allPages(rest: RestClient, endpoint: Endpoint, params: RestParams): Promise<RestAnswer<unknown>> {
  const whole = { ...(await rest.call(endpoint, params)) };
  if (!Array.isArray(whole.data) || params['cursor'] || params['limit'] !== undefined) return whole;
  while (whole.cursor) {
    const { cursor } = whole;
    const page = await rest.call(endpoint, { ...params, cursor });
    whole.data = [...itemsOf(whole), ...itemsOf(page)];
    delete whole.cursor;
    // A server that hands out the same cursor again has no more pages.
    if (page.cursor && page.cursor !== cursor) whole.cursor = page.cursor;
  }
  return whole;
}

/** A server may leave out an empty list. */
const itemsOf = ({ data }: RestAnswer<unknown>): unknown[] => (Array.isArray(data) ? data : []);
