import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import { messageIn, readMessage } from './message-query.ts';
import { conversationOfSegment, floorOf } from './schema.ts';
import type { ConversationKey } from './schema.ts';
import { BEFORE_ID, normalizeText } from './search-texts.ts';
import type { SearchTexts } from './search-texts.ts';
import type { SegmentSource } from './segment-reader.ts';
import type { Segment } from './segments.ts';

export interface SearchHit {
  conversation: ConversationKey;
  message: Message;
}

/** Where a line was found. */
interface Line {
  /** The key of the segment. */
  key: string;
  /** The id of the message. */
  id: Id;
}

/** The terms that must all occur in a text for it to match. Without terms nothing matches. */
export function searchTerms(text: string): string[] {
  // The longest term comes first, because it is the rarest. The others are looked for only where it occurs.
  return normalizeText(text)
    .split(/[\s\u0001]+/)
    .filter(Boolean)
    .sort((a, b) => b.length - a.length);
}

/** Whether every term occurs in a normalized text. */
export function matchesTerms(text: string, terms: readonly string[]): boolean {
  return terms.length > 0 && terms.every((term) => text.includes(term));
}

/**
 * Finds the newest text messages in which every term occurs, newest first. It looks through all texts, then reads the
 * segments with a hit.
 *
 * @param keyStart how the keys of the conversations begin: `''` for all, `<key>/` for one.
 */
export async function searchMessages(
  source: SegmentSource,
  texts: SearchTexts,
  wanted: string,
  keyStart: string,
  limit: number,
): Promise<SearchHit[]> {
  const terms = searchTerms(wanted);
  if (terms.length === 0) return [];
  let lines: Line[] = [];
  let lowest: Id = '0';
  const keepNewest = (): void => {
    lines = lines.sort((a, b) => compareIds(b.id, a.id)).slice(0, limit);
    lowest = lines[limit - 1]?.id ?? lowest;
  };
  const isWanted = (id: Id): boolean => compareIds(id, lowest) > 0;
  // The newest segments of a conversation come first, so that older ones can often be skipped.
  for (const [key, text] of (await texts.read(keyStart)).reverse()) {
    for (const id of matchingIds(text, terms, isWanted)) if (lines.push({ key, id }) >= 4 * limit) keepNewest();
  }
  keepNewest();
  const segments = new Map<string, Promise<Segment>>();
  for (const { key } of lines) {
    if (!segments.has(key))
      segments.set(
        key,
        source.get(key).then((items = []) => ({ floor: floorOf(key), items })),
      );
  }
  const hits = await Promise.all(
    lines.map(async ({ key, id }): Promise<SearchHit | undefined> => {
      const conversation = conversationOfSegment(key);
      // A segment may have been split since its text was read.
      const message = messageIn([(await segments.get(key))!], id) ?? (await readMessage(source, conversation, id));
      return message && { conversation, message };
    }),
  );
  return hits.filter((hit) => hit !== undefined);
}

/** The ids of the lines in which every term occurs. */
function* matchingIds(
  text: string,
  [first, ...others]: readonly string[],
  isWanted: (id: Id) => boolean,
): Generator<Id> {
  if (!isWanted(text.slice(text.lastIndexOf(BEFORE_ID) + 1, -1))) return;
  for (let at = text.indexOf(first!); at >= 0;) {
    const end = text.indexOf('\n', at);
    const middle = text.lastIndexOf(BEFORE_ID, end);
    const id = text.slice(middle + 1, end);
    // A term may be digits, which occur in ids, too.
    if (at < middle && isWanted(id)) {
      const line = others.length > 0 ? text.slice(text.lastIndexOf('\n', at) + 1, middle) : '';
      if (others.every((term) => line.includes(term))) yield id;
    }
    at = text.indexOf(first!, end);
  }
}
