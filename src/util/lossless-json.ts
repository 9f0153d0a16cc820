const LONG_INTEGER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/**
 * JSON text to a value, whole numbers of more than 15 digits as strings: a double would change their last digits.
 *
 * @throws SyntaxError as JSON.parse does.
 */
export function parseLosslessJson(text: string): unknown {
  // The pattern eats string literals whole, so that digits inside them stay as they are.
  const safe = /\d{16}/.test(text)
    ? text.replace(LONG_INTEGER, (token) => (token.startsWith('"') ? token : `"${token}"`))
    : text;
  return JSON.parse(safe);
}

/** The object in a JSON text; undefined for anything else, bad JSON included. */
export function parseJsonObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{') && !text.trimStart().startsWith('{')) return undefined;
  try {
    return parseLosslessJson(text) as Record<string, unknown>;
  } catch {
    // Peers put any text here; a field that is no JSON is simply absent from the message.
    return undefined;
  }
}
