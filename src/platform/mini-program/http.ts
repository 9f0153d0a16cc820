import type { HttpClient, HttpResponse, Transfer } from '../ports.ts';
import { unreachable, withTimeout } from '../web-api/http.ts';
import type { MiniProgramApi, RequestOptions, Task } from './api.ts';
import { answerOf } from './api.ts';

/** HTTP over `request`. Its own timeout does not count on every platform. */
export const createMiniProgramHttp =
  (api: MiniProgramApi): HttpClient =>
  async ({ method, url, headers, body, timeoutMs }) =>
    withTimeout(
      timeoutMs,
      taskTransfer(async (begun) =>
        exchange(api, begun, {
          url,
          method,
          header: { ...headers },
          ...(body !== undefined && { data: body }),
          timeout: timeoutMs,
        }),
      ),
    );

export async function exchange(
  api: MiniProgramApi,
  begun: (task: Task) => void,
  options: Omit<RequestOptions, 'dataType'>,
): Promise<HttpResponse> {
  return responseOf(await answerOf((callbacks) => begun(api.request({ ...options, dataType: 'text', ...callbacks }))));
}

/** An answer without a body has an empty text, or nothing. */
export const responseOf = ({ statusCode, data }: { statusCode: number; data: unknown }): HttpResponse => ({
  status: statusCode,
  body: typeof data === 'string' ? data : '',
});

/** @param run says what ends it, as soon as there is something to end. */
export function taskTransfer<T>(run: (begun: (task: Task) => void) => Promise<T>): Transfer<T> {
  let task: Task | undefined;
  let isCancelled = false;
  const begun = (it: Task): void => {
    task = it;
    if (isCancelled) it.abort();
  };
  return {
    result: Promise.resolve()
      .then(async () => run(begun))
      .catch((error: unknown) => {
        throw unreachable(error);
      })
      .finally(() => (task = undefined)),
    cancel: () => {
      isCancelled = true;
      task?.abort();
    },
  };
}
