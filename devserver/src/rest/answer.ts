/** The result of a handler: the data, and the fields beside it in the envelope. */
export interface Answer {
  readonly data: unknown;
  readonly cursor?: string;
  readonly version?: number;
  readonly total?: number;
  readonly msgIds?: readonly bigint[];
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

/** The envelope as JSON. Message ids are inserted as text, because a JS number cannot hold them exactly. */
export function toJson({ msgIds, ...answer }: Answer): string {
  const json = JSON.stringify({ code: 200, ...answer });
  return msgIds ? `${json.slice(0, -1)},"msg_ids":[${msgIds.join(',')}]}` : json;
}

function toCursor(index: number): string {
  return `row-${index}`;
}

function fromCursor(cursor: string): number {
  return Number(cursor.replace('row-', '')) || 0;
}
