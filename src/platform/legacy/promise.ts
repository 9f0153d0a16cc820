import { toArray } from './iteration.ts';

type Resolve = (value?: unknown) => void;
type Executor = (resolve: Resolve, reject: Resolve) => void;
type Handler = ((value: unknown) => unknown) | null | undefined;

interface Thenable {
  then(onFulfilled: Resolve, onRejected: Resolve): unknown;
}

/** `Promise`, whose jobs run when the task at hand is over. A rejection that nobody handles is not reported. */
export function createPromise(later: (run: () => void) => void): unknown {
  let jobs: (() => void)[] = [];

  function enqueue(job: () => void): void {
    if (jobs.push(job) > 1) return;
    later(() => {
      // Those that come meanwhile, too.
      for (const waiting of jobs) waiting();
      jobs = [];
    });
  }

  class LegacyPromise implements Thenable {
    private state: 'pending' | 'fulfilled' | 'rejected' = 'pending';
    private value: unknown;
    private readonly waiting: (() => void)[] = [];

    constructor(executor: Executor) {
      this.follow(executor);
    }

    then(onFulfilled?: Handler, onRejected?: Handler): LegacyPromise {
      return new LegacyPromise((resolve, reject) => {
        const react = (): void => {
          const isFulfilled = this.state === 'fulfilled';
          const handler = isFulfilled ? onFulfilled : onRejected;
          if (typeof handler !== 'function') return (isFulfilled ? resolve : reject)(this.value);
          try {
            resolve(handler(this.value));
          } catch (error) {
            reject(error);
          }
        };
        if (this.state === 'pending') this.waiting.push(react);
        else enqueue(react);
      });
    }

    catch(onRejected?: Handler): LegacyPromise {
      return this.then(undefined, onRejected);
    }

    static resolve(value?: unknown): LegacyPromise {
      return value instanceof LegacyPromise ? value : new LegacyPromise((resolve) => resolve(value));
    }

    static reject(error: unknown): LegacyPromise {
      return new LegacyPromise((_resolve, reject) => reject(error));
    }

    static all(promises: Iterable<unknown>): LegacyPromise {
      return new LegacyPromise((resolve, reject) => {
        const values = toArray(promises);
        let missing = values.length;
        const found: unknown[] = [];
        values.forEach((promise, index) => {
          LegacyPromise.resolve(promise).then((value) => {
            found[index] = value;
            if (--missing === 0) resolve(found);
          }, reject);
        });
        if (missing === 0) resolve(found);
      });
    }

    static race(promises: Iterable<unknown>): LegacyPromise {
      return new LegacyPromise((resolve, reject) => {
        for (const promise of toArray(promises)) LegacyPromise.resolve(promise).then(resolve, reject);
      });
    }

    /** Takes the first word of the executor, and of nobody else any more. */
    private follow(executor: Executor): void {
      let isDecided = false;
      const once =
        (decide: Resolve): Resolve =>
        (value) => {
          if (isDecided) return;
          isDecided = true;
          decide(value);
        };
      const reject = once((error) => this.settle('rejected', error));
      try {
        executor(
          once((value) => this.resolveWith(value)),
          reject,
        );
      } catch (error) {
        reject(error);
      }
    }

    private resolveWith(value: unknown): void {
      try {
        if (value === this) throw new TypeError('a promise cannot wait for itself');
        // Read once: it may be a getter.
        const then = value === Object(value) && (value as Partial<Thenable>).then;
        if (typeof then !== 'function') return this.settle('fulfilled', value);
        enqueue(() => this.follow((resolve, reject) => void then.call(value as Thenable, resolve, reject)));
      } catch (error) {
        this.settle('rejected', error);
      }
    }

    private settle(state: 'fulfilled' | 'rejected', value: unknown): void {
      this.state = state;
      this.value = value;
      this.waiting.forEach(enqueue);
    }
  }
  return LegacyPromise;
}
