import type { HttpClient, HttpResponse, Transfer } from '../ports.ts';
import { isRedirect, redirected, unreachable, withTimeout } from '../web-api/http.ts';
import type { MiniProgramApi, RequestOptions, Task } from './api.ts';
import { answerOf } from './api.ts';

/** HTTP with `request`. The timeout is ours, because some platforms ignore theirs. */
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
  options: Omit<RequestOptions, 'dataType' | 'redirect'>,
): Promise<HttpResponse> {
  const response = responseOf(
    await answerOf((callbacks) =>
      begun(api.request({ ...options, dataType: 'text', redirect: 'manual', ...callbacks })),
    ),
  );
  if (isRedirect(response.status)) throw redirected();
  return response;
}

/** The answer to a request; platforms give an empty text or nothing when it has no body. */
export const responseOf = ({ statusCode, data }: { statusCode: number; data: unknown }): HttpResponse => ({
  status: statusCode,
  body: typeof data === 'string' ? data : '',
});

/**
 * Makes a transfer of a task.
 *
 * @param run - calls `begun` with the task as soon as there is one
 */
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
