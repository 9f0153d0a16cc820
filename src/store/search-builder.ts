import type { KvReader, KvWrite } from '../platform/ports.ts';
import { isMessage, KEYS, prefixRange } from './schema.ts';
import type { SearchIndex } from './search-index.ts';
import { ENOUGH_CHANGED } from './search-index.ts';
import { markAt } from './search-marks.ts';
import { ALL_SEGMENTS, gapsIn, overlap, packShard, packShards, rangeAt, rangesIn } from './search-shards.ts';
import type { Indexed, KeyRange, Shard } from './search-shards.ts';
import { SignatureMaker } from './search-signature.ts';
import { normalizeText } from './search-terms.ts';
import { readPages } from './segment-reader.ts';
import { unpackItems } from './segment-record.ts';
import type { WriteBehind } from './write-behind.ts';

/**
 * Segments get one signature together until they have so many items, or so many grams: one segment where messages are many, and
 * those of several conversations where they are few. The more a signature has, the more often it seems to have a term.
 */
const ENTRY_ITEMS = 64;
const ENTRY_GRAMS = 3000;

/**
 * Bytes of a shard when it is built, and when it is divided. One change writes a shard anew. Chromium stores values from 64 KB
 * on in files of their own, which are slower to read.
 */
const SHARD_BYTES = 40_000;
const MAX_SHARD_BYTES = 60_000;

/** Segments that are read at once: some milliseconds of work. */
const SEGMENTS_AT_ONCE = 16;

/** Ends a step because a search waits. */
const INTERRUPTED = Symbol('interrupted');

/** What {@link buildSome} builds with. */
interface Builder {
  readonly index: SearchIndex;
  readonly kv: Pick<WriteBehind, 'get' | 'range' | 'commit'>;
  /** Lets others work. */
  readonly pause: () => Promise<void>;
}

/** What a step indexes. */
interface Target extends KeyRange {
  /** It has marks. */
  readonly isMarked?: true;
  /** The shard that is there; undefined where there is none, or it is lost. */
  readonly shard?: Shard | undefined;
}

/** Entries of neighbouring segments. */
interface Signed extends KeyRange {
  readonly entries: readonly Indexed[];
}

/**
 * Indexes what is not in the index yet, one shard in a step: first what no shard covers, then what has marks, in one pass over
 * the shards each time enough segments have changed.
 */
export class SearchBuilder {
  private readonly builder: Builder;
  private readonly maker = new SignatureMaker();
  /** Up to where the pass over the marks is; undefined between passes. The first one is for the marks of earlier runs. */
  private passed: string | undefined = '';

  constructor(builder: Builder) {
    this.builder = builder;
  }

  /** @returns whether there is more to do */
  async step(): Promise<boolean> {
    const { index } = this.builder;
    if (index.searching > 0) return true;
    return index.inTurn(async () => {
      await index.readMarks();
      const target = await this.target();
      if (!target) return false;
      const watch = index.watch();
      try {
        const indexed = target.shard ? await this.renewed(target.shard) : await this.sign(target, SHARD_BYTES);
        if (indexed === INTERRUPTED) return true;
        await this.store(indexed, watch.segments);
        if (target.isMarked) this.passed = target.to;
      } finally {
        watch.end();
      }
      return true;
    });
  }

  /** What the next step indexes. */
  private async target(): Promise<Target | undefined> {
    const { index, kv } = this.builder;
    const [gap] = gapsIn(index.shards, ALL_SEGMENTS);
    if (gap && (index.shards.length > 0 || (await isWorthwhile(kv)))) return gap;
    if (index.hasChangedEnough) this.passed ??= '';
    const { passed } = this;
    if (passed === '') index.forgetChanged();
    for (const { from } of passed === undefined ? [] : index.marks.ranges()) {
      const range = from >= passed! ? rangeAt(index.shards, from) : undefined;
      if (range) return { ...range, isMarked: true, shard: await index.shard(range) };
    }
    this.passed = undefined;
    return undefined;
  }

