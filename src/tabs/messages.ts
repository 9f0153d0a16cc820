import type { DeviceNames } from '../model/device.ts';
import type { Id } from '../model/ids.ts';
import type { FileBody } from '../platform/ports.ts';
import type { Identity } from '../session/identity.ts';
import type { ConversationKey } from '../store/schema.ts';
import type { Tail } from '../store/segments.ts';
import type { StoreChanges } from '../store/store-changes.ts';
import type { SentCall } from './calls.ts';
import type { PackedError, PackedEvent, PackedState } from './packing.ts';

/**
 * The version of these messages, and of what leading tabs store for others. Tabs of different versions do not follow each other:
 * the newer takes over, and the older ones end their sessions (see tab-group.ts). So it changes with the meaning of anything
 * here, and with the schema of the database.
 */
export const TABS_PROTOCOL = 1;

/** Names a tab: a random text. */
export type TabId = string;

/** What a tab has that wants to follow. */
export interface TabState {
  /** See `welcome`. */
  readonly lane: number;
  /** The last batch whose events it has emitted; absent in a new tab. */
  readonly lastBatch: number | undefined;
}

/** To all tabs of an account. */
export type GroupMessage =
  /** A tab wants to follow. */
  | { readonly type: 'hello'; readonly from: TabId; readonly protocol: number; readonly tab: TabState }
  /** A tab leads from now on. `stored`: the number of the last batch in the database. */
  | { readonly type: 'lead'; readonly from: TabId; readonly protocol: number; readonly stored: number };

/** A batch of the leading tab. */
export interface SharedBatch {
  /** Counts the batches that are stored, over all leading tabs. */
  readonly number: number;
  readonly changes: StoreChanges;
  readonly reports: readonly PackedReport[];
}

export interface PackedReport {
  readonly events: readonly PackedEvent[];
  readonly call?: string | undefined;
}

/** What a stored batch has said. */
export interface LoggedReports {
  readonly number: number;
  readonly reports: readonly PackedReport[];
}

/** What happens in the account beside its batches. */
export type News =
  | { readonly type: 'events'; readonly events: readonly PackedEvent[] }
  | { readonly type: 'friends' | 'groups' }
  | { readonly type: 'users'; readonly ids: readonly Id[] }
  | { readonly type: 'degraded' | 'problem'; readonly error: PackedError }
  | { readonly type: 'trimmed'; readonly conversations: readonly ConversationKey[] };

/** From the leading tab to one that follows. */
export type LeaderMessage =
  | {
      readonly type: 'welcome';
      readonly protocol: number;
      /** Distinguishes the client mids of tabs. */
      readonly lane: number;
      /** The last batch that is in the records. */
      readonly stored: number;
      /** The batches whose events the tab has missed; undefined when they are not known. */
      readonly missed: readonly LoggedReports[] | undefined;
      /** The batch that is being stored. */
      readonly storing: SharedBatch | undefined;
      readonly device: DeviceNames;
      readonly aheadMs: number;
      readonly uploads: readonly (readonly [Id, number])[];
    }
  /** Some of the records, the newest conversations first. With the first the tab can begin, with the last it knows everything. */
  | { readonly type: 'records'; readonly changes: StoreChanges; readonly isFirst: boolean; readonly isLast: boolean }
  | { readonly type: 'tails'; readonly tails: readonly (readonly [ConversationKey, Tail])[] }
  | { readonly type: 'batch'; readonly batch: SharedBatch }
  | { readonly type: 'stored' | 'refused' }
  | { readonly type: 'news'; readonly news: News }
  | { readonly type: 'state'; readonly state: PackedState }
  | { readonly type: 'reply'; readonly number: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly number: number; readonly error: PackedError }
  | { readonly type: 'pong' };

/** From a tab that follows to the one that leads. */
export type FollowerMessage =
  | { readonly type: 'call'; readonly call: SentCall }
  /** The tab wants to be online. @see SharedConnection */
  | { readonly type: 'want'; readonly identity: Identity; readonly eager: boolean }
  | { readonly type: 'unwant' }
  | { readonly type: 'end'; readonly cause: PackedError }
  /** A file whose upload goes on in the leading tab. */
  | { readonly type: 'file'; readonly mid: Id; readonly file: FileBody }
  | { readonly type: 'ping' }
  /** The page came to the foreground or got a network. */
  | { readonly type: 'wake'; readonly cause: 'show' | 'online' }
  /** The tab is frozen from now on. */
  | { readonly type: 'away' }
  | { readonly type: 'bye' };

/** To one tab. */
export interface DirectMessage {
  readonly from: TabId;
  readonly message: LeaderMessage | FollowerMessage;
}
