import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { flatMap } from '../util/es2019.ts';

/** Ids from the first to the second, both included. */
export type Interval = readonly [from: Id, to: Id];

/** The intervals in which messages may be missing, ascending; no two of them touch. */
export type Gaps = readonly Interval[];

/** Shared by the conversations that have none. */
export const NO_GAPS: readonly Interval[] = [];

/** Below every message. */
export const LOWEST: Id = '1';

/** Above every message. */
export const ABOVE_ALL: Id = '18446744073709551616';

/** The next higher id. */
export function nextId(id: Id): Id {
  let nines = 0;
  while (id[id.length - 1 - nines] === '9') nines++;
  // Nines at the end turn to zeros, and the digit before them goes up by one.
  const digits = id.slice(0, id.length - nines);
  const last = Number(digits.slice(-1)) + 1;
  return `${digits.slice(0, -1)}${last}${'0'.repeat(nines)}`;
}

/** The next lower id; `'0'` stays `'0'`. */
export function previousId(id: Id): Id {
  if (id === '0') return id;
  let zeros = 0;
  while (id[id.length - 1 - zeros] === '0') zeros++;
  // Zeros at the end turn to nines, and the digit before them goes down by one.
  const digits = id.slice(0, id.length - zeros);
  const last = Number(digits.slice(-1)) - 1;
  const lower = `${digits.slice(0, -1)}${last}${'9'.repeat(zeros)}`;
  // 1000 became 0999.
  return lower.length > 1 && lower.startsWith('0') ? lower.slice(1) : lower;
}

/** Adds an interval in which messages may be missing. @param to last id, included. */
export function withGap(gaps: Gaps, from: Id, to: Id): Gaps {
  if (compareIds(from, to) > 0) return gaps;
  const touched = gaps.filter(([low, high]) => compareIds(nextId(high), from) >= 0 && compareIds(low, nextId(to)) <= 0);
  const ends = [from, to, ...flatMap(touched, (gap) => gap)].sort(compareIds);
  const joined = [ends[0]!, ends[ends.length - 1]!] as const;
  return [...withoutGap(gaps, ...joined), joined].sort(([a], [b]) => compareIds(a, b));
}

/** Takes the ids from `from` to `to` out, both included: everything there is known now. */
export function withoutGap(gaps: Gaps, from: Id, to: Id): Gaps {
  return flatMap(gaps, ([low, high]) => {
    if (compareIds(high, from) < 0 || compareIds(low, to) > 0) return [[low, high] as const];
    const parts: Interval[] = [];
    if (compareIds(low, from) < 0) parts.push([low, previousId(from)]);
    if (compareIds(high, to) > 0) parts.push([nextId(to), high]);
    return parts;
  });
}
