// VitePress copies the source of these functions into the page, so that each has to stand alone.

/**
 * The words under which a text is found. Chinese has no spaces: its words are those that `Intl.Segmenter` sees, and every pair
 * of characters, because a word in a query may be cut in another way than in the text.
 */
export function wordsOfText(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}_]+/gu) ?? [];
  const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
  return words.flatMap((word) => {
    if (!/\p{Script=Han}/u.test(word)) return [word];
    const characters = Array.from(word);
    const pairs = characters.slice(1).map((character, index) => characters[index]! + character);
    const segments = [...segmenter.segment(word)].map(({ segment }) => segment);
    return [...new Set([...segments, ...pairs, ...characters])];
  });
}

/** The words to look for. A Chinese word of more than two characters is looked for by its pairs. */
export function wordsOfQuery(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}_]+/gu) ?? [];
  const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
  return words.flatMap((word) => {
    if (!/\p{Script=Han}/u.test(word)) return [word];
    return [...segmenter.segment(word)].flatMap(({ segment }) => {
      const characters = Array.from(segment);
      if (characters.length <= 2) return [segment];
      return characters.slice(1).map((character, index) => characters[index]! + character);
    });
  });
}

/** What people wrote comes before what typedoc made of the types. */
export function weightOfPage(url: string): number {
  return url.includes('/reference/api/') ? 0.2 : 1;
}
