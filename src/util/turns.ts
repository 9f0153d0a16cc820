/** Runs tasks one at a time, in the order of the calls; one that fails stops none. */
export type Turns = <T>(run: () => Promise<T> | T) => Promise<T>;

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return async (run) => {
    const done = last.then(run);
    last = done.catch(() => undefined);
    return done;
  };
}
