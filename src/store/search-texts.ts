import type { KvWrite } from '../platform/ports.ts';
import { readPages } from './message-reader.ts';
import type { SegmentSource } from './message-reader.ts';
import { prefixRange } from './schema.ts';
import { searchText } from './search-text.ts';
import { unpackItems } from './segment-record.ts';

/** Above this many characters texts are read anew by each search. */
const MAX_CACHED = 16_000_000;

/** Read at once: the page must be able to do something else in between. */
const SEGMENTS_AT_ONCE = 64;

/** The text of each segment, see {@link searchText}, by the segment's key. */
type Texts = Map<string, string>;

/** The texts that searches look through. */
export interface SearchTexts {
  /** Those of the segments whose keys go on so after `s/`, ascending. */
  read(keyStart: string): Promise<[key: string, text: string][]>;
  /** To be told of every batch once it is stored. */
  stored(batch: readonly KvWrite[]): void;
}

/**
 * Takes the texts from the segments once, at the first search in everything, and keeps them up to date from then on: reading
 * is nearly all that a search takes. They are not stored beside the segments: every message would cost a second record.
 */
export function createSearchTexts(kv: SegmentSource): SearchTexts {
  let loading: Promise<Texts> | undefined;
  let isTooLarge = false;
  let texts: Texts | undefined;
  /** Batches stored while the texts are read. */
  let meanwhile: KvWrite[] = [];

  const load = async (): Promise<Texts> => {
    const loaded = await readTexts(kv, 's/');
    for (const write of meanwhile) apply(loaded, write);
    const size = [...loaded.values()].reduce((sum, text) => sum + text.length, 0);
    isTooLarge = size > MAX_CACHED;
    if (!isTooLarge) texts = loaded;
    return loaded;
  };

  return {
    read: async (keyStart) => {
      let found = texts;
      // One conversation has few; all of them, or those of all users or groups, are read once.
      if (!found && !isTooLarge && keyStart.length <= 1) {
        loading ??= load().finally(() => {
          loading = undefined;
          meanwhile = [];
        });
        found = await loading;
      }
      const prefix = `s/${keyStart}`;
      found ??= await readTexts(kv, prefix);
      return [...found].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
    },
    stored: (batch) => {
      if (loading) meanwhile.push(...batch);
      else if (texts) for (const write of batch) apply(texts, write);
    },
  };
}

async function readTexts(kv: SegmentSource, prefix: string): Promise<Texts> {
  const texts: Texts = new Map();
  const pages = readPages(kv, { ...prefixRange(prefix), limit: SEGMENTS_AT_ONCE });
  let reading = pages.next();
  for (;;) {
    const page = await reading;
    if (page.done) return texts;
    // While the database reads the next ones.
    reading = pages.next();
    for (const { key, value } of page.value) texts.set(key, searchText(unpackItems(value)));
  }
}

function apply(texts: Texts, write: KvWrite): void {
  if (write.op === 'deleteRange') {
    for (const key of texts.keys()) if (key >= write.from && key < write.to) texts.delete(key);
  } else if (!write.key.startsWith('s/')) return;
  else if (write.op === 'put') texts.set(write.key, searchText(unpackItems(write.value)));
  else texts.delete(write.key);
}
