import { isMessage } from './schema.ts';
import type { StoredItem } from './schema.ts';

/** Ends the text of a line; its id follows. */
const BEFORE_ID = '\u0001';

/** As text is compared: without case, and with full-width and composed forms alike. */
export function normalizeText(text: string): string {
  // ASCII has one form only; most of what is written is, and looking is faster than normalizing.
  return (/[^\0-\x7f]/.test(text) ? text.normalize('NFKC') : text).toLowerCase();
}

/** What is searched of a segment: a line for each message that has text. */
export function searchText(items: readonly StoredItem[]): string {
  let text = '';
  for (const item of items) {
    if (!isMessage(item) || !item.content || item.type !== 'text') continue;
    text += normalizeText(item.content).replace(/[\u0001\n]/g, ' ') + BEFORE_ID + item.id + '\n';
  }
  return text;
}
