import type { WriteStep } from '../chronicle/chronicle.ts';
import type { Id } from '../model/ids.ts';
import { ABOVE_ALL, nextId } from '../store/gaps.ts';
import { peerIdOf } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import { isBare, newestHole } from '../store/conversation-digest.ts';
import type { WorkingSetReader } from '../store/working-set-reader.ts';
import type { SyncEvent } from './sync-events.ts';

/** Messages fetched in one page. */
const HOLE_PAGE = 100;

/** Pages of one conversation and session that may bring no message that was missing, in a row. */
const MAX_FRUITLESS = 20;

/** Conversations that are asked for at once. After damage it may be all that there are. */
const MAX_ASKED = 64;

interface HolesDeps {
  reader: Pick<WorkingSetReader, 'conversation' | 'incomplete'>;
  /** Asks for a page of so many messages that ends before this id. */
  request(queue: Id, before: Id, amount: number): void;
  /** The server goes on and brings nothing; this conversation waits for the next session. */
  onStuck(queue: Id): void;
  write: WriteStep;
}

/** Asks the history for the messages that are missing between stored ones. */
export class Holes {
  private readonly deps: HolesDeps;
  /** Pages that brought nothing, by conversation. */
  private readonly fruitless = new Map<Id, number>();
  /** The queues whose pages have not come yet. */
  private readonly asked = new Set<Id>();
  /** The queues whose pages did not come, until everything is asked for again. */
  private readonly refused = new Set<Id>();
  /** What came for holes since the last step. */
  private healed = { queues: new Set<Id>(), messages: 0 };

  constructor(deps: HolesDeps) {
    this.deps = deps;
  }

  /** Call it at the end of a session. */
  reset(): void {
    this.fruitless.clear();
    this.asked.clear();
    this.refused.clear();
    this.noteHealed();
  }

  /** Follows the events of a commit: of a conversation whose newest messages were removed, the list shows an older one. */
  follow(events: readonly SyncEvent[]): void {
    for (const event of events) {
      if (event.type !== 'recalled' && event.type !== 'deleted') continue;
      const record = this.deps.reader.conversation(event.key);
      if (record && isBare(record)) this.ask(event.key);
    }
  }

  /** Asks for what is missing in all conversations, some at a time. */
  fill(): void {
    this.refused.clear();
    this.askMore();
  }

  private askMore(): void {
    for (const key of this.deps.reader.incomplete()) {
      if (this.asked.size >= MAX_ASKED) return;
      const queue = peerIdOf(key);
      if (!this.asked.has(queue) && !this.refused.has(queue)) this.ask(key);
    }
  }

  private ask(key: ConversationKey): void {
    const record = this.deps.reader.conversation(key);
    const hole = record && newestHole(record);
    const queue = peerIdOf(key);
    if (!hole || (this.fruitless.get(queue) ?? 0) >= MAX_FRUITLESS) return;
    const before = nextId(hole[1]);
    this.asked.add(queue);
    // For the server, 0 is above all messages.
    this.deps.request(queue, before === ABOVE_ALL ? '0' : before, HOLE_PAGE);
  }

  /** A page for a hole is stored. @param messages - how many it brought that were missing */
  filled(queue: Id, messages: number): void {
    if (messages > 0) this.healed.queues.add(queue);
    this.healed.messages += messages;
    const fruitless = messages > 0 ? 0 : (this.fruitless.get(queue) ?? 0) + 1;
    this.fruitless.set(queue, fruitless);
    if (fruitless === MAX_FRUITLESS) this.deps.onStuck(queue);
    this.answered(queue);
  }

  /** No page came for a hole, or it could not be stored. */
  failed(queue: Id): void {
    this.refused.add(queue);
    this.answered(queue);
  }

  private answered(queue: Id): void {
    this.asked.delete(queue);
    this.askMore();
    if (this.asked.size === 0) this.noteHealed();
  }

  private noteHealed(): void {
    const { queues, messages } = this.healed;
    if (messages > 0) this.deps.write('healed', { conversations: queues.size, messages });
    this.healed = { queues: new Set(), messages: 0 };
  }
}
