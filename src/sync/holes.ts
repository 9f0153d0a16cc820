import type { Id } from '../model/ids.ts';
import { ABOVE_ALL, nextId } from '../store/gaps.ts';
import { peerIdOf } from '../store/schema.ts';
import type { ConversationKey, ConversationRecord } from '../store/schema.ts';
import { isBare, newestHole } from './coverage.ts';
import type { WorkingSetReader } from '../store/working-set-reader.ts';
import type { SyncEvent } from './sync-events.ts';

/** Messages fetched in one page. */
const HOLE_PAGE = 100;

/** Pages of one conversation and session that may bring no message that was missing, in a row. */
const MAX_FRUITLESS = 20;

interface HolesDeps {
  reader: Pick<WorkingSetReader, 'conversation' | 'conversations'>;
  /** Asks for a page of so many messages that ends before this id. */
  request(queue: Id, before: Id, amount: number): void;
  /** The server goes on and brings nothing; this conversation waits for the next session. */
  onStuck(queue: Id): void;
}

/** Asks the history for the messages that are missing between stored ones. */
export class Holes {
  private readonly deps: HolesDeps;
  /** Pages that brought nothing, by conversation. */
  private readonly fruitless = new Map<Id, number>();

  constructor(deps: HolesDeps) {
    this.deps = deps;
  }

  /** Call it at the end of a session. */
  reset(): void {
    this.fruitless.clear();
  }

  /** Follows the events of a commit: of a conversation whose newest messages were removed, the list shows an older one. */
  follow(events: readonly SyncEvent[]): void {
    for (const event of events) {
      if (event.type !== 'recalled' && event.type !== 'deleted') continue;
      const record = this.deps.reader.conversation(event.key);
      if (record && isBare(record)) this.ask(event.key, record);
    }
  }

  fill(): void {
    for (const [key, record] of this.deps.reader.conversations()) this.ask(key, record);
  }

  private ask(key: ConversationKey, record: ConversationRecord): void {
    const hole = newestHole(record);
    const queue = peerIdOf(key);
    if (!hole || (this.fruitless.get(queue) ?? 0) >= MAX_FRUITLESS) return;
    const before = nextId(hole[1]);
    // For the server, 0 is above all messages.
    this.deps.request(queue, before === ABOVE_ALL ? '0' : before, HOLE_PAGE);
  }

  /** A page for a hole is stored. @param isFruitful - it brought a message that was missing */
  filled(queue: Id, isFruitful: boolean): void {
    const fruitless = isFruitful ? 0 : (this.fruitless.get(queue) ?? 0) + 1;
    this.fruitless.set(queue, fruitless);
    if (fruitless === MAX_FRUITLESS) this.deps.onStuck(queue);
    this.fill();
  }
}
