import type { KvValue, KvWrite } from '../platform/ports.ts';
import { isText } from './record-shapes.ts';
import { isGroupKey, KEYS, peerIdOf } from './schema.ts';
import { bucketKey, TABLES } from './table.ts';
import type { TableName } from './table.ts';
import type { WorkingSet } from './working-set.ts';

/** A store with more records than this opens in two steps. Up to this all of them are read in some milliseconds. */
const MANY_RECORDS = 2000;

/** Batches between two looks at which buckets are the newest: a start with older ones shows the rest a moment later. */
const BATCHES = 32;

/**
 * Names, in a record of the database, the buckets with the newest conversations and their users and groups, so that the next
 * start of a big store can read these first. It is a hint: it may be old, and name buckets that are no more.
 */
export class NewestBuckets {
  private readonly working: WorkingSet;
  private stored: string;
  private batches = BATCHES;

  /** @param stored what the database has */
  constructor(working: WorkingSet, stored: KvValue) {
    this.working = working;
    this.stored = JSON.stringify(stored);
  }

  /** What to store with a batch. @param isLast no batch comes after it */
  writes(isLast: boolean): KvWrite[] {
    if (++this.batches < BATCHES && !isLast) return [];
    this.batches = 0;
    const { conversations, users, groups } = this.working;
    if (conversations.size + users.size + groups.size <= MANY_RECORDS) return [];
    const value = this.keys();
    const text = JSON.stringify(value);
    if (text === this.stored) return [];
    this.stored = text;
    return [{ op: 'put', key: KEYS.newest, value }];
  }

  private keys(): string[] {
    const { digest, indexes } = this.working;
    const newest = digest.newest();
    const records: Record<TableName, string[]> = { conversations: newest, users: [], groups: [] };
    for (const key of newest) records[isGroupKey(key) ? 'groups' : 'users'].push(peerIdOf(key));
    const keys: string[] = [];
    for (const table of TABLES)
      for (const name of indexes[table].names(records[table])) keys.push(bucketKey(table, name));
    return keys.sort();
  }
}

/** The keys of the buckets that are read first; undefined when everything is. */
export function bucketsToReadFirst(stored: KvValue): readonly string[] | undefined {
  if (!Array.isArray(stored) || !stored.every(isText)) return undefined;
  return stored.filter((key) => TABLES.some((table) => key.startsWith(bucketKey(table, ''))));
}
