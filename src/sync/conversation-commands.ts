import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { peerIdOf } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import { clearConversationAtHand } from './clear-conversation.ts';
import type { ClientMids } from './client-mid.ts';
import { dispatchOrReport } from './commit.ts';
import type { DispatchDeps, DispatchTask } from './commit.ts';
import { newestKnown, topOfList } from './conversation-rules.ts';
import { conversationEntry } from './outgoing.ts';
import type { ServerTime } from './server-time.ts';
import type { SyncEvent } from './sync-events.ts';
import { toWellFormed } from '../util/well-formed.ts';

interface ConversationCommandDeps extends DispatchDeps {
  clock: Clock;
  time: ServerTime;
  mids: Pick<ClientMids, 'next'>;
  self: Id;
  deviceSN(): number;
}

/** The app's commands for its conversation list. */
export class ConversationCommands {
  private readonly deps: ConversationCommandDeps;

  constructor(deps: ConversationCommandDeps) {
    this.deps = deps;
  }

  /**
   * Saves the text that is being typed, and moves the conversation to the top. A blank text removes the draft.
   *
   * @param time - of the draft, ms since 1970; default: now
   */
  saveDraft(key: ConversationKey, typed: string, time?: number): void {
    const text = toWellFormed(typed);
    const now = this.deps.time.now();
    void dispatchOrReport(this.deps, (tx) => {
      const touchedAt = topOfList(tx, now);
      const old = tx.conversation(key)?.draft ?? '';
      if (text.trim() === '') return old === '' ? [] : list(tx, key, { draft: '', draftTimestamp: '' });
      if (text === old && time === undefined) return [];
      return list(tx, key, { draft: text, draftTimestamp: time ?? touchedAt, touchedAt, listed: true });
    });
  }

  /**
   * Moves a conversation to the top of the list.
   *
   * @param time - of the conversation, ms since 1970; default: that of its last message, or now when it has none. An earlier
   *   time than that is left out.
   */
  touch(key: ConversationKey, time = 0): void {
    const now = this.deps.time.now();
    void dispatchOrReport(this.deps, (tx) => {
      const touchedAt = topOfList(tx, now);
      const timestamp = Math.max(time, Number(tx.conversation(key)?.timestamp ?? 0)) || touchedAt;
      return list(tx, key, { timestamp: String(timestamp), touchedAt, listed: true });
    });
  }

  /** The user has seen that a message mentions them. */
  consumeMention(key: ConversationKey): void {
    void dispatchOrReport(this.deps, (tx) => (tx.conversation(key)?.hasAt ? list(tx, key, { hasAt: false }) : []));
  }

  /**
   * Removes conversations, here at once.
   *
   * @param keys - of one id: the user's conversation, the group's, or both; of both, those that are known are removed
   * @param everywhere - on all devices of the user, or on this one only
   * @param known - the newest message of each conversation that the user can know of: one that arrives from now on stays
   */
  remove(
    keys: readonly ConversationKey[],
    everywhere: boolean,
    known: readonly (Id | undefined)[] = keys.map((key) => newestKnown(this.deps.store, key)),
  ): void {
    const { mids, clock, self, deviceSN } = this.deps;
    const xid = { uid: peerIdOf(keys[0]!), deviceSN: deviceSN() };
    const [mid, now] = [mids.next(), clock.now()];
    const newest = new Map(keys.map((key, at) => [key, known[at]] as const));
    const removed = (tx: StoreTransaction): (readonly [ConversationKey, Id])[] => {
      const known = keys.filter((key) => tx.conversation(key));
      const each = known.length > 0 ? known : keys.slice(0, 1);
      return each.map((key) => [key, newest.get(key) ?? tx.conversation(key)?.newestId ?? '0'] as const);
    };
    const task: DispatchTask = (tx, put) => {
      const events: SyncEvent[] = [];
      const conversations = removed(tx);
      for (const [key, upTo] of conversations) {
        const changed = clearConversationAtHand(tx, key, upTo, self);
        events.push({ type: 'conversation-deleted', key, source: 'user_operation' });
        if (changed) events.push({ type: 'unread', key }, { type: 'list' });
      }
      // Failed messages of the conversations are removed with them.
      for (const { mid: row, conversation, state } of tx.outbox()) {
        if (state === 'failed' && conversations.some(([key]) => key === conversation)) tx.deleteOutbox(row);
      }
      put(conversationEntry(mid, conversations[0]![0], everywhere, xid, now));
      return events;
    };
    const bring = async (tx: StoreTransaction): Promise<void> => {
      for (const [key, upTo] of removed(tx)) await tx.messages.bringAfter(key, upTo);
    };
    void dispatchOrReport(this.deps, task, { bring });
  }
}

function list(
  tx: StoreTransaction,
  key: ConversationKey,
  change: Parameters<StoreTransaction['updateConversation']>[1],
): SyncEvent[] {
  return tx.updateConversation(key, change) ? [{ type: 'list' }] : [];
}
