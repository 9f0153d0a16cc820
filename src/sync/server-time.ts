import type { Clock } from '../platform/ports.ts';
import type { SyncEvent } from './sync-events.ts';

/** A live message that seems to take longer says that the clock was set. */
const LONGEST_WAY_MS = 60_000;

/**
 * The time at the server, by which conversations are in order. The clock of a device may be wrong by minutes: a live message
 * has just got its time from the server. It was on its way for a moment, so the server's clock is at least as far ahead as
 * each of them says. Until the first one came it is the clock of the device.
 */
export class ServerTime {
  private readonly clock: Clock;
  private aheadMs: number | undefined;

  /** @param aheadMs what is known from before: of another tab */
  constructor(clock: Clock, aheadMs?: number) {
    this.clock = clock;
    this.aheadMs = aheadMs;
  }

  /** How far the server's clock is ahead of the device's, ms. */
  get aheadOfDevice(): number {
    return this.aheadMs ?? 0;
  }

  /** Learns from the events of a commit. */
  follow(events: readonly SyncEvent[]): void {
    for (const event of events) {
      if (event.type !== 'message' || event.arrival !== 'live') continue;
      const aheadMs = Number(event.message.timestamp) - this.clock.now();
      const least = this.aheadMs ?? -Infinity;
      if (aheadMs > least || least - aheadMs > LONGEST_WAY_MS) this.aheadMs = aheadMs;
    }
  }

  /** How far the server's clock is ahead, in ms; undefined until a live message came. */
  get skewMs(): number | undefined {
    return this.aheadMs;
  }

  /** ms since 1970. */
  now(): number {
    return this.clock.now() + this.aheadOfDevice;
  }
}
