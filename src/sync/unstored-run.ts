import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import type { Store } from '../store/store.ts';
import { Timers } from '../util/timers.ts';

interface UnstoredRunDeps {
  store: Store;
  clock: Clock;
  /** How long the rows on the disk are waited for. */
  answerTimeoutMs: number;
  /** Whether the next run finds this row. */
  isOnDisk(mid: Id): boolean;
  /** Whether the session is that of the device whose names are on the disk. */
  isStoredDevice: boolean;
  /** Makes this another device, which begins a session of its own. */
  changeDevice(): void;
}

/**
 * What is left of a run after the storage failed in the middle of it.
 *
 * The next run goes on from the disk, as the device whose names are there. So this device acknowledges nothing any more. It
 * still sends the rows that are on the disk: the next run sends them again, and the server knows them by their device and mid.
 * Then this run is another device, whose names are in memory: the server sends it everything, and the other rows leave under
 * its names. Rows of the disk that could not be sent wait for the next run.
 */
export class UnstoredRun {
  private readonly deps: UnstoredRunDeps;
  private readonly timers: Timers<'answers'>;
  private isStoredDevice: boolean;

  constructor(deps: UnstoredRunDeps) {
    this.deps = deps;
    this.timers = new Timers(deps.clock);
    this.isStoredDevice = deps.isStoredDevice;
    if (!this.isStoredDevice) return;
    this.timers.set('answers', deps.answerTimeoutMs, () => this.leave());
    void Promise.resolve().then(() => this.check());
  }

  /** Whether pages may be acknowledged: nothing that this device acknowledges comes again. */
  get mayAcknowledge(): boolean {
    return !this.isStoredDevice;
  }

  /** Whether a row may be sent by the device that this is now. */
  maySend(mid: Id): boolean {
    return this.deps.isOnDisk(mid) === this.isStoredDevice;
  }

  /** Call it when a row was answered. */
  check(): void {
    const { store, isOnDisk } = this.deps;
    const isWaiting = store.reader.outbox().some(({ mid, state }) => state === 'queued' && isOnDisk(mid));
    if (!isWaiting) this.leave();
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
