import type { Transfer } from '../ports.ts';
import { unreachable } from './failure.ts';

/**
 * What `fetch` does, as a transfer. Without `AbortController` one that is cancelled ends unheard.
 *
 * @param run gets what every `fetch` of it takes: no cookies, and what ends it.
 */
export function abortable<T>(run: (options: RequestInit) => Promise<T>): Transfer<T> {
  const abort = typeof AbortController === 'undefined' ? undefined : new AbortController();
  return {
    result: run({ credentials: 'omit', signal: abort?.signal ?? null }).catch((error: unknown) => {
      throw unreachable(error);
    }),
    cancel: () => abort?.abort(),
  };
}
