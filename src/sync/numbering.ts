import { compareIds, higherId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { ArrivedSyncedMessage, SyncedMessage } from '../model/message.ts';
import { nextId } from '../store/gaps.ts';
import { peerIdOf } from '../store/schema.ts';
import type { OutboxEntry, StoredMessage } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { applyMessages } from './apply-messages.ts';
import type { ReceivedMeta } from './message-mapper.ts';
import type { SyncEvent } from './sync-events.ts';

/** Messages fetched in one step of a search. */
const SEARCH_PAGE = 50;

/** Steps of one search. It ends earlier when everything since the send was seen. */
const MAX_STEPS = 20;

/** A search for server ids in the history of one conversation, from its newest message down. */
interface Search {
  /** The rows that had arrived when it began. Those that arrived later may be above its first page. */
  readonly mids: ReadonlySet<Id>;
  /** The device that sent each own message, where the server names it. */
  readonly devices: Map<Id, number>;
  steps: number;
}

interface HistoryPage {
  queue: Id;
  /** Ascending. */
  metas: readonly ReceivedMeta[];
  /** It answers the search. */
  isSearch: boolean;
  /** Nothing is before it. */
  isBeginning: boolean;
}

interface NumberingDeps {
  store: Store;
  self: Id;
  /** The serial that the server gave this device. */
  deviceSN(): number;
  /** Asks for a page of history. @param before - `'0'`: the newest messages */
  request(queue: Id, before: Id, amount: number): void;
}

/**
 * Finds the server ids of messages that arrived without an answer that names them. A message whose row ends is in its
 * conversation: under its server id, or, when the history does not show it, under an id of our own at the place where it was
 * sent. A row that may have left under another guid is sent when the history does not show it.
 */
export class Numbering {
  private readonly deps: NumberingDeps;
  private readonly searches = new Map<Id, Search>();
  /** Rows that had not arrived. */
  private readonly unsent = new Set<Id>();

  constructor(deps: NumberingDeps) {
    this.deps = deps;
  }

  /** Searches for the ids of a conversation's messages, unless it does already. */
  search(queue: Id): void {
    const mids = new Set(this.rows(queue).map(({ mid }) => mid));
    if (mids.size === 0 || this.searches.has(queue)) return;
    this.searches.set(queue, { mids, devices: new Map(), steps: 0 });
    this.deps.request(queue, '0', SEARCH_PAGE);
  }

  /**
   * Goes on with a search when a page of it is stored, or ends it.
   *
   * @param next - where the history goes on; `'0'`: nowhere
   * @returns rows that were found not to have arrived, to be sent
   */
  stepped(queue: Id, next: Id, stored: boolean): OutboxEntry[] {
    const search = this.searches.get(queue);
    const isLooking = this.rows(queue).some(({ mid }) => search?.mids.has(mid));
    if (stored && isLooking && next !== '0') this.deps.request(queue, next, SEARCH_PAGE);
    else if (search) {
      this.searches.delete(queue);
      // Others arrived meanwhile. After an error the next socket searches again.
      if (stored && !isLooking) this.search(queue);
    }
    const unsent = [...this.unsent].map((mid) => this.deps.store.reader.outboxEntry(mid));
    this.unsent.clear();
    return unsent.filter((row) => row?.state === 'queued') as OutboxEntry[];
  }

  /**
   * Gives rows their ids from the stored messages, after a page of history was put into the transaction.
   *
   * @param events - of the page
   * @returns the events to emit
   */
  async apply(tx: StoreTransaction, page: HistoryPage, events: readonly SyncEvent[]): Promise<SyncEvent[]> {
    const { queue, metas, isSearch, isBeginning } = page;
    const rows = this.rows(queue).filter(({ mid }) => tx.outboxEntry(mid)?.state === 'unnumbered');
    const search = isSearch ? this.searches.get(queue) : undefined;
    if (search) {
      search.steps++;
      for (const { id, from } of metas)
        if (from?.uid === this.deps.self && from.deviceSN) search.devices.set(id, from.deviceSN);
    }
    const oldest = isBeginning ? '0' : (metas[0]?.id ?? '0');
    const isSeen = ({ mid, after }: OutboxEntry): boolean =>
      search !== undefined && search.mids.has(mid) && (compareIds(oldest, after) <= 0 || search.steps >= MAX_STEPS);
    const numbered: SyncEvent[] = [];
    const missing: OutboxEntry[] = [];
    for (const row of rows) {
      const found = await this.pick(tx, row, (message) => isSameText(message, row), search, isSeen(row));
      if (found) numbered.push(...(await adopt(tx, row, found)));
      else if (isSeen(row)) missing.push(row);
    }
    for (const row of missing) {
      if (row.elsewhere) {
        const { elsewhere: _elsewhere, ...unsent } = row;
        tx.putOutbox({ ...unsent, state: 'queued' });
        this.unsent.add(row.mid);
        continue;
      }
      const found = await this.pick(tx, row, (message) => this.isChanged(message, row, search), search, true);
      numbered.push(...(await (found ? adopt(tx, row, found) : keepAsSent(tx, row, this.deps.self))));
    }
    const adopted = new Set(numbered.map((event) => ('message' in event ? event.message?.id : undefined)));
    const since = lowest(rows.map(({ after }) => after));
    // The search looks at messages that the app has not asked for. It emits those that this device missed.
    const isEmitted = (event: SyncEvent): boolean =>
      event.type !== 'message' ||
      !(
        adopted.has(event.message.id) ||
        (isSearch && (since === '0' || compareIds(event.message.id, since) <= 0)) ||
        this.isInFlight(event.message, queue, search)
      );
    return [...events.filter(isEmitted), ...numbered];
  }

  /** Whether this is a message of ours that was sent again: its answer emits it. */
  private isInFlight(message: SyncedMessage, queue: Id, search: Search | undefined): boolean {
    if (message.from !== this.deps.self || this.rank(message, search) === ANOTHER_DEVICE) return false;
    return this.deps.store.reader
      .outbox()
      .some((row) => row.tried && row.message && peerIdOf(row.conversation) === queue && isSameText(message, row));
  }

  private rows(queue: Id): OutboxEntry[] {
    return this.deps.store.reader
      .outbox()
      .filter(
        ({ state, message, conversation }) => state === 'unnumbered' && message && peerIdOf(conversation) === queue,
      )
      .sort((a, b) => compareIds(a.mid, b.mid));
  }

  /** The message of a row among the stored ones: of this device where that is known, and the oldest. */
  private async pick(
    tx: StoreTransaction,
    { conversation, after, message: mine }: OutboxEntry,
    fits: (message: StoredMessage) => boolean,
    search: Search | undefined,
    isLast: boolean,
  ): Promise<StoredMessage | undefined> {
    const candidates = (await tx.messages.after(conversation, after)).filter(
      (message) =>
        message.from === mine!.from && message.clientMid === undefined && message.type === mine!.type && fits(message),
    );
    const ranks = candidates.map((message) => this.rank(message, search));
    const best = Math.min(...ranks);
    // A message of another device with the same text: ours may be on a page to come.
    if (best === ANOTHER_DEVICE && !isLast) return undefined;
    return candidates[ranks.indexOf(best)];
  }

  private rank({ id }: Pick<StoredMessage, 'id'>, search: Search | undefined): number {
    const device = search?.devices.get(id);
    if (device === undefined) return UNKNOWN_DEVICE;
    return device === this.deps.deviceSN() ? THIS_DEVICE : ANOTHER_DEVICE;
  }

  /** Whether the server may have another text for this row: it was edited, or came from this device and is no other row's. */
  private isChanged(message: StoredMessage, { mid, conversation }: OutboxEntry, search: Search | undefined): boolean {
    const rank = this.rank(message, search);
    if (rank === ANOTHER_DEVICE || (rank !== THIS_DEVICE && message.editTimestamp === '0')) return false;
    const others = this.deps.store.reader.outbox();
    return !others.some(
      (row) => row.mid !== mid && row.conversation === conversation && row.message && isSameText(message, row),
    );
  }
}

/** Who may have sent a message, the likeliest first. */
const THIS_DEVICE = 0;
const UNKNOWN_DEVICE = 1;
const ANOTHER_DEVICE = 2;

const lowest = (ids: readonly Id[]): Id => ids.reduce((low, id) => (compareIds(id, low) < 0 ? id : low), ids[0] ?? '0');

function isSameText(
  message: Pick<StoredMessage, 'content' | 'ext' | 'attach'>,
  { message: mine }: OutboxEntry,
): boolean {
  return (
    message.content === mine!.content &&
    message.ext === mine!.ext &&
    JSON.stringify(message.attach) === JSON.stringify(mine!.attach)
  );
}

/** Makes a stored message the one of this row. */
async function adopt(tx: StoreTransaction, entry: OutboxEntry, found: StoredMessage): Promise<SyncEvent[]> {
  const arrival = 'live';
  const message: StoredMessage = { ...found, clientMid: entry.mid, isHistory: false, arrival };
  tx.deleteOutbox(entry.mid);
  await tx.messages.put(entry.conversation, [message]);
  const sent: SyncEvent = { type: 'sent', mid: entry.mid, message };
  // No event was emitted yet for a message that only history brought.
  return found.isHistory
    ? [{ type: 'message', key: entry.conversation, message, arrival, mentioned: false }, sent]
    : [sent];
}

/**
 * Keeps a message that arrived and is not in the history: it was recalled, or the server shows another text. It stays where it
 * was sent, under an id that the server has given to no message of this conversation.
 */
async function keepAsSent(tx: StoreTransaction, entry: OutboxEntry, self: Id): Promise<SyncEvent[]> {
  const { conversation, mid, after, message: mine } = entry;
  let id = nextId(higherId(after, tx.conversation(conversation)?.clearedTo ?? '0'));
  while ((await tx.messages.find(conversation, [id])).size > 0) id = nextId(id);
  const message: ArrivedSyncedMessage = { ...mine!, id, arrival: 'live' };
  tx.deleteOutbox(mid);
  const events = await applyMessages(tx, conversation, [message], self);
  return [...events, { type: 'sent', mid, message }];
}
