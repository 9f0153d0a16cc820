import type { KvValue } from '../ports.ts';
import { bytesOf, textOf } from './byte-text.ts';

/** Stands before the text of bytes, and before every other text that begins with this character. */
const MARK = '\0';
/** The mark as JSON writes it. */
const MARK_IN_JSON = '\\u0000';

/**
 * Writes a value, with the bytes in it, as JSON in one line that UTF-8 keeps as it is.
 *
 * @param value - what `copyValue` accepts
 */
export function encode(value: KvValue): string {
  const json = JSON.stringify(value, (_key, part: KvValue) => {
    if (part instanceof Uint8Array) return MARK + textOf(part);
    return typeof part === 'string' && part.startsWith(MARK) ? MARK + part : part;
  });
  // JSON.stringify before ES2019 writes half of a surrogate pair as it is, and UTF-8 has no form for it.
  return json.replace(/[\ud800-\udfff]/g, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}

/**
 * Reads what {@link encode} wrote.
 *
 * @throws SyntaxError when the text is no JSON
 */
export const decode = (json: string): KvValue => JSON.parse(json, json.includes(MARK_IN_JSON) ? revive : undefined);

function revive(_key: string, part: KvValue): KvValue {
  if (typeof part !== 'string' || !part.startsWith(MARK)) return part;
  return part.startsWith(MARK, 1) ? part.slice(1) : bytesOf(part.slice(1));
}

/**
 * Writes a line of a file: checksum, number and {@link encode}d JSON. The line break comes first, so that a line that broke off
 * before does not spoil this one.
 */
export function frame(number: number, json: string): string {
  const body = `${number} ${json}`;
  return `\n${checksum(body)} ${body}`;
}

/**
 * Reads a line that {@link frame} wrote.
 *
 * @param line - the line without its line break
 * @returns undefined for a line that is not whole
 */
export function unframe(line: string): { number: number; json: string } | undefined {
  const [, sum, body, number, json] = /^(\S+) ((\d+) ([^]*))$/.exec(line) ?? [];
  return body !== undefined && sum === checksum(body) ? { number: Number(number), json: json! } : undefined;
}

/** FNV-1a over UTF-16 code units. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return String(hash);
}
