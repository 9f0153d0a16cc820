// The final place of every text, and the mistakes.
import type { AppData } from 'flooim-devserver';
import { isMessage } from '../../../src/store/schema.ts';
import { unpackItems } from '../../../src/store/segment-record.ts';
import type { RawRecord } from './page.ts';

/** A text that was asked for, by whom and when. */
export interface Asked {
  by: 'page' | 'peer';
  /** The id under which it was promised. */
  mid?: number;
}

/** How often each place has each text. */
export interface Places {
  server: Map<string, number>;
  /** The page's IndexedDB. */
  store: Map<string, number>;
  /** The answers of the client in the page. */
  client: Map<string, number>;
  /** Events of the peer; it gets its own messages, too. */
  peer: Map<string, number>;
}

export interface Verdict {
  lost: string[];
  duplicated: string[];
}

/**
 * Each promised text must be once in every place. One that was asked for and not promised may be nowhere; once it is at
 * the server it must be everywhere.
 */
export function judge(asked: ReadonlyMap<string, Asked>, places: Places): Verdict {
  const lost: string[] = [];
  const duplicated: string[] = [];
  for (const text of new Set([
    ...asked.keys(),
    ...places.server.keys(),
    ...places.store.keys(),
    ...places.peer.keys(),
  ])) {
    const counts = Object.entries(places).map(([place, texts]: [string, Map<string, number>]) => ({
      place,
      count: texts.get(text) ?? 0,
    }));
    const where = `${text}: ${counts.map(({ place, count }) => `${place} ${count}`).join(', ')}`;
    if (counts.some(({ count }) => count === 0)) lost.push(where);
    if (counts.some(({ count }) => count > 1)) duplicated.push(where);
  }
  return { lost, duplicated };
}

export function count(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

export function serverTexts(app: AppData, uid: number, peer: number): Map<string, number> {
  const { messages } = app.messages.page(app.historyView(uid, peer), 0n, Infinity);
  return count(messages.map(({ body }) => body.content ?? ''));
}

/** Texts in the segments of the raw database. */
export function storedTexts(records: readonly RawRecord[]): Map<string, number> {
  const items = records.filter(([key]) => key.startsWith('s/')).flatMap(([, value]) => unpackItems(value));
  return count(items.filter(isMessage).map(({ content }) => content));
}

export const outboxRows = (records: readonly RawRecord[]): RawRecord[] =>
  records.filter(([key]) => key.startsWith('o/'));

/** The facts about a text that is not in its place. */
export function describe(text: string, asked: Asked | undefined, records: readonly RawRecord[]): string {
  const about = asked ? `${asked.by}${asked.mid === undefined ? '' : ` mid ${asked.mid}`}` : 'never promised';
  const rows = records
    .filter(([key, value]) => /^[os]\//.test(key) && JSON.stringify(value).includes(text))
    .map(
      ([key, value]) =>
        `${key} ${JSON.stringify(key.startsWith('s/') ? unpackItems(value).filter((item) => isMessage(item) && item.content === text) : value)}`,
    );
  return [`  ${about}`, ...rows.map((row) => `  ${row}`)].join('\n');
}
