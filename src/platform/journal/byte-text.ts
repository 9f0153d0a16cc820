// Six bits a character, from '0' on: base64 in an alphabet that needs no table. Mini-programs have no `btoa`.
const BITS = 6;
const FIRST = 48;
const MASK = 63;
/** A multiple of three, and far below the largest number of arguments of a call. */
const BYTES_AT_ONCE = 3072;

/** Writes bytes as text. */
export function textOf(bytes: Uint8Array): string {
  let text = '';
  // One character at a time takes ten times as long.
  for (let at = 0; at < bytes.length; at += BYTES_AT_ONCE)
    text += String.fromCharCode(...codesOf(bytes.subarray(at, at + BYTES_AT_ONCE)));
  return text;
}

function codesOf(bytes: Uint8Array): number[] {
  const codes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    for (count += 8; count >= BITS;) codes.push(FIRST + ((bits >> (count -= BITS)) & MASK));
  }
  if (count > 0) codes.push(FIRST + ((bits << (BITS - count)) & MASK));
  return codes;
}

/** Reads what {@link textOf} wrote. */
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
