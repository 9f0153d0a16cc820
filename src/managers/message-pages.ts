import type { Account } from '../account/account.ts';
import { compareIds, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Message, MessageType } from '../model/message.ts';
import { ABOVE_ALL, LOWEST, nextId, previousId, withoutGap } from '../store/gaps.ts';
import type { Gaps } from '../store/gaps.ts';
import { conversationOf } from '../store/schema.ts';
import type { ConversationKey, ConversationRecord } from '../store/schema.ts';

/** A page of a conversation. */
export interface MessagePage {
  /** The messages, ascending by id. */
  messages: Message[];
  /**
   * Whether no message is missing among them, and there are no more when they are fewer than asked for. Also false
   * for the newest page while the conversation is being synced: the message events report what comes.
   */
  complete: boolean;
}

export interface PageRequest {
  key: ConversationKey;
  /** `before`: the page ends below this id; `after`: it begins above it. */
  anchor: Id;
  side: 'before' | 'after';
  limit: number;
  type?: MessageType | undefined;
}

/** Questions to the server for one page, at most. */
const MAX_QUESTIONS = 4;
const MIN_AMOUNT = 20;
const MAX_AMOUNT = 500;
const HIGHEST = previousId(ABOVE_ALL);

/** Reads a page; where this device may lack messages the server is asked first. What is beyond a gap that stays is left out. */
export async function readPage(
  { store, sync }: Account,
  { key, anchor, side, limit, type }: PageRequest,
): Promise<MessagePage> {
  if (limit === 0) return { messages: [], complete: true };
  const isUp = side === 'after';
  // Nobody knows how many messages are in a gap that is filled from above, or how many of a type.
  const amount = isUp || type ? MAX_AMOUNT : Math.min(MAX_AMOUNT, Math.max(MIN_AMOUNT, limit));
  for (let questions = 0; ; questions++) {
    let record: ConversationRecord | undefined;
    let messages: Message[];
    // A page that came in meanwhile may be in one and not in the other.
    do {
      record = store.reader.conversation(key);
      messages = await store.query[side](key, anchor, limit, type);
    } while (record?.gaps !== store.reader.conversation(key)?.gaps);
    const isFull = messages.length === limit;
    const low = isUp ? nextId(anchor) : isFull ? messages[0]!.id : LOWEST;
    const high = !isUp ? previousId(anchor) : isFull ? messages[limit - 1]!.id : HIGHEST;
    const crossed = gapsOf(key, record, questions > 0).filter(
      ([from, to]) => compareIds(to, low) >= 0 && compareIds(from, high) <= 0,
    );
    const gap = crossed[isUp ? 0 : crossed.length - 1];
    // The server may still have messages to deliver below this id.
    if (!gap) return { messages, complete: !record?.undelivered || compareIds(high, record.newestId) <= 0 };
    const last = compareIds(gap[1], high) < 0 ? gap[1] : high;
    const before = last === HIGHEST ? '0' : nextId(last);
    if (questions === MAX_QUESTIONS || !(await sync.loadHistory(conversationOf(key).id, before, amount))) {
      const isNear = ({ id }: Message): boolean => (isUp ? compareIds(id, gap[0]) < 0 : compareIds(id, gap[1]) > 0);
      return { messages: messages.filter(isNear), complete: false };
    }
  }
}

function gapsOf(key: ConversationKey, record: ConversationRecord | undefined, wasAsked: boolean): Gaps {
  const { id } = conversationOf(key);
  const { gaps = [], newestId = '0', clearedTo = '0' } = record ?? {};
  // Of a conversation without a message nothing is known, until the server has none either.
  if (newestId === '0' && clearedTo === '0' && !wasAsked && id !== SYSTEM_ID) return [[LOWEST, HIGHEST]];
  return withoutGap(gaps, '0', clearedTo);
}
