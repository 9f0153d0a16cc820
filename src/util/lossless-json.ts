/**
 * Objects and arrays in each other, at most. No app nests a tenth of it. All that walks a value afterwards (merging, copying,
 * JSON.stringify, the structured clone of IndexedDB) goes one call deeper with each level, and small stacks hold some thousands.
 */
export const MAX_JSON_DEPTH = 128;

const LONG_INTEGER = /^-?\d{16,}$/;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;

/**
 * Parses JSON. Integers of more than 15 digits become strings, because a double would change their last digits.
 *
 * @throws SyntaxError as `JSON.parse` does, and for a text that nests deeper than {@link MAX_JSON_DEPTH}
 */
export function parseLosslessJson(text: string): unknown {
  // A level takes two characters at least: a shorter text is not too deep.
  const isPlain = text.length <= 2 * MAX_JSON_DEPTH && !/\d{16}/.test(text);
  return JSON.parse(isPlain ? text : quoteLongIntegers(text));
}

/** The object in a JSON text; undefined for anything else, also for text that is not JSON or nests too deep. */
export function parseJsonObject(text: string): Record<string, unknown> | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return parseLosslessJson(text) as Record<string, unknown>;
  } catch {
    // Peers may send any text: a field that is not JSON is absent from the message.
    return undefined;
  }
}

/**
 * Puts quotes around long integers and measures the depth, in one pass over the text. What is no JSON stays so.
 *
 * @throws SyntaxError for a text that nests too deep
 */
function quoteLongIntegers(text: string): string {
  let quoted = '';
  let copied = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at + 1);
    else if (isOpening(code)) {
      if (++depth > MAX_JSON_DEPTH) throw new SyntaxError(`more than ${MAX_JSON_DEPTH} levels`);
    } else if (isClosing(code)) depth--;
    else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, at + 1);
      const number = text.slice(at, end);
      if (LONG_INTEGER.test(number)) {
        quoted += `${text.slice(copied, at)}"${number}"`;
        copied = end;
      }
      at = end - 1;
    }
  }
  return copied === 0 ? text : quoted + text.slice(copied);
}

/** Where the closing quote is; the end of the text when there is none. */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return text.length;
}

function endOfNumber(text: string, from: number): number {
  let at = from;
  while (at < text.length && isNumberPart(text.charCodeAt(at))) at++;
  return at;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isOpening = (code: number): boolean => code === 0x7b || code === 0x5b;
const isClosing = (code: number): boolean => code === 0x7d || code === 0x5d;
/** Digits, `.`, `e`, `E`, `+` and `-`. */
const isNumberPart = (code: number): boolean =>
  isDigit(code) || code === 0x2e || (code | 0x20) === 0x65 || code === 0x2b || code === MINUS;
