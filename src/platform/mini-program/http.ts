import type { HttpClient } from '../ports.ts';
import { failure, unreachable } from '../web-api/failure.ts';
import type { MiniProgramApi } from './api.ts';
import { answerOf } from './answer.ts';

/** HTTP over `request`. Its own timeout does not count on every platform. */
export function createMiniProgramHttp(api: MiniProgramApi): HttpClient {
  return ({ method, url, headers, body, timeoutMs }) =>
    new Promise((resolve, reject) => {
      let abort = (): void => {};
      const timer = setTimeout(() => {
        reject(failure('timeout', `no answer in ${timeoutMs} ms`));
        abort();
      }, timeoutMs);
      answerOf<{ statusCode: number; data: unknown }>((callbacks) => {
        const task = api.request({
          ...callbacks,
          url,
          method,
          header: { ...headers },
          ...(body !== undefined && { data: body }),
          dataType: 'text',
          timeout: timeoutMs,
        });
        abort = () => task.abort();
      })
        .then(
          ({ statusCode, data }) => resolve({ status: statusCode, body: textOf(data) }),
          (error: unknown) => reject(unreachable(error)),
        )
        .finally(() => clearTimeout(timer));
    });
}

/** An answer without a body has an empty text, or nothing. */
export const textOf = (data: unknown): string => (typeof data === 'string' ? data : '');
