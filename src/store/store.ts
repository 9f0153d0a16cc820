import { FlooError } from '../errors.ts';
import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { NoticeMeta } from '../model/notice.ts';
import type { Clock, KvEntry, KvStore } from '../platform/ports.ts';
import { CommitQueue } from './commit-queue.ts';
import { StoreTransaction } from './transaction.ts';
import { createMessageQuery } from './message-query.ts';
import type { MessageQuery } from './message-query.ts';
import { readTail } from './message-reader.ts';
import { migrate } from './migrations.ts';
import type { Seed } from './migrations.ts';
import { KEYS, prefixRange } from './schema.ts';
import type { ConversationKey, OutboxEntry } from './schema.ts';
import { searchMessages } from './search.ts';
import type { SearchHit } from './search.ts';
import { createSearchTexts } from './search-texts.ts';
import { readBucket, tableRange } from './table.ts';
import { createWorkingSet } from './working-set.ts';
import type { WorkingSet } from './working-set.ts';
import { createWorkingSetReader } from './working-set-reader.ts';
import type { WorkingSetReader } from './working-set-reader.ts';
import { WriteBehind } from './write-behind.ts';
import type { When } from './write-behind.ts';

/** Conversations whose newest messages are read when the store opens. */
const WARM_CONVERSATIONS = 50;

/** One user's data: a database behind, a working set in front. */
export interface Store {
  /** What is visible without waiting. */
  readonly reader: WorkingSetReader;
  /** To be asked through {@link reader}. */
  readonly working: WorkingSet;
  /**
   * Changes the store: one task at a time, all of its changes in one batch, visible when they are stored.
   *
   * @param when `later`: visible at once, for what a run after a crash finds out again. `ahead`: stored before that, for what
   * does not build on it. Default: with all that waits.
   * @throws FlooError DbOperationFailed when the batch could not be stored; nothing changed then.
   */
  update<T>(task: (tx: StoreTransaction) => Promise<T> | T, when?: When): Promise<T>;
  readonly query: MessageQuery;
  /** See {@link searchMessages}. */
  search(text: string, keyStart: string, limit: number): Promise<SearchHit[]>;
  /** Brings a conversation's newest messages into memory. */
  warm(key: ConversationKey): Promise<void>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** What a new database begins with. */
  seed?: Seed | undefined;
  /** Without one what waits is stored with the next batch. */
  clock?: Clock | undefined;
}

/** @throws FlooError DbOperationFailed when the database cannot be read. */
export async function openStore(kv: KvStore, { seed, clock }: StoreOptions = {}): Promise<Store> {
  const working = createWorkingSet();
  const reading = migrate(kv, seed).then(() => readAll(kv, working));
  await reading.catch((error: unknown) => {
    throw FlooError.from(error, 'DbOperationFailed');
  });
  const behind = new WriteBehind(kv, clock);
  const texts = createSearchTexts(behind);
  const queue = new CommitQueue(
    async (batch, when) => {
      await behind.commit(batch, when);
      texts.stored(batch);
    },
    () => new StoreTransaction(behind, working),
  );
  return {
    reader: createWorkingSetReader(working),
    working,
    update: async (task, when) => queue.add(task, when),
    query: createMessageQuery(behind),
    search: async (text, keyStart, limit) => searchMessages(behind, texts, text, keyStart, limit),
    warm: async (key) => {
      // A draft that reads brings what it read into memory.
      await queue.add(async (tx) => tx.messages.newest(key), 'ahead');
    },
    close: async () => {
      await queue.add(() => undefined).catch(() => undefined);
      await kv.close();
    },
  };
}

async function readAll(kv: KvStore, working: WorkingSet): Promise<void> {
  const [conversations, outbox, users, groups, friends, joined, notices, lastMid] = await Promise.all([
    kv.range(tableRange('conversations')),
    kv.range(prefixRange('o/')),
    kv.range(tableRange('users')),
    kv.range(tableRange('groups')),
    kv.get(KEYS.friends),
    kv.get(KEYS.groups),
    kv.get(KEYS.notices),
    kv.get(KEYS.lastMid),
  ]);
  fill(working.conversations, conversations);
  fill(working.users, users);
  fill(working.groupInfos, groups);
  for (const { value } of outbox) working.outbox.set((value as OutboxEntry).mid, value as OutboxEntry);
  for (const id of (friends ?? []) as Id[]) working.friends.add(id);
  for (const id of (joined ?? []) as Id[]) working.groups.add(id);
  const recent = [...working.conversations]
    .sort(([, a], [, b]) => compareIds(b.newestId, a.newestId))
    .slice(0, WARM_CONVERSATIONS);
  // The most recent last: it is the last to leave the cache.
  const tails = await Promise.all(recent.reverse().map(async ([key]) => [key, await readTail(kv, key)] as const));
  for (const [key, tail] of tails) working.tails.set(key, tail);
  working.notices = (notices ?? []) as NoticeMeta[];
  working.lastMid = (lastMid ?? '0') as Id;
}

function fill<T>(table: Map<string, T>, buckets: readonly KvEntry[]): void {
  for (const { value } of buckets) for (const [key, record] of readBucket<T>(value)) table.set(key, record);
}
