import type { Clock } from '../../src/platform/ports.ts';
import { soon } from './turn.ts';

/** How good the network of a device is. */
export interface NetworkQuality {
  /**
   * How long everything takes one way, in ms.
   *
   * @default 0
   */
  latencyMs?: number;
  /** Speed of each direction, which all sockets and requests of the device share, in bytes per second. Absent: no limit. */
  bytesPerSecond?: number;
  /**
   * The directions in which nothing arrives any more, without a word to either side: sockets are half open. What is sent
   * meanwhile is lost. Absent: none.
   */
  silent?: 'up' | 'down' | 'both';
}

/** From the device to the server, or back. */
export type Direction = 'up' | 'down';

/** The network of a device. What is opened on it stays on it. */
export interface Network {
  quality: NetworkQuality;
  /** How long these bytes take until the last one has left, behind what leaves before them, in ms. */
  leave(direction: Direction, bytes: number): number;
  isSilent(direction: Direction): boolean;
  /** Says something to the other side: now, or when the silence ends. */
  reach(direction: Direction, run: () => void): void;
}

export function createNetwork(clock: Clock): Network {
  let quality: NetworkQuality = {};
  /** When a direction is free again. */
  const freeAt = { up: 0, down: 0 };
  let waiting: { direction: Direction; run: () => void }[] = [];
  const network: Network = {
    get quality() {
      return quality;
    },
    set quality(next) {
      quality = next;
      const now = waiting.filter(({ direction }) => !network.isSilent(direction));
      waiting = waiting.filter(({ direction }) => network.isSilent(direction));
      for (const { run } of now) run();
    },
    leave(direction, bytes) {
      const { bytesPerSecond } = quality;
      if (bytesPerSecond === undefined) return 0;
      const begun = Math.max(clock.now(), freeAt[direction]);
      freeAt[direction] = begun + (bytes * 1000) / bytesPerSecond;
      return freeAt[direction] - clock.now();
    },
    isSilent: (direction) => quality.silent === 'both' || quality.silent === direction,
    reach(direction, run) {
      if (network.isSilent(direction)) waiting.push({ direction, run });
      else soon(run);
    },
  };
  return network;
}
