import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { flatMap } from '../util/es2019.ts';

/** Ids from the first to the second, both included. */
export type Interval = readonly [from: Id, to: Id];

/** Where messages may be missing: intervals, ascending, not touching each other. */
export type Gaps = readonly Interval[];

/** Below every message. */
export const LOWEST: Id = '1';

/** Above every message. */
export const ABOVE_ALL: Id = '18446744073709551616';

/** The next higher id. */
export const nextId = (id: Id): Id => step(id, /[0-8]9*$/, 1, '0');

/** The next lower id; `'0'` has none. */
export const previousId = (id: Id): Id => step(id, /[1-9]0*$/, -1, '9');

/** @param end the digit that changes, and those after it, which turn over. */
function step(id: Id, end: RegExp, by: number, turned: string): Id {
  const digits = `0${id}`.replace(end, (text) => String(Number(text[0]) + by) + turned.repeat(text.length - 1));
  return digits.replace(/^0+(?=\d)/, '');
}

/** With one more interval in which messages may be missing. */
export function withGap(gaps: Gaps, from: Id, to: Id): Gaps {
  if (compareIds(from, to) > 0) return gaps;
  const touched = gaps.filter(([low, high]) => compareIds(nextId(high), from) >= 0 && compareIds(low, nextId(to)) <= 0);
  const ends = [from, to, ...flatMap(touched, (gap) => gap)].sort(compareIds);
  const joined = [ends[0]!, ends[ends.length - 1]!] as const;
  return [...withoutGap(gaps, ...joined), joined].sort(([a], [b]) => compareIds(a, b));
}

/** Without the ids from `from` to `to`: everything there is known now. */
export function withoutGap(gaps: Gaps, from: Id, to: Id): Gaps {
  return flatMap(gaps, ([low, high]) => {
    if (compareIds(high, from) < 0 || compareIds(low, to) > 0) return [[low, high] as const];
    const parts: Interval[] = [];
    if (compareIds(low, from) < 0) parts.push([low, previousId(from)]);
    if (compareIds(high, to) > 0) parts.push([nextId(to), high]);
    return parts;
  });
}
