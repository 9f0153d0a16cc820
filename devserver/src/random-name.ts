import type { Random } from './ports.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const LENGTH = 24;

/** A name that nobody guesses: tokens, keys of files, codes. It is safe in URLs. */
export function randomName(random: Random, length = LENGTH): string {
  return Array.from({ length }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join('');
}
