import type { Id } from '../model/ids.ts';
import type { OutboxEntry } from '../store/schema.ts';
import type { IMessageBody } from '../wire/message-types.ts';

/** The most rows without an answer, and the most text of them, so that a slow link is not filled with what must be sent again. */
const MAX_ROWS = 256;
const MAX_CHARACTERS = 65_536;

/** The rows that were sent on this socket and not answered, in order. */
export class InFlight {
  private readonly entries = new Map<Id, OutboxEntry>();
  private characters = 0;

  get size(): number {
    return this.entries.size;
  }

  /** Whether another row may leave. */
  get hasRoom(): boolean {
    return this.entries.size < MAX_ROWS && this.characters < MAX_CHARACTERS;
  }

  get mids(): Id[] {
    return [...this.entries.keys()];
  }

  add(entry: OutboxEntry): void {
    this.entries.set(entry.mid, entry);
    this.characters += charactersOf(entry);
  }

  /** Takes a row out. @returns it; undefined when it is not in flight */
  take(mid: Id): OutboxEntry | undefined {
    const entry = this.entries.get(mid);
    if (!entry) return undefined;
    this.entries.delete(mid);
    this.characters -= charactersOf(entry);
    return entry;
  }

  /** Takes all rows out. */
  takeAll(): OutboxEntry[] {
    const entries = [...this.entries.values()];
    this.entries.clear();
    this.characters = 0;
    return entries;
  }
}

function charactersOf({ meta }: OutboxEntry): number {
  const { content = '', config = '', ext = '' }: IMessageBody = meta.payload;
  return content.length + config.length + ext.length;
}
