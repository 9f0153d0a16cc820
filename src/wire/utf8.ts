/**
 * UTF-8 by hand: mini-programs have no TextEncoder. Bad input costs characters, never an error: what is no UTF-8 reads as
 * U+FFFD, and a lone surrogate is written as that.
 */

const REPLACEMENT = 0xfffd;
/** String.fromCharCode takes so many arguments on every engine. */
const CHUNK = 4096;

export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) length++;
    else if (unit < 0x800) length += 2;
    else if (isPair(text, i)) {
      length += 4;
      i++;
    } else length += 3;
  }
  return length;
}

/** Writes at `offset`, where there must be room. @returns where it ended. */
export function writeUtf8(text: string, bytes: Uint8Array, offset: number): number {
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      bytes[offset++] = code;
      continue;
    }
    if (code < 0x800) bytes[offset++] = 0xc0 | (code >> 6);
    else {
      if (isPair(text, i)) {
        code = text.codePointAt(i)!;
        i++;
        bytes[offset++] = 0xf0 | (code >> 18);
        bytes[offset++] = 0x80 | ((code >> 12) & 63);
      } else {
        if (isSurrogate(code)) code = REPLACEMENT;
        bytes[offset++] = 0xe0 | (code >> 12);
      }
      bytes[offset++] = 0x80 | ((code >> 6) & 63);
    }
    bytes[offset++] = 0x80 | (code & 63);
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
      const more =
        lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0;
      let code = lead & (0x3f >> more);
      let read = 0;
      while (read < more && at + read < end && (bytes[at + read]! & 0xc0) === 0x80)
        code = (code << 6) | (bytes[at + read++]! & 63);
      const whole =
        more > 0 && read === more && code >= [0, 0x80, 0x800, 0x10000][more]! && code < 0x110000 && !isSurrogate(code);
      if (whole) at += more;
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

/** Whether the two units from here on are one character. */
function isPair(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
}
