import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import type { OutboxEntry } from '../store/schema.ts';
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
  /** The row as the next run finds it. */
  rowOf(mid: Id): Pick<OutboxEntry, 'tried'> | undefined;
  /** Whether a row waits to be sent, or for its answer, that the next run knows as tried. */
  isWaiting(): boolean;
}

/**
 * What may leave, and what may be acknowledged, in a run whose storage may fail in the middle.
 *
 * The next run goes on from the disk, as the device whose names are there. So that device acknowledges nothing any more once
 * the disk failed. It still sends the rows that are on the disk as tried: the next run sends them again, and the server knows
 * them by their device and mid. Then this run is another device, whose names are in memory: the server sends it everything, and
 * all rows that are not on the disk leave under its names. The other rows of the disk wait for the next run: those that could
 * not be sent, and those that are not tried there, which may expire in that run.
 */
export class Durability {
  private readonly deps: DurabilityDeps;
  private readonly timers: Timers<'answers'>;
  /** Set once the disk failed. */
  private rows: Rows | undefined;
  /** The session is that of the device whose names are on the disk. */
  private isStoredDevice = true;
  private isClosed = false;
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
    if (!this.rows) return true;
    const row = this.rows.rowOf(mid);
    return this.isStoredDevice ? row?.tried === true : !row;
  }

  /** The disk failed. @param isStoredDevice false when it failed before the session knew the names on the disk */
  lost(rows: Rows, isStoredDevice = true): void {
    this.rows = rows;
    this.isStoredDevice = isStoredDevice;
    if (!isStoredDevice || this.isClosed) return;
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
    this.isClosed = true;
    this.timers.clear('answers');
  }

  private leave(): void {
    if (!this.isStoredDevice || this.isClosed) return;
    this.timers.clear('answers');
    this.isStoredDevice = false;
    this.deps.changeDevice();
  }
}
