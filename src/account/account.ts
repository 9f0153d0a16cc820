import type { Directory } from '../directory/directory.ts';
import type { GroupMembers } from '../directory/group-members.ts';
import { FlooError } from '../errors.ts';
import type { FileMessages } from '../files/file-messages.ts';
import type { DeviceNames } from '../model/device.ts';
import type { Id } from '../model/ids.ts';
import type { ConversationKey } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { SyncEngine } from '../sync/sync-engine.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import type { AccountExplanation } from './explain-account.ts';

/** What managers do with the traffic of an account. */
export type AccountSync = Pick<
  SyncEngine,
  'sendTyping' | 'sendSignal' | 'hurry' | 'serverNow' | 'requestHistory' | 'loadHistory'
> & {
  readonly commands: Pick<SyncEngine['commands'], 'send' | 'operate' | 'markPlayed' | 'markRead' | 'markUnread'>;
  readonly details: Pick<SyncEngine['details'], 'change'>;
  readonly conversations: Pick<SyncEngine['conversations'], 'saveDraft' | 'touch' | 'consumeMention' | 'remove'>;
  readonly cold: Pick<SyncEngine['cold'], 'warm'>;
};

/** One user's data and its traffic, from the moment the user is known until another one is. */
export interface Account {
  readonly uid: Id;
  readonly store: Pick<Store, 'isLoaded' | 'loaded' | 'reader' | 'query' | 'search'>;
  readonly device: { readonly names: DeviceNames };
  readonly sync: AccountSync;
  readonly directory: Pick<Directory, 'refresh' | 'refreshFriends' | 'refreshGroups' | 'fetchUsers' | 'fetchGroups'>;
  readonly members: GroupMembers;
  readonly files: Pick<FileMessages, 'send' | 'percentOf'>;
  /** Sends a message that failed again. @returns false when there is no such message */
  resend(mid: Id): boolean;
  /** Removes a message that failed or was not sent yet. @returns whether it was removed */
  discard(mid: Id): Promise<boolean>;
  /** False from the call of `close` on. Work that is still under way then emits nothing. */
  readonly isOpen: boolean;
  /** Another client of this device has taken over: the data is that client's. The next login reads it again. */
  readonly isTakenOver: boolean;
  /** Stores nothing and sends nothing any more, because another client of this device has taken over. */
  giveUp(reason: FlooError): void;
  /** What waits in it, and what it has in memory. */
  explain(): Promise<AccountExplanation>;
  /** The server accepted the session. */
  online(): void;
  /** The socket is lost. @param isTooBig - the server closed it because a frame was too big */
  offline(isTooBig: boolean): void;
  /** Resolves when every frame received so far is stored and its events are emitted. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Receives what happens in an open account. */
export interface AccountListener {
  /** @param isOfBatch - those who follow the store have these events with their batch */
  onSync(events: readonly SyncEvent[], account: Account, isOfBatch: boolean): void;
  /** The list of friends was fetched, or more is known of them. */
  onFriends(): void;
  /** The list of groups was fetched, or more is known of them. */
  onGroups(): void;
  /** The details of these users were fetched. */
  onUsers(ids: readonly Id[]): void;
  onStorageDegraded(error: FlooError): void;
  /** Old messages of these conversations were removed from this device to make room. */
  onStorageTrimmed(conversations: readonly ConversationKey[]): void;
  onProblem(error: FlooError): void;
}

/** Opens and removes the data of users; one account is open at a time. */
export interface Accounts {
  /** @throws FlooError DbOperationFailed when a newer release wrote the user's database */
  open(uid: Id): Promise<Account>;
  /**
   * Removes the data of a user whose account is closed.
   *
   * @throws FlooError DbOperationFailed
   */
  drop(uid: Id): Promise<void>;
}

/** The account of the user who is logged in, as managers need it. */
export interface AccountSource {
  /** The user whose data is open, also before the network answers; undefined when nobody is logged in. */
  current(): Account | undefined;
  /** The same, when the stored session counts: its user is known before the data is open. */
  resumed(): Promise<Account | undefined>;
}

/** @throws FlooError UserNotLogin when nobody is logged in */
export function mustAccount(source: AccountSource): Account {
  return mustExist(source.current());
}

/**
 * For calls that may wait. Deployed apps make them as soon as `isLogin()` is true.
 *
 * @throws FlooError UserNotLogin when nobody is logged in
 */
export async function mustResumedAccount(source: AccountSource): Promise<Account> {
  return mustExist(source.current() ?? (await source.resumed()));
}

function mustExist(account: Account | undefined): Account {
  if (!account) throw new FlooError('UserNotLogin', 'log in first');
  return account;
}
