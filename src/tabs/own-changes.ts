import type { Account } from '../account/account.ts';
import type { Id } from '../model/ids.ts';
import type { FileBody } from '../platform/ports.ts';
import type { Store } from '../store/store.ts';
import type { DispatchStore } from '../sync/commit.ts';
import { newestKnown } from '../sync/conversation-rules.ts';
import type { SyncEngine } from '../sync/sync-engine.ts';
import type { TabCalls } from './tab-calls.ts';

type Sync = Account['sync'];
type MadeBy = Pick<SyncEngine, 'commands' | 'conversations' | 'details'>;

interface OwnChangesDeps {
  calls: TabCalls;
  store: Pick<DispatchStore, 'reader' | 'isLoaded'>;
  /** The commands that make the changes of a call in this tab. */
  make(call: string): MadeBy;
  /** Sends a message with a file by these commands. */
  sendFile(file: FileBody, commands: MadeBy['commands'], ...message: Parameters<Sync['commands']['send']>): Id;
}

/** The parts of an account by which the user changes something. */
type OwnChanges = Pick<Sync, 'commands' | 'conversations' | 'details'> & Pick<Account['files'], 'send'>;

/** The user's changes in this tab: each is a call with all that it depends on, so that any tab can carry it out. */
export function ownChanges({ calls, store, make, sendFile }: OwnChangesDeps): OwnChanges {
  return {
    send: (key, message, file) =>
      calls.change({ name: 'sendFile', key, message, file }, (call) =>
        sendFile(file, make(call).commands, key, message),
      ),
    commands: {
      send: (key, message) =>
        calls.change({ name: 'send', key, message }, (call) => make(call).commands.send(key, message)),
      operate: (type, key, mid, text) =>
        calls.change({ name: 'operate', type, key, mid, text }, (call) =>
          make(call).commands.operate(type, key, mid, text),
        ),
      markPlayed: (key, mid) =>
        calls.change({ name: 'markPlayed', key, mid }, (call) => make(call).commands.markPlayed(key, mid)),
      markRead: async (key, only) => {
        const known = newestKnown(store, key);
        return calls.change({ name: 'markRead', key, only, known }, async (call) =>
          make(call).commands.markRead(key, only, known),
        );
      },
      markUnread: (key, mid) =>
        calls.change({ name: 'markUnread', key, mid }, (call) => make(call).commands.markUnread(key, mid)),
    },
    conversations: {
      saveDraft: (key, typed, time) =>
        calls.change({ name: 'saveDraft', key, typed, time }, (call) =>
          make(call).conversations.saveDraft(key, typed, time),
        ),
      touch: (key, time) =>
        calls.change({ name: 'touch', key, time }, (call) => make(call).conversations.touch(key, time)),
      consumeMention: (key) =>
        calls.change({ name: 'consumeMention', key }, (call) => make(call).conversations.consumeMention(key)),
      remove: (keys, everywhere) => {
        const known = keys.map((key) => newestKnown(store, key));
        return calls.change({ name: 'removeConversations', keys, everywhere, known }, (call) =>
          make(call).conversations.remove(keys, everywhere, known),
        );
      },
    },
    details: {
      change: (change) => calls.change({ name: 'changeDetails', change }, (call) => make(call).details.change(change)),
    },
  };
}

/** The store of the leading tab. A change of its user stays a call until it is stored. @param isOver another tab leads */
export const notedStore = (store: Store, calls: TabCalls, isOver: () => boolean): DispatchStore => ({
  get isLoaded() {
    return store.isLoaded;
  },
  reader: store.reader,
  change: (change, when) => {
    const made = store.change(change, when);
    calls.noteLocal(change, made, isOver);
    return made;
  },
});
