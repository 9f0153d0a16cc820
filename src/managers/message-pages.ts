import type { Account } from '../account/account.ts';
import { compareIds, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { toOwnMessage } from '../model/message.ts';
import type { Message, MessageType, SyncedMessage } from '../model/message.ts';
import { ABOVE_ALL, LOWEST, nextId, previousId, withGap, withoutGap } from '../store/gaps.ts';
import type { Gaps } from '../store/gaps.ts';
import { conversationOf } from '../store/schema.ts';
import type { ConversationKey, ConversationRecord } from '../store/schema.ts';

/** A page of a conversation. */
export interface MessagePage {
  /** The messages, ascending by id. */
  messages: Message[];
  /**
   * Whether the page lacks no message. Then a page with fewer messages than asked for has reached the end of the
   * conversation. False also for the newest page while the conversation is being synced: message events report the rest.
   */
  complete: boolean;
}

/** A page before it is handed out. */
interface SyncedPage extends Pick<MessagePage, 'complete'> {
  messages: SyncedMessage[];
}

interface PageRequest {
  key: ConversationKey;
  /** `before`: the page ends below this id; `after`: it begins above it. */
  anchor: Id;
  side: 'before' | 'after';
  limit: number;
  type?: MessageType | undefined;
}

/** Requests to the server for one page, at most. */
const MAX_REQUESTS = 4;
/** Messages per request. */
const MIN_AMOUNT = 20;
const MAX_AMOUNT = 500;
const HIGHEST = previousId(ABOVE_ALL);

/** Reads a page. It asks the server first for messages that this device may lack. When a gap stays, the page ends there. */
export async function readPage(account: Account, request: PageRequest): Promise<MessagePage> {
  const { messages, complete } = await readSyncedPage(account, request);
  return { messages: messages.map((message) => toOwnMessage(message, account.uid)), complete };
}

async function readSyncedPage({ store, sync }: Account, request: PageRequest): Promise<SyncedPage> {
  const { key, side, limit, type } = request;
  if (limit === 0) return { messages: [], complete: true };
  // The server fills a gap from above. How many messages lie between there and the page, or have the type, is not known.
  const amount = side === 'after' || type ? MAX_AMOUNT : Math.min(MAX_AMOUNT, Math.max(MIN_AMOUNT, limit));
  let newest: 'unknown' | 'loaded' | 'missing' = 'unknown';
  for (let requests = 0; ; requests++) {
    const { record, messages } = await readStored(store, request);
    const { low, high } = idsOfPage(request, messages);
    const gaps: Gaps = gapsOf(key, record, requests > 0, newest === 'unknown').filter(
      ([from, to]) => compareIds(to, low) >= 0 && compareIds(from, high) <= 0,
    );
    const nearest = side === 'after' ? gaps[0] : gaps[gaps.length - 1];
    if (!nearest) return { messages, complete: newest !== 'missing' };
    const [from, to] = nearest;
    const last = compareIds(to, high) < 0 ? to : high;
    // For the server, 0 is above all messages.
    const before = last === HIGHEST ? '0' : nextId(last);
    const isLoaded = requests < MAX_REQUESTS && (await sync.loadHistory(conversationOf(key).id, before, amount));
    // Without the messages above the newest one here, the page has those that are stored.
    const isNewest = newest === 'unknown' && before === '0' && record !== undefined && record.newestId !== '0';
    if (isNewest) newest = isLoaded ? 'loaded' : 'missing';
    if (!isLoaded && !isNewest) {
      const isBeforeGap = ({ id }: SyncedMessage): boolean =>
        side === 'after' ? compareIds(id, from) < 0 : compareIds(id, to) > 0;
      return { messages: messages.filter(isBeforeGap), complete: false };
    }
  }
}

/** Reads the stored messages of a page, and the record of the conversation in the same state. */
async function readStored(
  { reader, query, loaded }: Account['store'],
  { key, anchor, side, limit, type }: PageRequest,
): Promise<{ record: ConversationRecord | undefined; messages: SyncedMessage[] }> {
  if (!reader.conversation(key)) await loaded;
  for (;;) {
    const record = reader.conversation(key);
    const messages = await query[side](key, anchor, limit, type);
    // A page of the server may have arrived during the read. It changes the gaps.
    if (record?.gaps === reader.conversation(key)?.gaps) return { record, messages };
  }
}

/** The ids that a page covers, both included. A page that is not full reaches the end of the conversation. */
function idsOfPage({ anchor, side, limit }: PageRequest, messages: readonly SyncedMessage[]): { low: Id; high: Id } {
  const isFull = messages.length === limit;
  return side === 'after'
    ? { low: nextId(anchor), high: isFull ? messages[limit - 1]!.id : HIGHEST }
    : { low: isFull ? messages[0]!.id : LOWEST, high: previousId(anchor) };
}

function gapsOf(
  key: ConversationKey,
  record: ConversationRecord | undefined,
  wasAsked: boolean,
  isNewestUnknown: boolean,
): Gaps {
  const { id } = conversationOf(key);
  const { gaps = [], newestId = '0', clearedTo = '0' } = record ?? {};
  // This device may lack everything of a conversation without messages, until the server answers that it has none either.
  if (newestId === '0' && clearedTo === '0' && !wasAsked && id !== SYSTEM_ID) return [[LOWEST, HIGHEST]];
  // What the server has not delivered yet is above the newest message here.
  const isSyncing = isNewestUnknown && record !== undefined && record.undelivered > 0 && newestId !== '0';
  return withoutGap(isSyncing ? withGap(gaps, nextId(newestId), HIGHEST) : gaps, '0', clearedTo);
}
