import type { Transfer } from '../ports.ts';
import { unreachable } from '../web-api/failure.ts';
import type { Task } from './api.ts';

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
