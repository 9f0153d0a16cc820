import type { Clock, Random } from '../platform/ports.ts';
import type { BackoffPolicy } from '../util/backoff.ts';

/**
 * While a server cannot be reached, each wait ends within this time: one that comes back has a session within 5 s, with the round
 * trips that this takes.
 */
const LONGEST_WAIT_MS = 4500;
/** After a minute of that, each wait is at most this part of the time that it has been away. */
const PART_OF_ABSENCE = 1 / 12;

/** Each wait for a server that answers and drops, once it has used up its proofs: a steady pace, because it is not down. */
const STEADY_WAIT_MS = 12_000;

/** The network of a device that woke may still be coming: for so long each wait is short. */
const WAKING_MS = 10_000;
const LONGEST_WAKING_WAIT_MS = 500;

/** What answers in the place of the servers lets the client through as soon as somebody logs in there, and costs them nothing. */
const LONGEST_PORTAL_WAIT_MS = 500;

/** A session that lasted this long proves that its server works. */
const STEADY_MS = 60_000;
/** How often a minute one frame proves it: a server that drops each session soon must not be asked at once for ever. */
const PROOFS_A_MINUTE = 10;

interface ReconnectPaceDeps {
  clock: Clock;
  random: Random;
  backoff: BackoffPolicy;
}

/** Knows whether the server works, and how long a connection waits before it tries again. */
export class ReconnectPace {
  private readonly deps: ReconnectPaceDeps;
  /** When a frame proved that the server works, in ms since 1970, in the last minute. */
  private proofs: number[] = [];
  /** When the session was accepted, in ms since 1970. */
  private acceptedAt = 0;
  /** When the last frame came in it; undefined when none did. */
  private answeredAt: number | undefined;
  /** When the last try began, in ms since 1970. */
  private triedAt = 0;
  /** Since when no socket could be opened, in ms since 1970. */
  private awaySince: number | undefined;
  /** When the device woke, in ms since 1970, and what it means for the waits after that. */
  private wokeAt = -Infinity;
  private isNetworkComing = false;
  private isFirstLoss = false;

  constructor(deps: ReconnectPaceDeps) {
    this.deps = deps;
  }

  /** The server accepted the session. That proves nothing yet: it may be about to fall over. */
  accepted(): void {
    this.acceptedAt = this.deps.clock.now();
    this.answeredAt = undefined;
  }

  /** A frame came in the session. @returns whether that proves that the server works */
  answered(): boolean {
    const now = this.deps.clock.now();
    const isFirst = this.answeredAt === undefined;
    this.isFirstLoss = false;
    this.answeredAt = now;
    if (!isFirst) return false;
    // One in the future is there because the clock was set back.
    this.proofs = this.proofs.filter((at) => at > now - STEADY_MS && at <= now);
    if (this.proofs.length >= PROOFS_A_MINUTE) return false;
    this.proofs.push(now);
    return true;
  }

  /** The session went on for so long that its server works. */
  get wasSteady(): boolean {
    return this.answeredAt !== undefined && this.answeredAt - this.acceptedAt >= STEADY_MS;
  }

  /** A try begins. */
  tried(): void {
    this.triedAt = this.deps.clock.now();
  }

  /** The device woke, or has a network again. @param isNetworkComing - it may take some seconds until that works */
  woke(isNetworkComing: boolean): void {
    this.wokeAt = this.deps.clock.now();
    this.isNetworkComing = isNetworkComing;
    this.isFirstLoss = true;
  }

  /**
   * How long to wait now, in ms. The limit doubles with each failure. The first wait is a random part of the limit, so that a cut
   * socket is back soon and the clients of a server that restarts spread. Later ones are at least half of it: fewer tries for the
   * same longest wait.
   *
   * @param attempt - how often it failed since the server last proved that it works, from 1
   * @param isAway - no socket could be opened. One that opened and was lost belongs to a server that is there, and may be overrun.
   * @param isPortal - something else answers in the place of the servers
   */
  waitMs(attempt: number, isAway: boolean, isPortal = false): number {
    const waitMs = Math.min(this.usualWaitMs(attempt, isAway), isPortal ? LONGEST_PORTAL_WAIT_MS : Infinity);
    const wokeMs = this.deps.clock.now() - this.wokeAt;
    if (wokeMs < 0 || wokeMs > WAKING_MS) return waitMs;
    // What was open before is lost, and nothing says yet that the server is.
    if (this.isFirstLoss) {
      this.isFirstLoss = false;
      return 0;
    }
    return this.isNetworkComing ? Math.min(waitMs, LONGEST_WAKING_WAIT_MS) : waitMs;
  }

  private usualWaitMs(attempt: number, isAway: boolean): number {
    const { clock, random, backoff } = this.deps;
    const now = clock.now();
    this.awaySince = isAway ? (this.awaySince ?? now) : undefined;
    const limit = Math.min(backoff.capMs, this.limitMs(attempt, now));
    this.answeredAt = undefined;
    if (attempt === 1) return Math.floor(random() * limit);
    // A try that was never answered was a wait, too.
    const triedMs = isAway ? Math.max(0, now - this.triedAt) : 0;
    return Math.floor(Math.max(limit / 2 - triedMs, 0) + (random() * limit) / 2);
  }

  private limitMs(attempt: number, now: number): number {
    const limit = this.deps.backoff.baseMs * 2 ** Math.min(attempt - 1, 30);
    if (this.awaySince !== undefined)
      return Math.min(limit, Math.max(LONGEST_WAIT_MS, (now - this.awaySince) * PART_OF_ABSENCE));
    return attempt > 1 && this.answeredAt !== undefined ? STEADY_WAIT_MS : limit;
  }
}
