import type { HttpClient } from '../platform/ports.ts';
import { mustSucceed, readEnvelope, unanswered } from './envelope.ts';
import { withQuery } from './parameters.ts';
import type { RestParams } from './parameters.ts';

/** GET of a server that is none of the app's: it learns neither app nor user. @param url absolute. */
export async function visit<T>(http: HttpClient, url: string, params: RestParams, timeoutMs: number): Promise<T> {
  const response = await http({ method: 'GET', url: withQuery(url, params), headers: {}, timeoutMs }).catch(
    (failure: unknown) => {
      throw unanswered(failure, url);
    },
  );
  return mustSucceed(readEnvelope<T>(response, url), url).data;
}
