import { copyValue } from '../platform/memory/copy-value.ts';
import { SortedMap } from '../platform/memory/sorted-map.ts';
import type { KvEntry, KvRange, KvStore, KvValue, KvWrite } from '../platform/ports.ts';

interface Cut {
  from: string;
  to: string;
}

/** Changes in memory over a store that takes no more: reads see both. What cannot be read below counts as absent. */
export class MemoryLayer implements Pick<KvStore, 'get' | 'range'> {
  readonly #below: KvStore;
  /** `[value]`, or `[]` for a key that was deleted. */
  readonly #own = new SortedMap();
  /** Of what is below, these ranges were deleted. */
  readonly #cuts: Cut[] = [];

  constructor(below: KvStore) {
    this.#below = below;
  }

  async get(key: string): Promise<KvValue | undefined> {
    const own = this.#own.get(key) as [KvValue?] | undefined;
    if (own) return copyValue(own[0]);
    return isCut(this.#cuts, key) ? undefined : this.#below.get(key).catch(() => undefined);
  }

  async range({ limit = Infinity, ...range }: KvRange): Promise<KvEntry[]> {
    const { from, to, reverse = false } = range;
    const own = this.#own.keys({ from, to });
    // Each own key hides at most one entry below; a cut may hide any number.
    const cuts = this.#cuts.filter((cut) => cut.from < to && from < cut.to);
    const wanted = cuts.length > 0 || limit === Infinity ? range : { ...range, limit: limit + own.length };
    const below = await this.#below.range(wanted).catch((): KvEntry[] => []);
    const entries = [
      ...below.filter(({ key }) => !this.#own.get(key) && !isCut(cuts, key)),
      ...own.flatMap((key) => (this.#own.get(key) as KvValue[]).map((value) => ({ key, value: copyValue(value) }))),
    ];
    return entries.sort((a, b) => (a.key < b.key !== reverse ? -1 : 1)).slice(0, limit);
  }

  /** @param writes whose values nobody changes any more. */
  apply(writes: readonly KvWrite[]): void {
    for (const write of writes) {
      if (write.op === 'put') this.#own.put(write.key, [write.value]);
      else if (write.op === 'delete') this.#own.put(write.key, []);
      else {
        this.#own.deleteRange(write.from, write.to);
        this.#cuts.push(write);
      }
    }
  }
}

const isCut = (cuts: readonly Cut[], key: string): boolean => cuts.some(({ from, to }) => from <= key && key < to);
