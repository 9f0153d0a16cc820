import type { HttpClient } from '../ports.ts';
import { abortable } from './abortable.ts';
import { withTimeout } from './timeout.ts';

/** HTTP over `fetch`. The timeout covers the body too. */
export const fetchHttp: HttpClient = async ({ method, url, headers, body = null, timeoutMs }) =>
  withTimeout(
    timeoutMs,
    abortable(async (options) => {
      const response = await fetch(url, { ...options, method, headers, body });
      return { status: response.status, body: await response.text() };
    }),
  );
