import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { LOWEST, nextId, previousId, withGap, withoutGap } from '../store/gaps.ts';
import type { Gaps, Interval } from '../store/gaps.ts';
import type { ConversationRecord } from '../store/schema.ts';
import type { Meta } from '../wire/frame-types.ts';

/** Ids of a page, ascending; empty for an empty page. */
const idsOf = (metas: readonly Meta[]): Id[] => metas.map(({ id }) => id ?? '0').sort(compareIds);

/** The gaps once a page was delivered; `prevMid` is the message before it, `'0'` when the server does not say. */
export function withDelivered(record: ConversationRecord | undefined, metas: readonly Meta[], prevMid: Id): Gaps {
  const ids = idsOf(metas);
  return ids.length > 0 ? withArrival(record, ids[0]!, ids[ids.length - 1]!, prevMid) : (record?.gaps ?? []);
}

/** The gaps once everything from `first` to `last` came. */
export function withArrival(record: ConversationRecord | undefined, first: Id, last: Id, prevMid: Id): Gaps {
  const { gaps = [], newestId = '0', clearedTo = '0' } = record ?? {};
  const known = compareIds(newestId, clearedTo) > 0 ? newestId : clearedTo;
  // Nothing is known of the time before the first message here; the server may not say what is before it.
  if (known === '0') return withGap(gaps, LOWEST, prevMid === '0' ? previousId(first) : prevMid);
  const holes = compareIds(prevMid, known) > 0 ? withGap(gaps, nextId(known), prevMid) : gaps;
  return withoutGap(holes, prevMid === '0' ? first : nextId(prevMid), last);
}

/** The gaps once a page of history came: everything from its oldest message up to `before` is known then. */
export function withHistory(
  record: ConversationRecord | undefined,
  metas: readonly Meta[],
  before: Id,
  isBeginning: boolean,
): Gaps {
  const ids = idsOf(metas);
  const newest = record?.newestId ?? '0';
  const from = isBeginning ? LOWEST : (ids[0] ?? LOWEST);
  const last = ids[ids.length - 1] ?? '0';
  const to = before === '0' ? higher(last, newest) : previousId(before);
  let gaps = record?.gaps ?? [];
  const known = higher(newest, record?.clearedTo ?? '0');
  // A page that lies apart from what is stored leaves room in between.
  if (ids.length > 0 && !isBeginning) {
    if (known === '0') gaps = withGap(gaps, LOWEST, previousId(from));
    else if (compareIds(from, known) > 0) gaps = withGap(gaps, nextId(known), previousId(from));
  }
  return withoutGap(gaps, from, to);
}

/** The newest hole between stored messages; the unknown time before all of them is none. */
export function newestHole(gaps: Gaps): Interval | undefined {
  return [...gaps].reverse().find(([from]) => from !== LOWEST);
}

const higher = (a: Id, b: Id): Id => (compareIds(a, b) > 0 ? a : b);
