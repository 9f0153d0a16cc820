import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { peerIdOf } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import { clearConversation } from './clear-conversation.ts';
import type { ClientMids } from './client-mid.ts';
import { dispatchOrReport } from './commit.ts';
import type { DispatchDeps } from './commit.ts';
import { conversationEntry } from './outgoing.ts';
import type { SyncEvent } from './sync-events.ts';

interface ConversationCommandDeps extends DispatchDeps {
  clock: Clock;
  mids: ClientMids;
  self: Id;
  deviceSN(): number;
}

/** The app's commands for its conversation list. */
export class ConversationCommands {
  private readonly deps: ConversationCommandDeps;

  constructor(deps: ConversationCommandDeps) {
    this.deps = deps;
  }

  /** Stores the text that is being typed; a blank one is removed. @param time - ms since 1970; default: now */
  saveDraft(key: ConversationKey, text: string, time?: number): void {
    const draftTimestamp = time ?? this.deps.clock.now();
    void dispatchOrReport(this.deps, (tx) => {
      const old = tx.conversation(key)?.draft ?? '';
      if (text.trim() === '') return old === '' ? [] : list(tx, key, { draft: '', draftTimestamp: '' });
      if (text === old && time === undefined) return [];
      return list(tx, key, { draft: text, draftTimestamp, listed: true });
    });
  }

  /** Moves a conversation to the top of the list. @param time - ms since 1970; default: now */
  touch(key: ConversationKey, time?: number): void {
    const timestamp = String(time ?? this.deps.clock.now());
    void dispatchOrReport(this.deps, (tx) => list(tx, key, { timestamp, listed: true }));
  }

  /**
   * Removes conversations, here at once.
   *
   * @param keys - of one id: the user's conversation, the group's, or both
   * @param everywhere - on all devices of the user, or on this one only
   */
  remove(keys: readonly ConversationKey[], everywhere: boolean): void {
    const { store, mids, clock, self, deviceSN } = this.deps;
    const xid = { uid: peerIdOf(keys[0]!), deviceSN: deviceSN() };
    const entry = conversationEntry(mids.next(), keys[0]!, everywhere, xid, clock.now());
    void dispatchOrReport(this.deps, async (tx, put) => {
      const events: SyncEvent[] = [];
      for (const key of keys) {
        const changed = await clearConversation(tx, key, tx.conversation(key)?.newestId ?? '0', self);
        events.push({ type: 'conversation-deleted', key, source: 'user_operation' });
        if (changed) events.push({ type: 'unread', key }, { type: 'list' });
      }
      // Failed messages of the conversations are removed with them.
      for (const { mid, conversation, state } of store.reader.outbox()) {
        if (state === 'failed' && keys.includes(conversation)) tx.deleteOutbox(mid);
      }
      put(entry);
      return events;
    });
  }
}

function list(
  tx: StoreTransaction,
  key: ConversationKey,
  change: Parameters<StoreTransaction['updateConversation']>[1],
): SyncEvent[] {
  return tx.updateConversation(key, change) ? [{ type: 'list' }] : [];
}
