/** The timers as they are now: an app's tests may put fake ones in their place later. */
const { setTimeout: wait, queueMicrotask: enqueue } = globalThis;

/**
 * What comes after everything that is ready to run, promises included. Node's own is not among the types of this room, and
 * browsers, whose shortest timer is 4 ms, have message channels.
 */
const later = ((): ((run: () => void) => void) => {
  const { setImmediate: immediate } = globalThis as { setImmediate?: (run: () => void) => unknown };
  if (immediate) return (run) => void immediate(run);
  if (typeof MessageChannel === 'undefined') return (run) => void wait(run, 0);
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (run) => {
    waiting.push(run);
    port2.postMessage(undefined);
  };
})();

/** Resolves when everything that was ready to run has run. */
export const nextTurn = async (): Promise<void> => new Promise(later);

/** Calls a function when the code that runs now has ended. */
export const soon = (run: () => void): void => enqueue(run);
