// Six bits a character, from '0' on: base64 in an alphabet that needs no table. (Mini-programs have no btoa.)
const BITS = 6;
const FIRST = 48;
const MASK = 63;

export function textOf(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    for (count += 8; count >= BITS;) text += String.fromCharCode(FIRST + ((bits >> (count -= BITS)) & MASK));
  }
  return count > 0 ? text + String.fromCharCode(FIRST + ((bits << (BITS - count)) & MASK)) : text;
}

/** The inverse of {@link textOf}. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length * BITS) >> 3);
  let bits = 0;
  let count = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    bits = (bits << BITS) | (text.charCodeAt(i) - FIRST);
    count += BITS;
    if (count >= 8) bytes[at++] = bits >> (count -= 8);
  }
  return bytes;
}
