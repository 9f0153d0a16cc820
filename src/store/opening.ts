import { compareIds } from '../model/ids.ts';
import type { Clock, KvStore } from '../platform/ports.ts';
import { migrate } from './migrations.ts';
import type { FirstRecords } from './migrations.ts';
import { bucketsToReadFirst, NewestBuckets } from './newest-buckets.ts';
import { readStored, toChanges } from './record-codec.ts';
import { repaired } from './repair.ts';
import { KEYS } from './schema.ts';
import { readTail, segmentsIn } from './segment-reader.ts';
import { StoredTables } from './stored-tables.ts';
import { createWorkingSet } from './working-set.ts';
import type { WorkingSet } from './working-set.ts';

/** Conversations whose newest messages are read when the store opens. */
const WARM_CONVERSATIONS = 50;

/** What of a database is in memory when its store opens: everything, or of a big one what the user sees first. */
interface Opening {
  readonly working: WorkingSet;
  readonly newest: NewestBuckets;
  /**
   * Reads the rest; undefined when there is none.
   *
   * @param mustGoOn throws to end this
   */
  readonly readRest: ((clock: Clock | undefined, mustGoOn: () => void) => Promise<void>) | undefined;
}

/** Where damage is reported. */
interface DamageListener {
  /** A segment lost items. */
  onSegment(key: string): void;
  /** Records were lost and repaired. */
  onRecords(keys: readonly string[]): void;
}

/** Brings a database to this version and reads it, in one step or the first of two. */
export async function openWorkingSet(
  kv: KvStore,
  first: FirstRecords | undefined,
  damage: DamageListener,
): Promise<Opening> {
  const [hint] = await Promise.all([kv.get(KEYS.newest), migrate(kv, first)]);
  const working = createWorkingSet();
  const tables = new StoredTables(kv, working);
  const newest = bucketsToReadFirst(hint);
  const reading = newest ? tables.readSome(newest) : tables.readAll();
  const { records, damaged } = await repaired(kv, (await Promise.all([readStored(kv), reading]))[0]);
  working.apply(toChanges(records));
  damage.onRecords([...damaged, ...(newest ? [] : await tables.repair())]);
  await readTails(kv, working, damage);
  const readRest = async (clock: Clock | undefined, mustGoOn: () => void): Promise<void> => {
    await tables.readRest(clock, mustGoOn);
    damage.onRecords(await tables.repair());
  };
  return { working, newest: new NewestBuckets(working, hint), readRest: newest && readRest };
}

async function readTails(kv: KvStore, working: WorkingSet, damage: DamageListener): Promise<void> {
  const recent = [...working.conversations]
    .sort(([, a], [, b]) => compareIds(b.newestId, a.newestId))
    .slice(0, WARM_CONVERSATIONS);
  // The most recent conversation goes in last, so that it is the last to leave the cache.
  const segments = segmentsIn(kv, (key) => damage.onSegment(key));
  const tails = await Promise.all(recent.reverse().map(async ([key]) => [key, await readTail(segments, key)] as const));
  for (const [key, tail] of tails) working.tails.add(key, tail);
}
