/** Runs tasks one at a time, in the order of the calls. A task that fails does not stop the others. */
export type Turns = <T>(run: () => Promise<T> | T) => Promise<T>;

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return async (run) => {
    const done = last.then(run);
    last = done.catch(() => undefined);
    return done;
  };
}
