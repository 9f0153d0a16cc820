import type { KvValue } from '../platform/ports.ts';
import type { StoreChanges } from './store-changes.ts';
import type { Tail } from './segments.ts';
import type { ConversationKey } from './schema.ts';
import type { WorkingSet } from './working-set.ts';

/** A batch as those get it who follow the store. */
export interface FollowedBatch {
  readonly changes: StoreChanges;
  /** What its tasks said, see `StoreTransaction.report`. */
  readonly reports: readonly unknown[];
}

/** Follows the batches of a store. */
export interface StoreFollower {
  /** Whether what is visible must be in the database: each batch is stored before it is visible then. */
  readonly isStrict: boolean;
  /** The store opens. @param followed - what was stored with the last batch for a follower; of a database, so it may be anything */
  onOpen(followed: unknown): void;
  /** A batch is about to be stored. @returns what is stored with it under `KEYS.followed`; undefined for nothing */
  onBatch(batch: FollowedBatch): KvValue | undefined;
  /** It is stored, and visible. */
  onStored(): void;
  /** It could not be stored. */
  onRefused(): void;
}

/** What a follower needs to begin: a view of the working set that must not be changed. */
export type FollowedRecords = Pick<
  WorkingSet,
  | 'conversations'
  | 'users'
  | 'groups'
  | 'outbox'
  | 'lists'
  | 'notices'
  | 'lastMid'
  | 'device'
  | 'firstCatchUp'
  | 'digest'
> & {
  readonly tails: { entries(): Iterable<[ConversationKey, Tail]>; get(key: ConversationKey): Tail | undefined };
};
