const REPLACEMENT = 0xfffd;
/** Every engine accepts this many arguments of String.fromCharCode. */
const CHUNK = 4096;

/**
 * Reads UTF-8. Bytes that are not UTF-8 become U+FFFD instead of an error.
 *
 * It does not use TextDecoder, because mini-programs have none.
 */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let units: number[] = [];
  let at = start;
  while (at < end) {
    const lead = bytes[at++]!;
    if (lead < 0x80) units.push(lead);
    else {
      // How many bytes follow. The leading ones of the first byte give it.
      const more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
      // The other bits of the first byte. Below 0 when it cannot start a character.
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
