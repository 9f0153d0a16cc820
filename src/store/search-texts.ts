import type { KvReader } from '../platform/ports.ts';
import type { Change } from './overlay.ts';
import { isMessage, prefixRange } from './schema.ts';
import type { StoredItem } from './schema.ts';
import { readPages } from './segment-reader.ts';
import { unpackItems } from './segment-record.ts';

/** Stands between the text of a line and the id of its message. */
export const BEFORE_ID = '\u0001';

/** Printable ASCII and Chinese characters have one form only. Most texts are nothing else, and looking is fast. */
const PLAIN = /^[ -~\u3001\u3002\u4e00-\u9fff]*$/;

/** With more characters than this, each search reads the texts again. */
const MAX_CACHED = 16_000_000;

/** How many segments are read at once: the page must be able to do something else in between. */
const SEGMENTS_AT_ONCE = 64;

/** A change to segments. */
type SegmentChange = Change<readonly StoredItem[]>;

/** The text of each segment, see {@link searchText}, by the segment's key. */
type Texts = Map<string, string>;

/** The texts that searches look through. */
export interface SearchTexts {
  /** The texts of the segments whose keys start with `s/` and `keyStart`, ascending. */
  read(keyStart: string): Promise<[key: string, text: string][]>;
  /** Applies the changes of a batch that is stored. */
  apply(changes: readonly SegmentChange[]): void;
}

/**
 * Takes the texts from the segments once, at the first search in everything, and keeps them up to date from then on: most of
 * the time of a search goes into reading. The texts are not stored beside the segments, where every message would cost a
 * second record.
 */
export function createSearchTexts(kv: KvReader): SearchTexts {
  let loading: Promise<Texts> | undefined;
  let isTooLarge = false;
  let texts: Texts | undefined;
  /** Changes that came while the texts are read. */
  let meanwhile: SegmentChange[] = [];

  const load = async (): Promise<Texts> => {
    const loaded = await readTexts(kv, 's/');
    for (const change of meanwhile) apply(loaded, change);
    const size = [...loaded.values()].reduce((sum, text) => sum + text.length, 0);
    isTooLarge = size > MAX_CACHED;
    if (!isTooLarge) texts = loaded;
    return loaded;
  };

  return {
    read: async (keyStart) => {
      let found = texts;
      // One conversation has few segments. Those of all conversations, or of all users or groups, are read once.
      if (!found && !isTooLarge && keyStart.length <= 1) {
        loading ??= load().finally(() => {
          loading = undefined;
          meanwhile = [];
        });
        found = await loading;
      }
      const prefix = `s/${keyStart}`;
      found ??= await readTexts(kv, prefix);
      return [...found].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
    },
    apply: (changes) => {
      if (loading) meanwhile.push(...changes);
      else if (texts) for (const change of changes) apply(texts, change);
    },
  };
}

async function readTexts(kv: KvReader, prefix: string): Promise<Texts> {
  const texts: Texts = new Map();
  const pages = readPages(kv, { ...prefixRange(prefix), limit: SEGMENTS_AT_ONCE });
  let reading = pages.next();
  for (;;) {
    const page = await reading;
    if (page.done) return texts;
    // The database reads the next page meanwhile.
    reading = pages.next();
    // Unpacked one by one: the objects of a whole page at once would keep the garbage collector busy.
    for (const { key, value } of page.value) texts.set(key, searchText(unpackItems(value)));
  }
}

function apply(texts: Texts, change: SegmentChange): void {
  if (change.op === 'put') texts.set(change.key, searchText(change.value));
  else if (change.op === 'delete') texts.delete(change.key);
  else for (const key of texts.keys()) if (key >= change.from && key < change.to) texts.delete(key);
}

/** The text of a segment to search in: a line for each message that has text. */
function searchText(items: readonly StoredItem[]): string {
  let text = '';
  for (const item of items) {
    if (isMessage(item) && item.content && item.type === 'text')
      text += normalizeText(item.content.replace(/[\u0001\n]/g, ' ')) + BEFORE_ID + item.id + '\n';
  }
  return text;
}

/**
 * Marks and characters that a reader does not miss, in the decomposed form: accents of Latin, Greek and Cyrillic, vowel points
 * of Hebrew and Arabic, soft hyphens, joiners, direction and variation marks. Marks that make another letter of the same place,
 * as in Indic scripts, Thai and kana, stay.
 */
const IGNORED =
  /[\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u061c\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u180b-\u180f\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f\ufeff]+/g;

/**
 * The form in which texts are compared: without case, accents and what nobody sees, and with full-width and composed forms
 * alike. Case is folded by way of the capitals, which brings together `ß` and `ss`, `ı` and `i`, `ſ` and `s`; only the two
 * sigmas are left. Engines have these tables, so none come with the SDK.
 */
export function normalizeText(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  const bare = text.normalize('NFKD').replace(IGNORED, '');
  // Lower case first: the capital ß has itself as its upper case.
  const folded = bare.toLowerCase().toUpperCase().toLowerCase().replace(/ς/g, 'σ');
  // What was decomposed and kept, such as Hangul and kana, is composed again, so that a part of a character is not found.
  return folded.normalize('NFC');
}
