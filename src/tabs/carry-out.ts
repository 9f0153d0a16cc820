import type { LocalAccount } from '../account/local-account.ts';
import type { Id } from '../model/ids.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import type { DispatchStore } from '../sync/commit.ts';
import type { ChangeCall, Request } from './calls.ts';

interface ChangeSetup {
  /** Names the call in the reports of its batch. */
  call: string;
  mids: readonly Id[];
  /** Its events that were emitted in this tab before. */
  emitted: readonly SyncEvent[];
  /** Makes further mids. */
  nextMid(): Id;
}

/**
 * Makes a change of another tab here.
 *
 * @returns a promise that resolves when it is stored
 * @throws FlooError as the command
 */
export async function carryOutChange(account: LocalAccount, change: ChangeCall, setup: ChangeSetup): Promise<void> {
  const made: Promise<unknown>[] = [];
  const { store } = account;
  const noting: DispatchStore = {
    get isLoaded() {
      return store.isLoaded;
    },
    reader: store.reader,
    change: (local, when) => {
      const { shown, stored } = store.change(local, when);
      made.push(stored);
      return { shown, stored };
    },
  };
  const mids = [...setup.mids];
  const next = (): Id => mids.shift() ?? setup.nextMid();
  const { call, emitted } = setup;
  make(account, change, account.sync.commandsOf({ call, emitted, store: noting, mids: { next } }));
  await Promise.all(made);
}

function make(
  account: LocalAccount,
  change: ChangeCall,
  { commands, conversations, details }: ReturnType<LocalAccount['sync']['commandsOf']>,
): void {
  switch (change.name) {
    case 'send':
      commands.send(change.key, change.message);
      return;
    case 'sendFile':
      account.files.send(change.key, change.message, change.file, commands);
      return;
    case 'operate':
      commands.operate(change.type, change.key, change.mid, change.text);
      return;
    case 'markPlayed':
      commands.markPlayed(change.key, change.mid);
      return;
    case 'markUnread':
      commands.markUnread(change.key, change.mid);
      return;
    case 'markRead':
      void commands.markRead(change.key, change.only, change.known);
      return;
    case 'saveDraft':
      return conversations.saveDraft(change.key, change.typed, change.time);
    case 'touch':
      return conversations.touch(change.key, change.time);
    case 'consumeMention':
      return conversations.consumeMention(change.key);
    case 'removeConversations':
      return conversations.remove(change.keys, change.everywhere, change.known);
    case 'changeDetails':
      return details.change(change.change);
    case 'resend':
      account.resend(change.mid);
      return;
    default:
      return change satisfies never;
  }
}

/** Carries out a request of another tab. @returns a promise of plain data */
export async function carryOutRequest(account: LocalAccount, request: Request): Promise<unknown> {
  const { store, sync, directory } = account;
  switch (request.name) {
    case 'before':
    case 'after':
      return store.query[request.name](request.key, request.id, request.limit, request.type);
    case 'message':
      return store.query.message(request.key, request.id);
    case 'count':
      return store.query.count(request.key, request.type);
    case 'search':
      return store.search(request.text, request.keyStart, request.limit);
    case 'tail':
      await store.warm(request.key);
      return store.records.tails.get(request.key);
    case 'loadHistory':
      return sync.loadHistory(request.queue, request.before, request.amount);
    case 'requestHistory':
      sync.requestHistory(request.queue, request.before, request.amount);
      return undefined;
    case 'typing':
      sync.sendTyping(request.to, request.status, request.mid);
      return undefined;
    case 'signal':
      return sync.sendSignal(request.signal, request.mid);
    case 'discard':
      return account.discard(request.mid);
    case 'explain':
      return account.explain();
    case 'refresh':
      return directory.refresh();
    case 'refreshFriends':
      return directory.refreshFriends();
    case 'refreshGroups':
      return directory.refreshGroups();
    case 'fetchUsers':
      return directory.fetchUsers(request.ids, request.refetch);
    case 'fetchGroups':
      return directory.fetchGroups(request.ids, request.refetch);
    default:
      return request satisfies never;
  }
}
