import type { ApiFailure, Callbacks } from './api.ts';

/** The answer of a call with callbacks. Rejects with an Error that has the platform's words, and its number where it says one. */
export function answerOf<T>(call: (callbacks: Callbacks<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call({ success: resolve, fail: (failure) => reject(errorOf(failure)) });
  });
}

/** @returns undefined where `fallback` is fine: there is no such file. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

export const isMissing = (error: unknown): boolean =>
  (error as ApiFailure).errno === 1300002 || /no such file|not exist/i.test((error as Error).message);

/** A full disk has the name that the store knows one by. */
function errorOf({ errMsg, errno }: ApiFailure): Error {
  const isFull = errno === 1300202 || /storage limit|no space/i.test(errMsg);
  return Object.assign(new Error(errMsg), { errno }, isFull && { name: 'QuotaExceededError' });
}
