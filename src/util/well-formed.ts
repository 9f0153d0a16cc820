/**
 * The text with U+FFFD for each half of a character. UTF-8 has no halves, so without this the sender would keep another text than
 * everybody else.
 */
export function toWellFormed(text: string): string {
  if (!/[\ud800-\udfff]/.test(text)) return text;
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) =>
    found.length === 2 ? found : REPLACEMENT,
  );
}

/** The same for JSON text, which may also write a half as an escape. Text that is no JSON stays as it is, but for its halves. */
export function toWellFormedJson(text: string): string {
  const plain = toWellFormed(text);
  if (!/\\ud[89a-f]/i.test(plain) || !isJson(plain)) return plain;
  // An escaped backslash is an escape of its own, so that what follows it is none.
  return plain.replace(/\\(?:u(d[89ab]..)\\u(d[c-f]..)|u(d[89a-f]..)|[^])/gi, (found, _high, _low, half?: string) =>
    half === undefined ? found : REPLACEMENT,
  );
}

const REPLACEMENT = '\ufffd';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // An app may send any text.
    return false;
  }
}
