// What was asked for and what came of it, and the mistakes.
import type { Happened } from './soak-client.ts';

/** Texts are `sender.conversation.number`, and the numbers of a sender in a conversation rise. */
export const textOf = (sender: string, conversation: number, number: number): string =>
  `${sender}.${conversation}.${number}`;

export interface Mistakes {
  lost: string[];
  duplicated: string[];
  outOfOrder: string[];
  failed: string[];
}

interface Seen {
  /** The texts of message events of a conversation, in their order. */
  readonly messages: Map<number, string[]>;
  readonly sent: Map<string, number>;
}

export class Ledger {
  /** Texts that the client was asked to send, and those that others sent. */
  readonly own = new Set<string>();
  readonly others = new Set<string>();
  readonly failed: string[] = [];
  readonly problems: string[] = [];
  online = 0;
  private readonly seen: Seen = { messages: new Map(), sent: new Map() };

  add(happened: readonly Happened[]): void {
    for (const each of happened) {
      if (each.type === 'message') listIn(this.seen.messages, each.conversation).push(each.text);
      else if (each.type === 'sent') this.seen.sent.set(each.text, (this.seen.sent.get(each.text) ?? 0) + 1);
      else if (each.type === 'failed') this.failed.push(`${each.text}: ${each.reason}`);
      else if (each.type === 'problem') this.problems.push(each.text);
      else if (each.type === 'online') this.online++;
    }
  }

  /** How many messages of others had an event, and how many of the user's own an answer. */
  get arrived(): number {
    return [...this.seen.messages.values()].flat().length;
  }
  get answered(): number {
    return this.seen.sent.size;
  }

  /** @param places - the texts of each conversation in other places: the server, the client's own pages */
  judge(places: Readonly<Record<string, ReadonlyMap<number, readonly string[]>>>): Mistakes {
    const mistakes: Mistakes = { lost: [], duplicated: [], outOfOrder: [], failed: this.failed };
    const all = [...this.own, ...this.others];
    for (const [place, conversations] of Object.entries({ ...places, events: this.seen.messages })) {
      compare(place, all, count([...conversations.values()].flat()), mistakes);
      for (const list of conversations.values()) {
        // The event of an own message comes when its answer does: one whose answer was lost has it later.
        const ordered = place === 'events' ? list.filter((text) => !this.own.has(text)) : list;
        mistakes.outOfOrder.push(...misplaced(place, ordered));
      }
    }
    compare('sent', [...this.own], this.seen.sent, mistakes);
    return mistakes;
  }
}

function listIn(map: Map<number, string[]>, key: number): string[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}

function count(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function compare(
  place: string,
  asked: readonly string[],
  counts: ReadonlyMap<string, number>,
  { lost, duplicated }: Mistakes,
): void {
  for (const text of asked) if (!counts.has(text)) lost.push(`${place}: ${text}`);
  for (const [text, times] of counts) if (times > 1) duplicated.push(`${place}: ${text} ${times} times`);
}

/** The texts that come after a later one of the same sender. */
function misplaced(place: string, texts: readonly string[]): string[] {
  const found: string[] = [];
  const last = new Map<string, number>();
  for (const text of texts) {
    const at = text.lastIndexOf('.');
    const [stream, number] = [text.slice(0, at), Number(text.slice(at + 1))];
    if (number < (last.get(stream) ?? -1)) found.push(`${place}: ${text} after ${last.get(stream)}`);
    last.set(stream, number);
  }
  return found;
}
