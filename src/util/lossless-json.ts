/** String literals and numbers, whole: digits in a string, a fraction or an exponent are no number of their own. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_INTEGER = /^-?\d{16,}$/;

/**
 * JSON text to a value, whole numbers of more than 15 digits as strings: a double would change their last digits.
 *
 * @throws SyntaxError as JSON.parse does.
 */
export function parseLosslessJson(text: string): unknown {
  const safe = /\d{16}/.test(text)
    ? text.replace(TOKEN, (token) => (LONG_INTEGER.test(token) ? `"${token}"` : token))
    : text;
  return JSON.parse(safe);
}

/** The object in a JSON text; undefined for anything else, bad JSON included. */
export function parseJsonObject(text: string): Record<string, unknown> | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return parseLosslessJson(text) as Record<string, unknown>;
  } catch {
    // Peers put any text here; a field that is no JSON is simply absent from the message.
    return undefined;
  }
}
