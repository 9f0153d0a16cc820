import type { IMessageBody } from 'flooim/wire';
import { MessageBodyDeliveryStatus } from 'flooim/wire';
import type { Records } from '../records/records.ts';
import { firstAtOrAfter } from './ids.ts';
import { Table } from './table.ts';

/** A chat message in the history, with its edits and read marks applied. */
export interface StoredMessage {
  readonly id: bigint;
  readonly fromId: number;
  readonly fromDevice: number;
  /** A user, or a group. */
  readonly toId: number;
  readonly inGroup: boolean;
  readonly timestamp: number;
  readonly body: IMessageBody;
  /** The status that the sender sees. */
  readonly status: number;
  readonly readBy: Set<number>;
  readonly hiddenFor: Set<number>;
}

/** The user whose history is read, and its start: a group may hide messages that are older than the membership. */
export interface HistoryView {
  readonly userId: number;
  readonly conversation: number;
  readonly inGroup: boolean;
  readonly sinceMs: number;
}

/** A user who has a conversation, and its id on that user's side. */
type Side = readonly [userId: number, conversation: number];

const MESSAGES = 'messages';
const KNOWN = 'known';

/** The chat messages of one app: one log for each conversation, shared by its participants. */
export class Messages {
  readonly #records: Records;
  readonly #logs = new Map<string, StoredMessage[]>();
  readonly #byId = new Map<bigint, StoredMessage>();
  readonly #known = new Map<number, Set<number>>();
  readonly #clearedUpTo: Table<string, bigint>;

  constructor(records: Records) {
    this.#records = records;
    this.#clearedUpTo = new Table(records, 'cleared');
    for (const message of records.load<StoredMessage>(MESSAGES)) this.#add(message);
    for (const side of records.load<Side>(KNOWN)) this.#know(side);
  }

  /** Stores a message. `knownTo` lists each user who has the conversation now, with its id on that user's side. */
  add(message: StoredMessage, knownTo: Iterable<Side>): void {
    this.#add(message);
    this.#keep(message);
    for (const side of knownTo) if (this.#know(side)) this.#records.put(KNOWN, side, side);
  }

  get(id: bigint): StoredMessage | undefined {
    return this.#byId.get(id);
  }

  /** Changes fields of a message. */
  change(message: StoredMessage, changes: Partial<Pick<StoredMessage, 'body' | 'status'>>): void {
    Object.assign(message, changes);
    this.#keep(message);
  }

  markRead(message: StoredMessage, readerId: number, isRead = true): void {
    if (message.readBy.has(readerId) === isRead) return;
    if (isRead) message.readBy.add(readerId);
    else message.readBy.delete(readerId);
    this.#keep(message);
  }

  /** Hides one message from one user. */
  hide(message: StoredMessage, userId: number): void {
    message.hiddenFor.add(userId);
    this.#keep(message);
  }

  remove(message: StoredMessage): void {
    this.#records.remove(MESSAGES, [message.id]);
    const log = this.#logs.get(logKey(message.fromId, message.toId, message.inGroup)) ?? [];
    const index = log.indexOf(message);
    if (index >= 0) log.splice(index, 1);
    this.#byId.delete(message.id);
  }

  /** Conversations in which the user ever sent or received a message. */
  conversationsOf(userId: number): number[] {
    return [...(this.#known.get(userId) ?? [])];
  }

  /** Hides the messages of the conversation so far from one user. */
  clearFor(view: HistoryView): void {
    const newest = this.newestId(view);
    if (newest !== 0n) this.#clearedUpTo.set(clearKey(view), newest);
  }

  /** Up to `limit` messages older than `key` (0: from the newest), newest first, and whether there are more. */
  page(view: HistoryView, key: bigint, limit: number): { messages: StoredMessage[]; more: boolean } {
    const messages: StoredMessage[] = [];
    for (const message of this.#olderThan(view, key)) {
      if (messages.length === limit) return { messages, more: true };
      messages.push(message);
    }
    return { messages, more: false };
  }

  /** The id of the message before `key` (0: of the newest), or 0 when there is none. */
  newestId(view: HistoryView, key = 0n): bigint {
    for (const message of this.#olderThan(view, key)) return message.id;
    return 0n;
  }

  /** The messages of the conversation up to and including `id`. */
  upTo(view: HistoryView, id: bigint): StoredMessage[] {
    return [...this.#olderThan(view, id + 1n)];
  }

  #keep(message: StoredMessage): void {
    this.#records.put(MESSAGES, [message.id], message);
  }

  #add(message: StoredMessage): void {
    const key = logKey(message.fromId, message.toId, message.inGroup);
    const log = this.#logs.get(key);
    if (log) log.push(message);
    else this.#logs.set(key, [message]);
    this.#byId.set(message.id, message);
  }

  /** Whether the user did not have the conversation before. */
  #know([userId, conversation]: Side): boolean {
    const known = this.#known.get(userId);
    if (known?.has(conversation)) return false;
    if (known) known.add(conversation);
    else this.#known.set(userId, new Set([conversation]));
    return true;
  }

  *#olderThan(view: HistoryView, key: bigint): Iterable<StoredMessage> {
    const log = this.#logs.get(logKey(view.userId, view.conversation, view.inGroup)) ?? [];
    const cleared = this.#clearedUpTo.get(clearKey(view)) ?? 0n;
    const end = key === 0n ? log.length : firstAtOrAfter(log, key);
    for (let index = end - 1; index >= 0; index--) {
      const message = log[index]!;
      if (message.id <= cleared || message.timestamp < view.sinceMs) return;
      if (!message.hiddenFor.has(view.userId)) yield message;
    }
  }
}

/** READ, DELIVERED or UNREAD, as this user should see it. */
export function statusFor(message: StoredMessage, userId: number): number {
  if (message.fromId === userId) return message.status;
  if (message.readBy.has(userId)) return MessageBodyDeliveryStatus.READ;
  return Math.min(message.status, MessageBodyDeliveryStatus.DELIVERED);
}

function logKey(a: number, b: number, inGroup: boolean): string {
  return inGroup ? `group ${b}` : `${Math.min(a, b)} ${Math.max(a, b)}`;
}

function clearKey(view: HistoryView): string {
  return `${view.userId} ${view.conversation}`;
}
