/** Longer texts of servers are cut: a reason fits, a page full of what somebody wrote does not. */
const LONGEST = 300;
/** Only so much of a text is searched for secrets; the rest is dropped unread. */
const LONGEST_READ = 2000;
/** Where so many characters of a secret stand in a text, they are taken for a part of it: servers cut what they echo. */
const PART = 8;
/** A shorter secret counts only as a whole word: its letters are in every text. */
const SHORTEST_PART = 4;
/** How often an echo may be escaped, as JSON inside JSON inside a URL. */
const LAYERS = 4;
/** Tokens and passwords are shorter. */
const LONGEST_ENCODED = 512;
const REPLACEMENT = '***';

/** What an encoded secret looks like. */
const CODE = /[\w+/-]{6}/;
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const ESCAPES = /\\u([\da-f]{4})|\\(.)|((?:%[\da-f]{2})+)|&#(\d{1,7});|&#x([\da-f]{1,6});|&(quot|amp|lt|gt|apos);/i;
const LETTER_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const ENTITIES: Readonly<Record<string, string>> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'" };

/** A text, and for each of its characters where that stood in the original. */
interface Reading {
  readonly text: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/**
 * A text of a server or platform, fit for an error or a log: one line, cut, and without these secrets, however the server
 * escaped its echo of them.
 *
 * @param value - any value: what is no text is read as JSON
 * @param secrets - tokens, passwords and texts of messages of the request that it answers
 */
export function foreignText(value: unknown, secrets: readonly string[] = []): string {
  const whole = typeof value === 'string' ? value : value === undefined || value === null ? '' : jsonOf(value);
  const text = whole.slice(0, LONGEST_READ);
  const isSecret = new Uint8Array(text.length);
  const encoded = CODE.test(text) ? secrets.reduce<string[]>((all, secret) => [...all, ...encodings(secret)], []) : [];
  const wanted = [...new Set([...secrets, ...encoded].map(plain))].filter((secret) => secret.length > 1);
  let reading: Reading | undefined = readingOf(text);
  for (let layer = 0; reading && wanted.length > 0 && layer <= LAYERS; layer++) {
    for (const secret of wanted) mark(reading, secret, isSecret);
    reading = unescaped(reading);
  }
  let clean = '';
  for (let at = 0; at < text.length; at++) {
    if (!isSecret[at]) clean += text[at]! < ' ' || text[at] === '\x7f' ? ' ' : text[at]!;
    else if (!isSecret[at - 1]) clean += REPLACEMENT;
  }
  return clean.length > LONGEST || whole.length > LONGEST_READ ? `${clean.slice(0, LONGEST)}…` : clean;
}

/** Fields of a frame's payload that hold what a user wrote. */
const TEXT_FIELDS: readonly string[] = ['content', 'attachment', 'config', 'ext', 'token'];

/** What a user wrote, and the token, in the payload of a frame. */
export function secretsIn(payload: unknown): string[] {
  if (typeof payload !== 'object' || payload === null || ArrayBuffer.isView(payload)) return [];
  return Object.entries(payload).reduce<string[]>(
    (all, [name, value]) => [
      ...all,
      ...(typeof value !== 'string' ? secretsIn(value) : TEXT_FIELDS.includes(name) && value ? [value] : []),
    ],
    [],
  );
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // It has a cycle, or a value that JSON does not have.
    return '';
  }
}

