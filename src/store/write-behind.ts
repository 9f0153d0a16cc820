import type { Clock, KvReader, KvStore, KvWrite } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';
import { MemoryLayer } from './memory-layer.ts';

/** So long after the first that waits, when no batch took them along, they are stored alone. */
const MAX_WAIT_MS = 50;

/**
 * When a batch is stored: `now`: before it counts, with all that waits. `later`: it counts at once, and waits for the next one,
 * or some milliseconds. `ahead`: before it counts, and before what waits, unless that has a record of the same key.
 */
export type When = 'now' | 'later' | 'ahead';

/** A store of which some batches wait in memory. Reads see them. */
export class WriteBehind implements KvReader {
  private readonly kv: KvStore;
  private readonly timers: Timers<'waiting'> | undefined;
  /** Counts, and is not stored. In order. */
  private waiting: readonly KvWrite[] = [];
  private layer: MemoryLayer;

  /** @param clock without one what waits is stored with the next batch, whenever that is. */
  constructor(kv: KvStore, clock?: Clock) {
    this.kv = kv;
    this.timers = clock && new Timers(clock);
    this.layer = new MemoryLayer(kv);
  }

  get: KvReader['get'] = (key) => this.layer.get(key);
  range: KvReader['range'] = (range) => this.layer.range(range);

  /** Where it rejects what waited waits on. @param batch whose values nobody changes any more. */
  async commit(batch: readonly KvWrite[], when: When): Promise<void> {
    if (when === 'later') {
      this.waiting = lastOfEach([...this.waiting, ...batch]);
      this.layer.apply(batch);
      if (!this.timers?.has('waiting')) this.timers?.set('waiting', MAX_WAIT_MS, () => void this.flush());
      return;
    }
    const waiting = when === 'now' || this.touches(batch) ? this.waiting : [];
    const writes = lastOfEach([...waiting, ...batch]);
    if (waiting.length > 0) this.timers?.clear('waiting');
    if (writes.length > 0) await this.kv.commit(writes);
    if (waiting.length === 0) return;
    // What came meanwhile waits on.
    this.waiting = this.waiting.filter((write) => !waiting.includes(write));
    this.layer = new MemoryLayer(this.kv);
    this.layer.apply(this.waiting);
  }

  private async flush(): Promise<void> {
    // What could not be stored waits for the next batch, which tells its error.
    await this.commit([], 'now').catch(() => undefined);
  }

  private touches(batch: readonly KvWrite[]): boolean {
    return batch.some((write) => this.waiting.some((waiting) => mayMeet(write, waiting)));
  }
}

const mayMeet = (a: KvWrite, b: KvWrite): boolean =>
  a.op === 'deleteRange' || b.op === 'deleteRange' || a.key === b.key;

/** Without those that a later one of the same key replaces. */
function lastOfEach(writes: readonly KvWrite[]): KvWrite[] {
  const last = new Map<unknown, KvWrite>();
  for (const write of writes) {
    const key = write.op === 'deleteRange' ? write : write.key;
    // To its new place: a range may be deleted in between.
    last.delete(key);
    last.set(key, write);
  }
  return [...last.values()];
}
