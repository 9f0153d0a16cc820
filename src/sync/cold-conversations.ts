import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import { LOWEST } from '../store/gaps.ts';
import { peerIdOf } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { NEWEST_MESSAGES } from '../store/tail-cache.ts';
import type { SyncEvent } from './sync-events.ts';

/**
 * Pause between two events for one conversation. An app that reads more conversations at each event than memory holds would
 * cause events for ever.
 */
const MIN_PAUSE_MS = 5000;

interface ColdConversationDeps {
  store: Pick<Store, 'reader' | 'isLoaded' | 'warm'>;
  clock: Clock;
  emit(events: readonly SyncEvent[]): void;
}

/** Conversations whose messages an app asked for while they were not in memory. */
export class ColdConversations {
  private readonly deps: ColdConversationDeps;
  private readonly loading = new Set<ConversationKey>();
  /** When the event of each was emitted. */
  private readonly emittedAt = new Map<ConversationKey, number>();

  constructor(deps: ColdConversationDeps) {
    this.deps = deps;
  }

  /**
   * Brings a conversation's messages into memory, unless they are there or there is no such conversation. Then it emits the event
   * that follows a page of history, because apps read the conversation again at that one.
   */
  warm(key: ConversationKey): void {
    const { reader, isLoaded } = this.deps.store;
    if (reader.hasMessages(key) || this.loading.has(key)) return;
    // What is not known yet may exist.
    if (isLoaded && !reader.conversation(key)) return;
    void this.load(key);
  }

  private async load(key: ConversationKey): Promise<void> {
    this.loading.add(key);
    // When it fails, the next call tries again.
    await this.deps.store.warm(key).catch(() => undefined);
    this.loading.delete(key);
    const { store, clock, emit } = this.deps;
    const now = clock.now();
    const isRepeat = Math.abs(now - (this.emittedAt.get(key) ?? -Infinity)) < MIN_PAUSE_MS;
    if (isRepeat || store.reader.newestMessages(key).length === 0) return;
    this.emittedAt.set(key, now);
    emit([{ type: 'history', queue: peerIdOf(key), next: this.next(key) }]);
  }

  /** Where older messages are; `'0'` when there are none. */
  private next(key: ConversationKey): Id {
    const { reader } = this.deps.store;
    const [oldest, ...others] = reader.newestMessages(key);
    const isAll =
      others.length + 1 < NEWEST_MESSAGES && !reader.conversation(key)?.gaps.some(([from]) => from === LOWEST);
    return oldest && !isAll ? oldest.id : '0';
  }
}
