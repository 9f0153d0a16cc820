import type { KvValue } from '../ports.ts';
import { bytesOf, textOf } from './byte-text.ts';

/** Before the text of bytes, and before every other text that begins with it. */
const MARK = '\0';
/** As JSON writes it. */
const MARK_IN_JSON = '\\u0000';

/** JSON in one line, of values and the bytes in them, from which UTF-8 takes nothing away. @param value see `copyValue`. */
export function encode(value: KvValue): string {
  const json = JSON.stringify(value, (_key, part: KvValue) => {
    if (part instanceof Uint8Array) return MARK + textOf(part);
    return typeof part === 'string' && part.startsWith(MARK) ? MARK + part : part;
  });
  // Before ES2019 half a pair stays as it is, which UTF-8 cannot say.
  return json.replace(/[\ud800-\udfff]/g, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}

/** @throws SyntaxError */
export const decode = (json: string): KvValue => JSON.parse(json, json.includes(MARK_IN_JSON) ? revive : undefined);

function revive(_key: string, part: KvValue): KvValue {
  if (typeof part !== 'string' || !part.startsWith(MARK)) return part;
  return part.startsWith(MARK, 1) ? part.slice(1) : bytesOf(part.slice(1));
}

/** A line of a file: its checksum, its number and {@link encode}d JSON. It begins with the line break, whatever broke off before it. */
export function frame(number: number, json: string): string {
  const body = `${number} ${json}`;
  return `\n${checksum(body)} ${body}`;
}

/** What {@link frame} got, or undefined for a line that is not whole. @param line without its line break. */
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
