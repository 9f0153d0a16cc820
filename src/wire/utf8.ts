/**
 * UTF-8 by hand: mini-programs have no TextEncoder. Bad input costs characters, never an error: what is no UTF-8 reads as
 * U+FFFD, and a lone surrogate is written as that.
 */

const REPLACEMENT = 0xfffd;
/** String.fromCharCode takes so many arguments on every engine. */
const CHUNK = 4096;

/** A character of 16 bits takes at most so many bytes. */
export const MAX_BYTES_PER_UNIT = 3;

/** Writes at `offset`, where there must be room. @returns where it ended. */
export function writeUtf8(text: string, bytes: Uint8Array, offset: number): number {
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) bytes[offset++] = code;
    else {
      if (isSurrogate(code)) {
        code = text.codePointAt(i)!;
        if (isSurrogate(code)) code = REPLACEMENT;
        else i++;
      }
      let more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      bytes[offset++] = (-0x80 >> more) | (code >> (6 * more));
      while (more-- > 0) bytes[offset++] = 0x80 | ((code >> (6 * more)) & 63);
    }
  }
  return offset;
}

export function readUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let units: number[] = [];
  let at = start;
  while (at < end) {
    const lead = bytes[at++]!;
    if (lead < 0x80) units.push(lead);
    else {
      // How many bytes follow, by the leading ones of the first.
      const more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
      // What else it says; below 0 for one that leads nothing.
      let code = lead + (0x80 >> more) - 0x100;
      let read = 0;
      while (read < more && at + read < end && (bytes[at + read]! & 0xc0) === 0x80)
        code = (code << 6) | (bytes[at + read++]! & 63);
      const least = [0x80, 0x800, 0x10000][more - 1]!;
      if (read === more && code >= least && code < 0x110000 && !isSurrogate(code)) at += more;
      else code = REPLACEMENT;
      if (code < 0x10000) units.push(code);
      else units.push(0xd7c0 + (code >> 10), 0xdc00 | (code & 0x3ff));
    }
    if (units.length >= CHUNK) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return text + String.fromCharCode(...units);
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xe000;
