/** A whole string or a whole number, so that digits inside a string, a fraction or an exponent are not matched alone. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_INTEGER = /^-?\d{16,}$/;

/**
 * Parses JSON. Integers of more than 15 digits become strings, because a double would change their last digits.
 *
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseLosslessJson(text: string): unknown {
  const safe = /\d{16}/.test(text)
    ? text.replace(TOKEN, (token) => (LONG_INTEGER.test(token) ? `"${token}"` : token))
    : text;
  return JSON.parse(safe);
}

/** The object in a JSON text; undefined for anything else, also for text that is not JSON. */
export function parseJsonObject(text: string): Record<string, unknown> | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return parseLosslessJson(text) as Record<string, unknown>;
  } catch {
    // Peers may send any text: a field that is not JSON is absent from the message.
    return undefined;
  }
}