/** Base64 and hex of a secret, as it may stand in a text that was encoded as a whole; none of one that is too long or too short. */
function encodings(secret: string): string[] {
  const bytes = secret.length < SHORTEST_PART || secret.length > LONGEST_ENCODED ? [] : utf8Of(secret);
  if (bytes.length === 0) return [];
  const hex = bytes.map((byte) => (byte + 0x100).toString(16).slice(1)).join('');
  // What stands before it shifts it by up to two bytes.
  const base64 = [0, 1, 2].map((shift) => base64Of(bytes, shift));
  return [hex, hex.toUpperCase(), ...base64, ...base64.map((text) => text.replace(/\+/g, '-').replace(/\//g, '_'))];
}

/** The bytes of a text; none when it has half a surrogate pair. */
function utf8Of(text: string): number[] {
  try {
    return (encodeURIComponent(text).match(/%..|[^]/g) ?? []).map((part) =>
      part.length > 1 ? parseInt(part.slice(1), 16) : part.charCodeAt(0),
    );
  } catch {
    return [];
  }
}

/** The characters of a base64 text that these bytes alone make up, after so many other bytes. */
function base64Of(bytes: readonly number[], shift: number): string {
  let text = '';
  let held = 0;
  // The first character that none of the other bytes is in begins after this many bits.
  let bits = -((6 - ((shift * 8) % 6)) % 6);
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 6; bits -= 6) text += BASE64[(held >> (bits - 6)) & 63]!;
  }
  return text;
}

/** A form writes a space as `+`. */
const plain = (text: string): string => text.replace(/\+/g, ' ');

function readingOf(text: string): Reading {
  const from = Array.from({ length: text.length }, (_, at) => at);
  return { text: plain(text), from, to: from.map((at) => at + 1) };
}

/** @returns undefined when nothing in the text is escaped */
function unescaped({ text, from, to }: Reading): Reading | undefined {
  const next = { text: '', from: [] as number[], to: [] as number[] };
  const copy = (start: number, end: number): void => {
    next.text += text.slice(start, end);
    next.from.push(...from.slice(start, end));
    next.to.push(...to.slice(start, end));
  };
  let copied = 0;
  const escapes = new RegExp(ESCAPES, 'gi');
  for (let match = escapes.exec(text); match; match = escapes.exec(text)) {
    const start = match.index;
    const end = start + match[0].length;
    const decoded = plain(decode(match));
    copy(copied, start);
    copied = end;
    next.text += decoded;
    // Which escape stands for which character is not worth knowing: a part of a run of them hides all of it.
    next.from.push(...Array<number>(decoded.length).fill(from[start]!));
    next.to.push(...Array<number>(decoded.length).fill(to[end - 1]!));
  }
  if (copied === 0) return undefined;
  copy(copied, text.length);
  return next;
}

function decode([all, unicode, letter, percents, decimal, hex, entity]: RegExpExecArray): string {
  if (unicode !== undefined) return String.fromCharCode(parseInt(unicode, 16));
  if (letter !== undefined) return LETTER_ESCAPES[letter] ?? letter;
  if (entity !== undefined) return ENTITIES[entity.toLowerCase()]!;
  const codePoint = decimal !== undefined ? Number(decimal) : hex !== undefined ? parseInt(hex, 16) : undefined;
  if (codePoint !== undefined) return codePoint > 0x10ffff ? all : String.fromCodePoint(codePoint);
  try {
    return decodeURIComponent(percents!);
  } catch {
    // No UTF-8: read as Latin-1, so that the ASCII in it is seen.
    return percents!.replace(/%(..)/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  }
}

/** Marks the characters of the original that the secret, or a part of it, stands for. */
function mark({ text, from, to }: Reading, secret: string, isSecret: Uint8Array): void {
  const hide = (start: number, end: number): void => {
    for (let at = start; at < end; at++) isSecret.fill(1, from[at], to[at]);
  };
  if (secret.length >= PART) {
    const starts = new Map<string, number[]>();
    for (let at = 0; at + PART <= text.length; at++) {
      const part = text.slice(at, at + PART);
      const known = starts.get(part);
      if (known) known.push(at);
      else starts.set(part, [at]);
    }
    for (let at = 0; at + PART <= secret.length; at++) {
      const part = secret.slice(at, at + PART);
      for (const start of starts.get(part) ?? []) hide(start, start + PART);
      starts.delete(part);
    }
    return;
  }
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
    const end = at + secret.length;
    if (secret.length >= SHORTEST_PART || !(isWordCharacter(text[at - 1]) || isWordCharacter(text[end]))) hide(at, end);
  }
}

const isWordCharacter = (character = ''): boolean => /[\w\u0080-\uffff]/.test(character);
