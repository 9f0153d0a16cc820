import { compareIds } from '../model/ids.ts';
import { LOWEST } from './gaps.ts';
import type { Interval } from './gaps.ts';
import { activityOf } from './schema.ts';
import type { ConversationKey, ConversationRecord } from './schema.ts';

/** As many of the newest conversations are known, or a few more. */
const NEWEST = 100;

type Records = ReadonlyMap<ConversationKey, ConversationRecord>;

/** What is asked about all conversations together. It is kept with each change, so that nobody walks through all of them. */
export class ConversationDigest {
  /** The conversations of which stored messages are missing here, see {@link newestHole}. */
  readonly incomplete = new Set<ConversationKey>();
  private readonly records: Records;
  /** The newest listed conversations, in no order, with what {@link activityOf} is of each. */
  private readonly recent = new Map<ConversationKey, number>();
  /** Those in which less happened since are not among them. */
  private recentFrom = 0;
  /** The listed conversation in which something happened last; undefined when that is not known any more. */
  private last: { key: ConversationKey; activity: number } | undefined = { key: '', activity: 0 };

  /** @param records of all conversations */
  constructor(records: Records) {
    this.records = records;
  }

  /** A record was put. */
  put(key: ConversationKey, record: ConversationRecord): void {
    if (record.gaps.length > 0 && newestHole(record)) this.incomplete.add(key);
    else this.incomplete.delete(key);
    const activity = record.listed ? activityOf(record) : 0;
    if (record.listed && activity >= this.recentFrom) this.keepRecent(key, activity);
    else this.recent.delete(key);
    if (!this.last) return;
    if (activity >= this.last.activity) this.last = { key, activity };
    else if (key === this.last.key) this.last = undefined;
  }

  /** The listed conversations in which something happened last, the newest first; fewer when some were taken off the list. */
  newest(): ConversationKey[] {
    return [...this.recent]
      .sort(([, a], [, b]) => b - a)
      .slice(0, NEWEST)
      .map(([key]) => key);
  }

  private keepRecent(key: ConversationKey, activity: number): void {
    this.recent.set(key, activity);
    if (this.recent.size < 2 * NEWEST) return;
    const kept = this.newest().map((each) => [each, this.recent.get(each)!] as const);
    this.recent.clear();
    for (const [each, time] of kept) this.recent.set(each, time);
    this.recentFrom = kept[kept.length - 1]![1];
  }

  /** When something last happened in a listed conversation, ms since 1970; 0: never. */
  get newestActivity(): number {
    if (!this.last) {
      this.last = { key: '', activity: 0 };
      for (const [key, record] of this.records) {
        const activity = record.listed ? activityOf(record) : 0;
        if (activity > this.last.activity) this.last = { key, activity };
      }
    }
    return this.last.activity;
  }
}

type Covered = Pick<ConversationRecord, 'gaps' | 'newestId'> &
  Partial<Pick<ConversationRecord, 'previewId' | 'listed'>>;

/**
 * The newest gap between stored messages, or in the place of stored ones that were lost. The unknown time before the oldest one
 * does not count, unless the list has no other message to show.
 */
export function newestHole(record: Covered): Interval | undefined {
  const { gaps, newestId } = record;
  const isLost = (to: string): boolean => newestId !== '0' && compareIds(to, newestId) >= 0;
  return [...gaps].reverse().find(([from, to]) => from !== LOWEST || isBare(record) || isLost(to));
}

/** Whether the list shows a conversation and has no message of it to show, although there were some. */
export const isBare = ({ newestId, previewId, listed }: Covered): boolean =>
  newestId !== '0' && listed === true && previewId === '0';
