/** The result of a handler: the data, and the fields beside it in the envelope. */
export interface Answer {
  readonly data: unknown;
  readonly cursor?: string;
  readonly version?: number;
  readonly total?: number;
  readonly msg_ids?: readonly bigint[];
}

/** The answer of a write without a result. */
export const DONE: Answer = { data: true };

/** Selects the rows of a list. */
export interface Paging {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** One page of `rows`, with the cursor of the next one unless this is the last. */
export function page(
  rows: readonly unknown[],
  { cursor, limit }: Paging,
  { version, defaultLimit = 100 }: { version?: number; defaultLimit?: number } = {},
): Answer {
  const start = cursor ? fromCursor(cursor) : 0;
  const end = start + (limit || defaultLimit);
  return {
    data: rows.slice(start, end),
    total: rows.length,
    ...(version !== undefined && { version }),
    ...(end < rows.length && { cursor: toCursor(end) }),
  };
}

/** The envelope as JSON. */
export function toJson(answer: Answer): string {
  return write({ code: 200, ...answer });
}

/** As `JSON.stringify` does, but message ids are whole numbers, which a JS number cannot hold exactly. */
function write(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${write(field)}`).join(',')}}`;
}

function toCursor(index: number): string {
  return `row-${index}`;
}

function fromCursor(cursor: string): number {
  return Number(cursor.replace('row-', '')) || 0;
}
