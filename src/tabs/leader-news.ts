import type { Account, AccountListener } from '../account/account.ts';
import { GUARD_ERROR } from '../store/claimed-kv.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import type { News } from './messages.ts';
import { packError, packEvents } from './packing.ts';

interface SharingDeps {
  /** Of this tab. */
  listener: AccountListener;
  /** The account that listeners see, whichever tab leads. */
  account: Account;
  /** Whether no other tab emits this event here: none leads, or this one led when it became visible. */
  isOwn(event: SyncEvent): boolean;
  shareNews(news: News): void;
  /** The database has another writer. */
  onDeposed(): void;
}

/** Takes what happens in the account of the leading tab to all tabs. The events of batches are in the others with their batch. */
export function sharingListener({ listener, account, shareNews, isOwn, onDeposed }: SharingDeps): AccountListener {
  return {
    onSync: (given, _local, isOfBatch) => {
      if (given.some(isRefused)) onDeposed();
      const events = given.filter((event) => !isRefused(event) && isOwn(event));
      if (events.length === 0) return;
      if (!isOfBatch) shareNews({ type: 'events', events: packEvents(events) });
      listener.onSync(events, account, isOfBatch);
    },
    onFriends: () => {
      shareNews({ type: 'friends' });
      listener.onFriends();
    },
    onGroups: () => {
      shareNews({ type: 'groups' });
      listener.onGroups();
    },
    onUsers: (ids) => {
      shareNews({ type: 'users', ids });
      listener.onUsers(ids);
    },
    onStorageDegraded: (error) => {
      shareNews({ type: 'degraded', error: packError(error) });
      listener.onStorageDegraded(error);
    },
    onStorageTrimmed: (conversations) => {
      shareNews({ type: 'trimmed', conversations });
      listener.onStorageTrimmed(conversations);
    },
    onProblem: (error) => {
      shareNews({ type: 'problem', error: packError(error) });
      listener.onProblem(error);
    },
  };
}

const isRefused = (event: SyncEvent): boolean => 'error' in event && isOfOtherWriter(event.error);

/** A batch was refused because another tab writes. It leads now and gets what was in the batch itself. */
export const isOfOtherWriter = (error: unknown): boolean =>
  [error, (error as { cause?: unknown }).cause].some((each) => (each as Error | undefined)?.name === GUARD_ERROR);
