/**
 * Calls a function of the app's, whose failure is its own: it throws, or the promise that it returns rejects.
 *
 * @param onError - reports the failure
 */
export function callIsolated<Payload>(
  run: (payload: Payload) => unknown,
  payload: Payload,
  onError: (error: unknown) => void,
): void {
  const report = (error: unknown): void => {
    try {
      onError(error);
    } catch {
      // What it threw may throw again where it is printed, and there is nobody left to report that to.
    }
  };
  try {
    const outcome = run(payload);
    if (isThenable(outcome)) Promise.resolve(outcome).catch(report);
  } catch (error) {
    report(error);
  }
}

/** Whether a function is asynchronous: it returned a promise, of any library. */
const isThenable = (outcome: unknown): outcome is PromiseLike<unknown> =>
  typeof (outcome as PromiseLike<unknown> | undefined | null)?.then === 'function';
