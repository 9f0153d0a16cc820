import type { Clock, KvReader, KvStore, KvValue, KvWrite } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';
import { OverlaidReader } from './overlaid-reader.ts';
import { Overlay } from './overlay.ts';

/** A batch that waits is stored alone after this time, when no other batch took it along. */
const MAX_WAIT_MS = 50;

/**
 * When a batch is stored.
 *
 * - `now`: before it counts, together with all that waits.
 * - `later`: it counts at once, and waits for the next batch or some milliseconds.
 * - `ahead`: before it counts, and before what waits, unless that has a record of the same key.
 */
export type When = 'now' | 'later' | 'ahead';

/** A store of which some batches wait in memory. Reads see them. */
export class WriteBehind implements KvReader {
  private readonly kv: KvStore;
  private readonly timers: Timers<'waiting'> | undefined;
  /** What counts and is not stored. */
  private readonly waiting = new Overlay<KvValue>();
  private readonly reader: KvReader;

  /** @param clock without one, what waits is stored with the next batch, whenever that is. */
  constructor(kv: KvStore, clock?: Clock) {
    this.kv = kv;
    this.timers = clock && new Timers(clock);
    this.reader = new OverlaidReader(kv, this.waiting);
  }

  get: KvReader['get'] = async (key) => this.reader.get(key);
  range: KvReader['range'] = async (range) => this.reader.range(range);

  /** Stores a batch. If it rejects, what waited waits on. @param batch whose values nobody changes any more. */
  async commit(batch: readonly KvWrite[], when: When): Promise<void> {
    if (when === 'later') {
      this.waiting.apply(batch);
      if (!this.timers?.has('waiting')) this.timers?.set('waiting', MAX_WAIT_MS, () => void this.flush());
      return;
    }
    const waiting = when === 'now' || this.waiting.meets(batch) ? this.waiting.changes() : [];
    const together = new Overlay<KvValue>();
    together.apply([...waiting, ...batch]);
    const writes = together.changes();
    if (waiting.length > 0) this.timers?.clear('waiting');
    if (writes.length > 0) await this.kv.commit(writes);
    // What came meanwhile waits on.
    this.waiting.forget(waiting);
  }

  private async flush(): Promise<void> {
    // What could not be stored waits for the next batch, which reports its own error.
    await this.commit([], 'now').catch(() => undefined);
  }
}
