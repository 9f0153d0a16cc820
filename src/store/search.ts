import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { KvStore } from '../platform/ports.ts';
import { messageIn, readMessage } from './message-query.ts';
import type { ConversationKey, StoredItem } from './schema.ts';
import { unpackItems } from './segment-record.ts';
import { BEFORE_ID, normalizeText } from './search-text.ts';
import type { SearchTexts } from './search-texts.ts';

export interface SearchHit {
  conversation: ConversationKey;
  message: Message;
}

/** Where a line was found. */
interface Line {
  /** Of the segment. */
  key: string;
  id: Id;
}

/** What must all occur in a text for it to match; empty: nothing matches. */
export function searchTerms(text: string): string[] {
  // The longest is the rarest: the others are looked for only where it is.
  return normalizeText(text)
    .split(/[\s\u0001]+/)
    .filter(Boolean)
    .sort((a, b) => b.length - a.length);
}

/** Whether every term occurs in a text that was normalized. */
export function matchesTerms(text: string, terms: readonly string[]): boolean {
  return terms.length > 0 && terms.every((term) => text.includes(term));
}

/**
 * The newest text messages in which every term occurs, newest first, by looking through all texts, and then reading
 * the segments with a hit.
 *
 * @param keyStart how the keys of the conversations begin: `''` for all, `<key>/` for one.
 */
export async function searchMessages(
  kv: KvStore,
  texts: SearchTexts,
  text: string,
  keyStart: string,
  limit: number,
): Promise<SearchHit[]> {
  const terms = searchTerms(text);
  if (terms.length === 0) return [];
  const newest = createNewest(limit);
  // The newest of a conversation first: those before them often need no look then.
  for (const [key, lines] of (await texts.read(keyStart)).reverse()) findLines(key, lines, terms, newest);
  const lines = newest.lines();
  const segments = new Map<string, Promise<readonly StoredItem[]>>();
  for (const { key } of lines) {
    if (!segments.has(key)) segments.set(key, kv.get(key).then(unpackItems));
  }
  const hits = await Promise.all(
    lines.map(async ({ key, id }): Promise<SearchHit | undefined> => {
      const conversation = key.slice(2, key.lastIndexOf('/'));
      // A segment may have been split since its text was read.
      const message = messageIn(await segments.get(key), id) ?? (await readMessage(kv, conversation, id));
      return message && { conversation, message };
    }),
  );
  return hits.filter((hit) => hit !== undefined);
}

/** The lines of the highest ids among those that are added. */
interface Newest {
  /** Whether a line of this id would be among them. */
  wants(id: Id): boolean;
  add(line: Line): void;
  /** Newest first. */
  lines(): Line[];
}

function createNewest(limit: number): Newest {
  let found: Line[] = [];
  let lowest: Id = '0';
  const trim = (): void => {
    found = found.sort((a, b) => compareIds(b.id, a.id)).slice(0, limit);
    if (found.length === limit) lowest = found[limit - 1]!.id;
  };
  return {
    wants: (id) => compareIds(id, lowest) > 0,
    add: (line) => {
      if (found.push(line) >= 4 * limit) trim();
    },
    lines: () => {
      trim();
      return found;
    },
  };
}

function findLines(key: string, text: string, [first, ...others]: readonly string[], newest: Newest): void {
  if (!newest.wants(text.slice(text.lastIndexOf(BEFORE_ID) + 1, -1))) return;
  for (let at = text.indexOf(first!); at >= 0;) {
    const end = text.indexOf('\n', at);
    const middle = text.lastIndexOf(BEFORE_ID, end);
    const id = text.slice(middle + 1, end);
    // Digits occur in ids, too.
    if (at < middle && newest.wants(id)) {
      const line = others.length > 0 ? text.slice(text.lastIndexOf('\n', at) + 1, middle) : '';
      if (others.every((term) => line.includes(term))) newest.add({ key, id });
    }
    at = text.indexOf(first!, end);
  }
}
