import { copyValue } from '../platform/memory/copy-value.ts';
import { SortedMap } from '../platform/memory/sorted-map.ts';
import type { KvEntry, KvRange, KvReader, KvValue, KvWrite } from '../platform/ports.ts';
import { flatMap } from '../util/es2019.ts';

interface Cut {
  from: string;
  to: string;
}

/** Changes in memory over what is stored: reads see both, as they were when they were asked for. */
export class MemoryLayer implements KvReader {
  private readonly below: KvReader;
  /** `[value]`, or `[]` for a key that was deleted. */
  private readonly own = new SortedMap();
  /** Of what is below, these ranges were deleted. */
  private readonly cuts: Cut[] = [];

  constructor(below: KvReader) {
    this.below = below;
  }

  async get(key: string): Promise<KvValue | undefined> {
    const own = this.own.get(key) as [KvValue?] | undefined;
    if (own) return copyValue(own[0]);
    return isCut(this.cuts, key) ? undefined : this.below.get(key);
  }

  async range({ limit = Infinity, ...range }: KvRange): Promise<KvEntry[]> {
    const { from, to, reverse = false } = range;
    const own = new Map(this.own.keys({ from, to }).map((key) => [key, this.own.get(key) as KvValue[]]));
    const cuts = this.cuts.filter((cut) => cut.from < to && from < cut.to);
    // Each own key hides at most one entry below; a cut may hide any number.
    const wanted = cuts.length > 0 || limit === Infinity ? range : { ...range, limit: limit + own.size };
    const below = await this.below.range(wanted);
    if (own.size === 0 && cuts.length === 0) return below;
    const entries = [
      ...below.filter(({ key }) => !own.has(key) && !isCut(cuts, key)),
      ...flatMap([...own], ([key, values]) => values.map((value) => ({ key, value: copyValue(value) }))),
    ];
    return entries.sort((a, b) => (a.key < b.key !== reverse ? -1 : 1)).slice(0, limit);
  }

  /** @param writes whose values nobody changes any more. */
  apply(writes: readonly KvWrite[]): void {
    for (const write of writes) {
      if (write.op === 'put') this.own.put(write.key, [write.value]);
      else if (write.op === 'delete') this.own.put(write.key, []);
      else {
        this.own.deleteRange(write.from, write.to);
        this.cuts.push(write);
      }
    }
  }
}

const isCut = (cuts: readonly Cut[], key: string): boolean => cuts.some(({ from, to }) => from <= key && key < to);
