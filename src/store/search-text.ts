import { isMessage } from './schema.ts';
import type { StoredItem } from './schema.ts';

/** Ends the text of a line; its id follows. */
export const BEFORE_ID = '\u0001';

/** Printable ASCII has one form only; most of what is written is, and looking is fast. */
const PLAIN = /^[ -~\n\u0001]*$/;

/** As text is compared: without case, and with full-width and composed forms alike. */
export function normalizeText(text: string): string {
  return (PLAIN.test(text) ? text : text.normalize('NFKC')).toLowerCase();
}

/** What is searched of a segment: a line for each message that has text. */
export function searchText(items: readonly StoredItem[]): string {
  let text = '';
  for (const item of items) {
    if (isMessage(item) && item.content && item.type === 'text')
      text += item.content.replace(/[\u0001\n]/g, ' ') + BEFORE_ID + item.id + '\n';
  }
  return normalizeText(text);
}
