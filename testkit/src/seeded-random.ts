/** Random numbers of at least 0 and below 1, the same ones for a seed (the generator mulberry32). */
export function createSeededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed of a part of a test: another one for each name. */
export function seedOf(seed: number, name: string): number {
  let mixed = seed >>> 0;
  for (const char of name) mixed = Math.imul(mixed ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  return mixed;
}
