/** Printable ASCII and Chinese characters have one form only. Most texts are nothing else, and looking is fast. */
const PLAIN = /^[ -~\u3001\u3002\u4e00-\u9fff]*$/;

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
