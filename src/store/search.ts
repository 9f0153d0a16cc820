import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { SyncedMessage } from '../model/message.ts';
import type { Entry } from './overlaid-reader.ts';
import { readMessage } from './message-query.ts';
import { conversationOfSegment, isMessage, prefixRange, toPublic } from './schema.ts';
import type { ConversationKey, StoredItem, StoredMessage } from './schema.ts';
import type { SearchIndex } from './search-index.ts';
import type { Indexed, KeyRange } from './search-shards.ts';
import { signatureQuery } from './search-signature.ts';
import { matchesTerms, normalizeText, searchTerms } from './search-terms.ts';
import { readPages } from './segment-reader.ts';
import type { SegmentSource } from './segment-reader.ts';

/** How many segments are read at once where the index has none: the page must be able to do something else in between. */
const SEGMENTS_AT_ONCE = 64;

/** How many candidates are read at once: few at first, because a common word is soon found often enough. */
const FIRST_CANDIDATES = 4;
const CANDIDATES_AT_ONCE = 64;

export interface SearchHit {
  conversation: ConversationKey;
  message: SyncedMessage;
}

/** Where searches read. */
export interface SearchPlaces {
  readonly segments: SegmentSource;
  readonly index: SearchIndex;
  /** Lets others work. */
  readonly pause: () => Promise<void>;
}

/**
 * Finds the newest text messages in which every term occurs, newest first. It reads the segments that are not in the index, then
 * those that may match as the index has it, the newest first, until no segment is left that may have a newer hit.
 *
 * @param keyStart how the keys of the conversations begin: `''` for all, `<key>/` for one.
 */
export async function searchMessages(
  places: SearchPlaces,
  wanted: string,
  keyStart: string,
  limit: number,
): Promise<SearchHit[]> {
  const terms = searchTerms(wanted);
  if (terms.length === 0 || limit === 0) return [];
  const { index, segments, pause } = places;
  const hits = new NewestHits(terms, limit);
  // A segment that is split meanwhile takes messages to a place that nobody looked at.
  const watch = index.watch();
  try {
    const { unknown, candidates } = await findPlaces(index, prefixRange(`s/${keyStart}`), terms);
    for (const range of joined(unknown)) await lookThrough(segments, range, hits, pause);
    await lookAt(places, candidates, hits);
    const changed = new Set<ConversationKey>();
    for (const segment of watch.segments) {
      if (!segment.startsWith(`s/${keyStart}`)) continue;
      changed.add(conversationOfSegment(segment));
      hits.look(segment, (await segments.get(segment)) ?? []);
    }
    const found: SearchHit[] = [];
    for (const { segment, message } of hits.newest()) {
      const conversation = conversationOfSegment(segment);
      const now = changed.has(conversation) ? await readMessage(segments, conversation, message.id) : toPublic(message);
      if (now && matches(now, terms)) found.push({ conversation, message: now });
    }
    return found;
  } finally {
    watch.end();
  }
}

const matches = ({ type, content }: SyncedMessage, terms: readonly string[]): boolean =>
  type === 'text' && matchesTerms(normalizeText(content), terms);

async function findPlaces(
  index: SearchIndex,
  within: KeyRange,
  terms: readonly string[],
): ReturnType<SearchIndex['places']> {
  index.searching++;
  try {
    return await index.inTurn(async () => index.places(within, signatureQuery(terms)));
  } finally {
    index.searching--;
  }
}

/** Neighbouring ranges as one. */
function joined(ranges: readonly KeyRange[]): KeyRange[] {
  const all: KeyRange[] = [];
  for (const range of [...ranges].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = all[all.length - 1];
    if (last?.to === range.from) all[all.length - 1] = { from: last.from, to: range.to };
    else all.push(range);
  }
  return all;
}

async function lookThrough(
  segments: SegmentSource,
  range: KeyRange,
  hits: NewestHits,
  pause: () => Promise<void>,
): Promise<void> {
  const pages = readPages(segments, { ...range, limit: SEGMENTS_AT_ONCE });
  let reading = pages.next();
  for (;;) {
    const page = await reading;
    if (page.done) return;
    // The database reads the next page meanwhile.
    reading = pages.next();
    // Unpacked one by one: the objects of a whole page at once would keep the garbage collector busy.
    for (const { key, value } of page.value) hits.look(key, value);
    await pause();
  }
}

/** Looks through candidates, the newest first, until none that is left may have a newer message than the hits. */
async function lookAt(
  { segments, pause }: SearchPlaces,
  candidates: readonly Indexed[],
  hits: NewestHits,
): Promise<void> {
  const left = [...candidates].sort((a, b) => a.newest - b.newest);
  let count = FIRST_CANDIDATES;
  const next = (): Promise<Entry<readonly StoredItem[]>[][]> | undefined => {
    const lowest = hits.lowest();
    const wanted = left
      .splice(-count)
      .filter(({ newest }) => newest >= lowest)
      .reverse();
    count = Math.min(2 * count, CANDIDATES_AT_ONCE);
    return wanted.length > 0
      ? Promise.all(wanted.map(async ({ from, to }) => segments.range({ from, to })))
      : undefined;
  };
  for (let reading = next(); reading;) {
    const read = await reading;
    // The database reads the next ones meanwhile.
    reading = next();
    for (const entries of read) for (const { key, value } of entries) hits.look(key, value);
    await pause();
  }
}

interface Found {
  readonly segment: string;
  readonly message: StoredMessage;
}

/** The newest messages that match, of those that were looked at. */
class NewestHits {
  private readonly terms: readonly string[];
  private readonly limit: number;
  /** By conversation and id: a message may be looked at twice. */
  private found = new Map<string, Found>();
  private lowestId: Id = '0';

  constructor(terms: readonly string[], limit: number) {
    this.terms = terms;
    this.limit = limit;
  }

  /** No message below this id is wanted any more. The number may be rounded. */
  lowest(): number {
    this.trim();
    return Number(this.lowestId);
  }

  look(segment: string, items: readonly StoredItem[]): void {
    for (const item of items) {
      if (!isMessage(item) || compareIds(item.id, this.lowestId) < 0 || !matches(item, this.terms)) continue;
      this.found.set(`${conversationOfSegment(segment)}/${item.id}`, { segment, message: item });
      if (this.found.size >= 4 * this.limit) this.trim();
    }
  }

  /** The newest ones, newest first. */
  newest(): readonly Found[] {
    this.trim();
    return [...this.found.values()];
  }

  private trim(): void {
    const sorted = [...this.found].sort(
      ([, a], [, b]) => compareIds(b.message.id, a.message.id) || (a.segment < b.segment ? 1 : -1),
    );
    this.found = new Map(sorted.slice(0, this.limit));
    this.lowestId = sorted[this.limit - 1]?.[1].message.id ?? this.lowestId;
  }
}
