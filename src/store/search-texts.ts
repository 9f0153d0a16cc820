import type { KvEntry, KvStore, KvWrite } from '../platform/ports.ts';
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
export function createSearchTexts(kv: Pick<KvStore, 'range'>): SearchTexts {
  let loading: Promise<Texts> | undefined;
  let isTooLarge = false;
  let texts: Texts | undefined;
  /** Batches stored while the texts are read. */
  let meanwhile: KvWrite[] = [];

  const load = async (): Promise<Texts> => {
    const loaded = await readTexts(kv, '');
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
      found ??= await readTexts(kv, keyStart);
      const { from, to } = prefixRange(`s/${keyStart}`);
      return [...found].filter(([key]) => key >= from && key < to).sort(([a], [b]) => (a < b ? -1 : 1));
    },
    stored: (batch) => {
      if (loading) meanwhile.push(...batch);
      else if (texts) for (const write of batch) apply(texts, write);
    },
  };
}

async function readTexts(kv: Pick<KvStore, 'range'>, keyStart: string): Promise<Texts> {
  const texts: Texts = new Map();
  const { from, to } = prefixRange(`s/${keyStart}`);
  const read = async (start: string): Promise<KvEntry[]> => kv.range({ from: start, to, limit: SEGMENTS_AT_ONCE });
  let reading: Promise<KvEntry[]> | undefined = read(from);
  while (reading) {
    const segments: KvEntry[] = await reading;
    // While the database reads the next ones.
    reading = segments.length < SEGMENTS_AT_ONCE ? undefined : read(`${segments[segments.length - 1]!.key}\0`);
    for (const { key, value } of segments) texts.set(key, searchText(unpackItems(value)));
  }
  return texts;
}

function apply(texts: Texts, write: KvWrite): void {
  if (write.op === 'deleteRange') {
    for (const key of texts.keys()) if (key >= write.from && key < write.to) texts.delete(key);
  } else if (!write.key.startsWith('s/')) return;
  else if (write.op === 'put') texts.set(write.key, searchText(unpackItems(write.value)));
  else texts.delete(write.key);
}
