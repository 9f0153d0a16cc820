import { higherId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { LOWEST, nextId, previousId, withGap, withoutGap } from '../store/gaps.ts';
import type { Gaps, Interval } from '../store/gaps.ts';
import type { ConversationRecord } from '../store/schema.ts';

type Known = Pick<ConversationRecord, 'gaps' | 'newestId' | 'clearedTo'>;

const NOTHING_KNOWN: Known = { gaps: [], newestId: '0', clearedTo: '0' };

/** The gaps once messages of these ids, ascending, were delivered; `prevMid` is the one before them, `'0'` when the server does not say. */
export function withDelivered(known: Known = NOTHING_KNOWN, ids: readonly Id[], prevMid: Id): Gaps {
  const [first] = ids;
  if (!first) return known.gaps;
  const newest = newestKnown(known);
  const before = prevMid === '0' ? previousId(first) : prevMid;
  // Nothing is known of the time before the first message here; the server may not say what is before it.
  if (newest === '0') return withGap(known.gaps, LOWEST, before);
  return withoutGap(withGap(known.gaps, nextId(newest), prevMid), nextId(before), ids[ids.length - 1]!);
}

/** The gaps once a page of history came: everything from its oldest message up to `before` is known then. */
export function withHistory(known: Known = NOTHING_KNOWN, ids: readonly Id[], before: Id, isBeginning: boolean): Gaps {
  const from = (!isBeginning && ids[0]) || LOWEST;
  const to = before === '0' ? higherId(ids[ids.length - 1], known.newestId) : previousId(before);
  // A page that lies apart from what is stored leaves room in between.
  return withoutGap(withGap(known.gaps, nextId(newestKnown(known)), previousId(from)), from, to);
}

/** The newest hole between stored messages; the unknown time before all of them is none. */
export function newestHole(gaps: Gaps): Interval | undefined {
  return [...gaps].reverse().find(([from]) => from !== LOWEST);
}

/** Up to here, all but the gaps is stored, or was and is deleted; `'0'`: nothing is. */
const newestKnown = ({ newestId, clearedTo }: Known): Id => higherId(newestId, clearedTo);
