import type { Clock, KvReader, KvStore, KvValue, KvWrite } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';
import { OverlaidReader } from './overlaid-reader.ts';
import { Overlay } from './overlay.ts';

/** A waiting batch is stored alone after this time, unless another batch is stored before. */
const MAX_WAIT_MS = 50;

/**
 * When a batch is stored.
 *
 * - `now`: before it is visible, together with all waiting batches.
 * - `later`: it is visible at once, and waits for the next batch or some milliseconds.
 * - `ahead`: before it is visible, and before the waiting batches, unless one of them has a record of the same key.
 */
export type When = 'now' | 'later' | 'ahead';

/** A store whose last batches may wait in memory. Reads see them. */
export class WriteBehind implements KvReader {
  private readonly kv: KvStore;
  private readonly timers: Timers<'waiting'> | undefined;
  /** Visible changes that are not stored yet. */
  private readonly waiting = new Overlay<KvValue>();
  private readonly reader: KvReader;
  private isStopped = false;
  private isClosed = false;

  /** @param clock without one, waiting batches are stored with the next one, whenever that is. */
  constructor(kv: KvStore, clock?: Clock) {
    this.kv = kv;
    this.timers = clock && new Timers(clock);
    this.reader = new OverlaidReader(kv, this.waiting);
  }

  get: KvReader['get'] = async (key) => this.reader.get(key);
  range: KvReader['range'] = async (range) => this.reader.range(range);

  /** Stores a batch. When it rejects, waiting batches go on waiting. @param batch the caller must not change its values. */
  async commit(batch: readonly KvWrite[], when: When): Promise<void> {
    if (when === 'later' || this.isStopped) {
      this.waiting.apply(batch);
      if (!this.isStopped && !this.isClosed && !this.timers?.has('waiting'))
        this.timers?.set('waiting', MAX_WAIT_MS, () => void this.flush());
      return;
    }
    const waiting = when === 'now' || this.waiting.meets(batch) ? this.waiting.changes() : [];
    const together = new Overlay<KvValue>();
    together.apply([...waiting, ...batch]);
    const writes = together.changes();
    if (waiting.length > 0) this.timers?.clear('waiting');
    if (writes.length > 0) await this.kv.commit(writes);
    // Batches that came meanwhile go on waiting.
    this.waiting.forget(waiting);
  }

  /** Stores nothing any more: batches wait for ever. */
  stop(): void {
    this.isStopped = true;
    this.timers?.clear('waiting');
  }

  /** Waits no more: what comes now is dropped, unless a batch takes it along. */
  close(): void {
    this.isClosed = true;
    this.timers?.clear('waiting');
  }

  private async flush(): Promise<void> {
    // Batches that could not be stored wait for the next one, which reports its own error.
    await this.commit([], 'now').catch(() => undefined);
  }
}
