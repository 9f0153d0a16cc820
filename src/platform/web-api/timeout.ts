import type { Transfer } from '../ports.ts';
import { failure } from './failure.ts';

/** @returns what comes of it in time, also where what is cancelled does not listen. */
export const withTimeout = async <T>(timeoutMs: number, { result, cancel }: Transfer<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(failure('timeout', `no answer in ${timeoutMs} ms`));
      cancel();
    }, timeoutMs);
    result.then(resolve, reject).finally(() => clearTimeout(timer));
  });
