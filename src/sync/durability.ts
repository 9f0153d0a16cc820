import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';

interface DurabilityDeps {
  clock: Clock;
  /** How long the rows on the disk are waited for. */
  answerTimeoutMs: number;
  /** Makes this another device, which begins a session of its own. */
  changeDevice(): void;
}

/** The rows when the disk failed. */
interface Rows {
  /** Whether the next run finds the row. */
  isOnDisk(mid: Id): boolean;
  /** Whether such a row waits to be sent, or for its answer. */
  isWaiting(): boolean;
}

/**
 * What may leave, and what may be acknowledged, in a run whose storage may fail in the middle.
 *
 * The next run goes on from the disk, as the device whose names are there. So that device acknowledges nothing any more once
 * the disk failed. It still sends the rows that are on the disk: the next run sends them again, and the server knows them by
 * their device and mid. Then this run is another device, whose names are in memory: the server sends it everything, and all
 * other rows leave under its names. Rows of the disk that could not be sent wait for the next run.
 */
export class Durability {
  private readonly deps: DurabilityDeps;
  private readonly timers: Timers<'answers'>;
  /** Set once the disk failed. */
  private rows: Rows | undefined;
  /** The session is that of the device whose names are on the disk. */
  private isStoredDevice = true;
  private stop: (() => void) | undefined;

  constructor(deps: DurabilityDeps) {
    this.deps = deps;
    this.timers = new Timers(deps.clock);
  }

  /** @param stop called when this device must acknowledge nothing any more */
  onLost(stop: () => void): void {
    this.stop = stop;
    if (!this.mayAcknowledge) stop();
  }

  /** Whether pages may be acknowledged: what is acknowledged does not come again. */
  get mayAcknowledge(): boolean {
    return !this.rows || !this.isStoredDevice;
  }

  /** Whether a row may be sent by the device that this is now. */
  maySend(mid: Id): boolean {
    return !this.rows || this.rows.isOnDisk(mid) === this.isStoredDevice;
  }

  /** The disk failed. @param isStoredDevice false when it failed before the session knew the names on the disk */
  lost(rows: Rows, isStoredDevice = true): void {
    this.rows = rows;
    this.isStoredDevice = isStoredDevice;
    if (!isStoredDevice) return;
    this.stop?.();
    this.timers.set('answers', this.deps.answerTimeoutMs, () => this.leave());
    // The batch that failed may be the answer to the last row.
    void Promise.resolve().then(() => this.answered());
  }

  /** A row was answered. */
  answered(): void {
    if (this.rows && !this.rows.isWaiting()) this.leave();
  }

  close(): void {
    this.timers.clear('answers');
    this.isStoredDevice = false;
  }

  private leave(): void {
    if (!this.isStoredDevice) return;
    this.close();
    this.deps.changeDevice();
  }
}
