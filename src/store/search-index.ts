import type { KvReader, KvWrite } from '../platform/ports.ts';
import { createTurns } from '../util/turns.ts';
import { KEYS, prefixRange } from './schema.ts';
import { markAt, SearchMarks, segmentOf } from './search-marks.ts';
import type { SegmentChange } from './search-marks.ts';
import { clipped, gapsIn, rangeAt, rangesIn, unpackShard, unpackShards, withShards } from './search-shards.ts';
import type { Indexed, KeyRange, Shard, Shards } from './search-shards.ts';
import { mayMatch } from './search-signature.ts';
import type { SignatureQuery } from './search-signature.ts';
import type { When } from './write-behind.ts';

/** How many shards are read at once. */
const SHARDS_AT_ONCE = 32;

/** So many bytes of signatures stay in memory for the next search: those of more than a million messages. */
const KEPT_BYTES = 24 * 2 ** 20;

/** So many changed segments are worth an update of the index. Until then searches read them. */
export const ENOUGH_CHANGED = 64;

/** Where terms may occur. */
export interface Places {
  /** What is not in the index. */
  unknown: KeyRange[];
  /** What may match, as the index has it. */
  candidates: Indexed[];
}

/** The segments that were changed, or were being changed, since a watch began. */
export interface Watch {
  readonly segments: Iterable<string>;
  end(): void;
}

/**
 * Which segments may have a text with some terms. Those that are indexed have signatures, in shards (search-shards.ts); those
 * that changed since have marks (search-marks.ts). Every batch that changes segments passes {@link begin}.
 */
export class SearchIndex {
  private readonly kv: KvReader;
  readonly marks = new SearchMarks();
  /** Searches look for shards one after another, and the index is built in between: see search-builder.ts. */
  readonly inTurn = createTurns();
  /** How many searches wait for their turn, or have it. */
  searching = 0;
  private ranges: Shards;
  private marksRead: Promise<void> | undefined;
  /** Nobody knows what is stored of the index: every change gets a mark. */
  private isUncertain = false;
  /** The segments of the batch that is being stored. */
  private storing: readonly string[] = [];
  private readonly watches = new Set<Set<string>>();
  /** Segments that changed lately, up to {@link ENOUGH_CHANGED}. */
  private readonly changed = new Set<string>();
  private readonly kept = new Map<string, Shard>();
  private keptBytes = 0;

  private constructor(kv: KvReader, ranges: Shards) {
    this.kv = kv;
    this.ranges = ranges;
  }

  static async open(kv: KvReader): Promise<SearchIndex> {
    return new SearchIndex(kv, unpackShards(await kv.get(KEYS.searchShards)));
  }

  get shards(): Shards {
    return this.ranges;
  }

  /**
   * A batch is about to be stored.
   *
   * @returns the marks that belong into it, and what to call when it is stored or refused
   */
  begin(changes: readonly SegmentChange[], when: When): { marks: KvWrite[]; end(isStored: boolean): void } {
    const segments = changes.map(segmentOf);
    const added: string[] = [];
    const starts = new Set<string>();
    for (const segment of segments) {
      if (this.changed.size < ENOUGH_CHANGED) this.changed.add(segment);
      if (!this.isUncertain && !rangeAt(this.ranges, segment)) continue;
      const { start, isNew } = this.marks.note(segment);
      if (isNew) added.push(start);
      // A batch that goes ahead may pass the one that has the mark.
      if (isNew || when === 'ahead') starts.add(start);
    }
    this.storing = segments;
    this.notify();
    return {
      marks: [...starts].map(markAt),
      end: (isStored) => {
        this.notify();
        this.storing = [];
        if (!isStored) for (const start of added) this.marks.remove(start);
      },
    };
  }

  private notify(): void {
    for (const seen of this.watches) for (const segment of this.storing) seen.add(segment);
  }

  watch(): Watch {
    const seen = new Set(this.storing);
    this.watches.add(seen);
    return { segments: seen, end: () => void this.watches.delete(seen) };
  }

