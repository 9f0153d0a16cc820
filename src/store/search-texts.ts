import type { KvEntry, KvStore, KvWrite } from '../platform/ports.ts';
import { prefixRange } from './schema.ts';

/** Above this many characters texts are read anew by each search. */
const MAX_CACHED = 16_000_000;

/** The texts that searches look through. */
export interface SearchTexts {
  /** The records whose keys go on so after `t/`, ascending. */
  read(keyStart: string): Promise<KvEntry[]>;
  /** To be told of every batch once it is stored. */
  stored(batch: readonly KvWrite[]): void;
}

/**
 * Reads the texts from the database once, at the first search in everything, and keeps them up to date from then on: reading
 * is nearly all that a search takes.
 */
export function createSearchTexts(kv: Pick<KvStore, 'range'>): SearchTexts {
  let loading: Promise<void> | undefined;
  let isTooLarge = false;
  let texts: Map<string, string> | undefined;
  /** Batches stored while the texts are read. */
  let meanwhile: KvWrite[] = [];

  const load = async (): Promise<void> => {
    const entries = await kv.range(prefixRange('t/'));
    const size = entries.reduce((sum, { value }) => sum + (value as string).length, 0);
    isTooLarge = size > MAX_CACHED;
    if (isTooLarge) return;
    texts = new Map(entries.map(({ key, value }) => [key, value as string]));
    for (const write of meanwhile) apply(texts, write);
  };

  return {
    read: async (keyStart) => {
      // One conversation has few; all of them, or those of all users or groups, are read once.
      if (!texts && !isTooLarge && keyStart.length <= 1) {
        loading ??= load().finally(() => {
          loading = undefined;
          meanwhile = [];
        });
        await loading;
      }
      const range = prefixRange(`t/${keyStart}`);
      if (!texts) return kv.range(range);
      return [...texts]
        .filter(([key]) => key >= range.from && key < range.to)
        .map(([key, value]) => ({ key, value }))
        .sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    stored: (batch) => {
      if (loading) meanwhile.push(...batch);
      else if (texts) for (const write of batch) apply(texts, write);
    },
  };
}

function apply(texts: Map<string, string>, write: KvWrite): void {
  if (write.op === 'deleteRange') {
    for (const key of texts.keys()) if (key >= write.from && key < write.to) texts.delete(key);
  } else if (!write.key.startsWith('t/')) return;
  else if (write.op === 'put') texts.set(write.key, write.value as string);
  else texts.delete(write.key);
}
