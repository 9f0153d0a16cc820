import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Clock, Random } from '../platform/ports.ts';

/** Clients of one user that run at once (tabs) have different lanes, so that equal clocks make different ids. */
export const LANES = 1024;

const HIGHEST_MID = String(Number.MAX_SAFE_INTEGER);

/** Whether an id may be one of ours. */
export const isClientMid = (mid: Id): boolean => compareIds(mid, HIGHEST_MID) <= 0;

/** When a client id was made, ms since 1970 on the clock of this device. */
export const timeOfMid = (mid: Id): number => Math.floor(Number(mid) / LANES);

/**
 * Makes client message ids: milliseconds · 1024 + lane. They strictly increase, also over restarts and when the clock is set
 * back. They stay below 2^53 until the year 2248, because deployed apps get them as numbers from `sendRosterMessage`.
 */
export class ClientMids {
  private readonly clock: Clock;
  private ownLane: number;
  private lastMs = 0;

  constructor(deps: { clock: Clock; random: Random }) {
    this.clock = deps.clock;
    this.ownLane = Math.floor(deps.random() * LANES);
  }

  /** Makes later ids higher than this id of an earlier run. */
  startAfter(mid: Id): void {
    if (isClientMid(mid)) this.lastMs = Math.max(this.lastMs, timeOfMid(mid));
  }

  get lane(): number {
    return this.ownLane;
  }

  /** Takes the lane that no other tab has. */
  useLane(lane: number): void {
    this.ownLane = lane;
  }

  next(): Id {
    // Ids of a burst run ahead of the clock: each takes a millisecond.
    this.lastMs = Math.max(this.lastMs + 1, this.clock.now());
    return String(this.lastMs * LANES + this.ownLane);
  }
}