  /** Whether enough segments changed since {@link forgetChanged}. */
  get hasChangedEnough(): boolean {
    return this.changed.size >= ENOUGH_CHANGED;
  }

  forgetChanged(): void {
    this.changed.clear();
  }

  /** The shards of a range are others now. */
  place(within: KeyRange, placed: Shards): void {
    for (const { from } of rangesIn(this.ranges, within)) this.drop(from);
    this.ranges = withShards(this.ranges, within, placed);
  }

  /** A change of the index may be stored, or not. @param ranges the shards before it */
  doubt(ranges: Shards): void {
    this.isUncertain = true;
    this.ranges = ranges;
    this.forgetShards();
    // Marks that are still there are found again.
    this.marksRead = undefined;
  }

  /** Reads the marks of earlier runs, once. */
  async readMarks(): Promise<void> {
    this.marksRead ??= this.kv.range(prefixRange(KEYS.searchMark('s/'))).then((entries) => {
      for (const { key } of entries) this.marks.found(key);
    });
    await this.marksRead.catch((error: unknown) => {
      this.marksRead = undefined;
      throw error;
    });
  }

  /** The places in a range of segments where all terms of a query may occur. */
  async places(within: KeyRange, query: SignatureQuery): Promise<Places> {
    await this.readMarks();
    const marked = this.marks.ranges();
    const unknown = gapsIn(this.ranges, within);
    const candidates: Indexed[] = [];
    await this.eachShard(rangesIn(this.ranges, within), (range, shard) => {
      if (!shard) unknown.push(clipped(range, within));
      for (const entry of shard ? rangesIn(shard.entries, within) : []) {
        if (rangesIn(marked, entry).length > 0) unknown.push(clipped(entry, within));
        else if (mayMatch(entry.signature, query)) candidates.push({ ...entry, ...clipped(entry, within) });
      }
    });
    return { unknown, candidates };
  }

  /** One shard; undefined when it is lost. */
  async shard(range: KeyRange): Promise<Shard | undefined> {
    let found: Shard | undefined;
    await this.eachShard([range], (_range, shard) => (found = shard));
    return found;
  }

  /** @param look called with each range and its shard, which is undefined when it is lost */
  private async eachShard(
    ranges: readonly KeyRange[],
    look: (range: KeyRange, shard: Shard | undefined) => void,
  ): Promise<void> {
    const groups: (readonly KeyRange[])[] = [];
    for (let at = 0; at < ranges.length; at += SHARDS_AT_ONCE) groups.push(ranges.slice(at, at + SHARDS_AT_ONCE));
    let reading = this.readShards(groups[0]);
    for (const [index, group] of groups.entries()) {
      const shards = await reading;
      // The database reads the next ones meanwhile.
      reading = this.readShards(groups[index + 1]);
      for (const [at, range] of group.entries()) {
        const shard = shards[at];
        look(range, shard);
        if (shard) this.keep(shard);
        // What it covers is not indexed any more, until it is built again.
        else this.place(range, []);
      }
    }
  }

  private async readShards(ranges: readonly KeyRange[] = []): Promise<(Shard | undefined)[]> {
    return Promise.all(
      ranges.map(
        async (range) =>
          this.kept.get(range.from) ?? unpackShard(await this.kv.get(KEYS.searchShard(range.from)), range),
      ),
    );
  }

  private keep(shard: Shard): void {
    const bytes = bytesOf(shard);
    if (this.kept.has(shard.from) || this.keptBytes + bytes > KEPT_BYTES) return;
    this.kept.set(shard.from, shard);
    this.keptBytes += bytes;
  }

  private drop(from: string): void {
    const shard = this.kept.get(from);
    if (!shard) return;
    this.kept.delete(from);
    this.keptBytes -= bytesOf(shard);
  }

  /** Frees the memory of the shards that were read. */
  forgetShards(): void {
    this.kept.clear();
    this.keptBytes = 0;
  }
}

const bytesOf = ({ entries }: Shard): number => entries.reduce((sum, { signature }) => sum + signature.length, 0);
