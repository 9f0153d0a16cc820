// Runs beside an app, on its platform: what the app saw, in order.
import type { FlooClient } from '../../src/floo-client.ts';

export interface Seen {
  readonly event: string;
  readonly payload: unknown;
}

export interface AppLog {
  readonly seen: Seen[];
  /** Binds a handler of its own for each event, as one object. */
  bind(im: FlooClient, events: readonly string[]): void;
  /** Waits for the event's n-th time. @returns its payload */
  nth(event: string, n: number): Promise<unknown>;
  /** Asks again and again, as apps do. */
  poll(isDone: () => boolean): Promise<void>;
  /** A value as it is now. */
  copy<T>(value: T): T;
}

export function createAppLog(): AppLog {
  const seen: Seen[] = [];
  const copy = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));
  const poll = async (isDone: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const ask = (): void => (isDone() ? resolve() : void setTimeout(ask, 10));
      ask();
    });
  const all = (event: string): Seen[] => seen.filter((one) => one.event === event);
  return {
    seen,
    copy,
    poll,
    bind(im, events) {
      const handlers: Record<string, (payload: unknown) => void> = {};
      events.forEach((event) => {
        handlers[event] = (payload) => void seen.push({ event, payload: copy(payload) });
      });
      im.on(handlers);
    },
    async nth(event, n) {
      await poll(() => all(event).length >= n);
      return all(event)[n - 1]!.payload;
    },
  };
}
