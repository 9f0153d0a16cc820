import type { HttpClient, HttpResponse } from '../ports.ts';
import { withTimeout } from '../web-api/timeout.ts';
import type { MiniProgramApi, RequestOptions, Task } from './api.ts';
import { answerOf } from './answer.ts';
import { taskTransfer } from './task-transfer.ts';

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
