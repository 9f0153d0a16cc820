// How many sockets the account has at the server.
import type { DevServer } from 'flooim-devserver';

const LOOK_EVERY_MS = 10;

export interface Overlaps {
  /** How often there was more than one. */
  count: number;
  longestMs: number;
  most: number;
}

export interface ConnectionWatch {
  readonly overlaps: Overlaps;
  now(): number;
  stop(): void;
}

export function watchConnections(server: DevServer, uid: number): ConnectionWatch {
  const overlaps: Overlaps = { count: 0, longestMs: 0, most: 0 };
  let since: number | undefined;
  const now = (): number => server.admin.connections().filter((connection) => connection.uid === uid).length;
  const look = (): void => {
    const count = now();
    overlaps.most = Math.max(overlaps.most, count);
    if (count < 2) {
      since = undefined;
      return;
    }
    if (since === undefined) overlaps.count++;
    since ??= performance.now();
    overlaps.longestMs = Math.max(overlaps.longestMs, performance.now() - since);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return { overlaps, now, stop: () => clearInterval(timer) };
}
