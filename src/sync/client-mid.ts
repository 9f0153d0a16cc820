import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Clock, Random } from '../platform/ports.ts';

/** Clients of one user that run at once (tabs) draw different lanes, so that equal clocks make different ids. */
const LANES = 1024;

/**
 * Makes client message ids: milliseconds · 1024 + lane, strictly increasing, also over restarts and clocks set back.
 *
 * Below 2^53 until the year 2248, because deployed apps get the id as a number from `sendRosterMessage`.
 */
export class ClientMids {
  private readonly clock: Clock;
  private readonly lane: number;
  private lastMs = 0;

  constructor(deps: { clock: Clock; random: Random }) {
    this.clock = deps.clock;
    this.lane = Math.floor(deps.random() * LANES);
  }

  /** Never goes back behind an id of an earlier run. */
  startAfter(mid: Id): void {
    if (compareIds(mid, '9007199254740991') < 0) this.lastMs = Math.max(this.lastMs, Math.floor(Number(mid) / LANES));
  }

  next(): Id {
    // A burst borrows from the future: one id a millisecond.
    this.lastMs = Math.max(this.lastMs + 1, this.clock.now());
    return String(this.lastMs * LANES + this.lane);
  }
}