  /** A shard with new entries in the place of those that have marks. */
  private async renewed({ from, to, entries }: Shard): Promise<Signed | typeof INTERRUPTED> {
    const marked = this.builder.index.marks.ranges();
    const isMarked = (entry: Indexed): boolean => rangesIn(marked, entry).length > 0;
    const next: Indexed[] = [];
    for (let at = 0; at < entries.length;) {
      const first = entries[at]!;
      if (!isMarked(first)) {
        next.push(first);
        at++;
        continue;
      }
      while (at < entries.length && isMarked(entries[at]!)) at++;
      const signed = await this.sign({ from: first.from, to: entries[at - 1]!.to });
      if (signed === INTERRUPTED) return signed;
      next.push(...signed.entries);
    }
    return { from, to, entries: next };
  }

  /** Reads segments and makes their signatures. @param enough it may end after so many bytes of them */
  private async sign({ from, to }: KeyRange, enough = Infinity): Promise<Signed | typeof INTERRUPTED> {
    const { kv, pause, index } = this.builder;
    const entries: Indexed[] = [];
    let bytes = 0;
    let open = { from, items: 0, newest: 0 };
    const close = (end: string): void => {
      const signature = this.maker.take();
      bytes += signature.length;
      entries.push({ from: open.from, to: end, newest: open.newest, signature });
      open = { from: end, items: 0, newest: 0 };
    };
    for await (const page of readPages(kv, { from, to, limit: SEGMENTS_AT_ONCE })) {
      for (const { key, value } of page) {
        if (open.items >= ENTRY_ITEMS || this.maker.size >= ENTRY_GRAMS) {
          close(key);
          if (bytes >= enough) return { from, to: key, entries };
        }
        const items = unpackItems(value);
        open.items += items.length;
        for (const item of items) {
          if (!isMessage(item) || item.type !== 'text') continue;
          this.maker.add(normalizeText(item.content));
          open.newest = Math.max(open.newest, Number(item.id));
        }
      }
      await pause();
      if (index.searching > 0) {
        this.maker.take();
        return INTERRUPTED;
      }
    }
    close(to);
    return { from, to, entries };
  }

  /** @param changed the segments that changed since the entries were begun */
  private async store(indexed: Signed, changed: Iterable<string>): Promise<void> {
    const { index, kv } = this.builder;
    const before = index.shards;
    const writes: KvWrite[] = [];
    if (before.length === 0) {
      // Records of an index that is lost.
      writes.push({ op: 'deleteRange', ...prefixRange('i/') });
      index.marks.clear();
    }
    for (const covered of index.marks.ranges()) {
      // A mark before these segments is for others, too.
      if (indexed.from <= covered.from && overlap(covered, indexed))
        writes.push(...index.marks.indexed(covered, indexed.to));
    }
    const shards = divided(indexed);
    for (const shard of shards) writes.push({ op: 'put', key: KEYS.searchShard(shard.from), value: packShard(shard) });
    const isKnown = shards.length === 1 && rangeAt(before, indexed.from)?.to === indexed.to;
    index.place(indexed, shards);
    if (!isKnown) writes.push({ op: 'put', key: KEYS.searchShards, value: packShards(index.shards) });
    for (const segment of changed)
      if (rangeAt([indexed], segment)) writes.push(markAt(index.marks.note(segment).start));
    try {
      // What waits is stored with it: it was read.
      await kv.commit(writes, 'now');
    } catch (error) {
      index.doubt(before);
      throw error;
    }
  }
}

/** Whether there is more to read than a search reads in no time. */
const isWorthwhile = async (kv: KvReader): Promise<boolean> =>
  (await kv.range({ ...ALL_SEGMENTS, limit: ENOUGH_CHANGED })).length === ENOUGH_CHANGED;

/** The shards that hold these entries. */
function divided({ from, to, entries }: Signed): Shard[] {
  const total = entries.reduce((sum, { signature }) => sum + signature.length, 0);
  if (total <= MAX_SHARD_BYTES) return [{ from, to, entries }];
  const enough = total / Math.ceil(total / SHARD_BYTES);
  const shards: Shard[] = [];
  let [first, bytes] = [0, 0];
  for (const [index, { signature, to: end }] of entries.entries()) {
    bytes += signature.length;
    if (bytes < enough && index < entries.length - 1) continue;
    shards.push({ from: entries[first]!.from, to: end, entries: entries.slice(first, index + 1) });
    [first, bytes] = [index + 1, 0];
  }
  return shards;
}
