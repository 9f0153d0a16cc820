import type { Clock, KvReader, KvWrite } from '../platform/ports.ts';
import { createPause } from '../util/slices.ts';
import { Timers } from '../util/timers.ts';
import { SearchBuilder } from './search-builder.ts';
import { createIdleWork } from './search-idle.ts';
import { SearchIndex } from './search-index.ts';
import type { SegmentChange } from './search-marks.ts';
import { ALL_SEGMENTS } from './search-shards.ts';
import { searchMessages } from './search.ts';
import type { SearchHit } from './search.ts';
import type { SegmentSource } from './segment-reader.ts';
import type { When, WriteBehind } from './write-behind.ts';

/** Whoever searches searches again soon: the shards stay in memory for so long. */
const KEEP_MS = 60_000;

/** Searches and the building of the index let others work after so many milliseconds. */
const SLICE_MS = { search: 16, build: 6 } as const;

interface MessageSearchDeps {
  kv: WriteBehind;
  /** Reads the same database. */
  reader: KvReader;
  segments: SegmentSource;
  /** Without a clock, the index is not built. */
  clock: Clock | undefined;
}

/** Searches in all stored messages, with an index that is kept up to date. */
export interface MessageSearch {
  /** See {@link searchMessages}. */
  find(wanted: string, keyStart: string, limit: number): Promise<SearchHit[]>;
  /** Stores a batch. @param store gets what belongs into it */
  storing(changes: readonly SegmentChange[], when: When, store: (marks: KvWrite[]) => Promise<void>): Promise<void>;
  /** Something that the user waits for is read: the index is built later. */
  noteRead(): void;
  /** The index is not built any further. */
  close(): Promise<void>;
}

export async function openMessageSearch({ kv, reader, segments, clock }: MessageSearchDeps): Promise<MessageSearch> {
  const [index, first] = await Promise.all([SearchIndex.open(reader), reader.range({ ...ALL_SEGMENTS, limit: 1 })]);
  const timers = clock && new Timers<'keep'>(clock);
  const pause = (sliceMs: number): (() => Promise<void>) =>
    clock ? createPause(clock, sliceMs) : async () => undefined;
  const builder = new SearchBuilder({ index, kv, pause: pause(SLICE_MS.build) });
  const idle = clock && createIdleWork(clock, async () => builder.step());
  // Earlier runs may have left something to do.
  if (first.length > 0) idle?.wake();
  return {
    find: async (wanted, keyStart, limit) => {
      try {
        return await searchMessages({ segments, index, pause: pause(SLICE_MS.search) }, wanted, keyStart, limit);
      } finally {
        timers?.set('keep', KEEP_MS, () => index.forgetShards());
      }
    },
    storing: async (changes, when, store) => {
      idle?.noteBusy();
      const { marks, end } = index.begin(changes, when);
      let isStored = false;
      try {
        await store(marks);
        isStored = true;
      } finally {
        end(isStored);
      }
      if (index.hasChangedEnough) idle?.wake();
    },
    noteRead: () => idle?.noteBusy(),
    close: async () => {
      timers?.clearAll();
      await idle?.close();
    },
  };
}
