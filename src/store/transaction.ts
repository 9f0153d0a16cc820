import type { DeviceNames } from '../model/device.ts';
import type { GroupInfo } from '../model/group.ts';
import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { NoticeMeta } from '../model/notice.ts';
import type { RosterItem } from '../model/user.ts';
import type { KvReader } from '../platform/ports.ts';
import { activityOf, CAUGHT_UP, conversationKey, emptyConversation, KEYS } from './schema.ts';
import type { ConversationKey, ConversationRecord, FirstCatchUp, OutboxEntry } from './schema.ts';
import { readDetails } from './details.ts';
import { isIdList } from './record-shapes.ts';
import { StoreOverlay } from './store-changes.ts';
import { TransactionMessages } from './transaction-messages.ts';
import type { WorkingSet } from './working-set.ts';

type ListName = 'friends' | 'groups';

/** Operations and notices of one queue that are remembered, so that a page that comes again applies none twice. */
const REMEMBERED_IDS = 256;

/** Client mids of ten seconds. They are reserved ahead, so that not each send writes a record for it. */
const MIDS_AHEAD = 10_000 * 1024;

/** The records that transactions read. */
interface TransactionBase {
  /** Holds every visible record, also those that are not stored yet. */
  kv: KvReader;
  working: WorkingSet;
}

/**
 * A change to the store in the making: an overlay on the visible records, with the methods that fill it. Its reads see its
 * own changes. Nothing is visible outside until the overlay's changes are applied.
 */
export class StoreTransaction {
  readonly overlay: StoreOverlay;
  readonly messages: TransactionMessages;
  private readonly base: TransactionBase;
  private readonly made: unknown[];

  constructor(
    base: TransactionBase,
    overlay = new StoreOverlay(),
    messages?: TransactionMessages,
    reports: readonly unknown[] = [],
  ) {
    this.base = base;
    this.overlay = overlay;
    this.made = [...reports];
    this.messages =
      messages ?? new TransactionMessages({ kv: base.kv, cache: base.working.tails, overlay: overlay.parts.segments });
  }

  /** A transaction with the changes of this one. Neither sees what the other changes from now on. */
  fork(): StoreTransaction {
    return this.with(this.overlay.fork());
  }

  /** An empty transaction on top of this one, which is being stored: it sees the changes of this one. */
  next(): StoreTransaction {
    const overlay = this.overlay.child();
    return new StoreTransaction(this.base, overlay, this.messages.next(overlay.parts.segments));
  }

  /** This transaction on its own, after the one below it was stored. */
  detached(): StoreTransaction {
    return this.with(this.overlay.detached());
  }

  private with(overlay: StoreOverlay): StoreTransaction {
    return new StoreTransaction(this.base, overlay, this.messages.fork(overlay.parts.segments), this.made);
  }

  /** Says what a task did, for those who follow the store. @param report plain data */
  report(report: unknown): void {
    this.made.push(report);
  }

  /** What the tasks of this transaction said, in their order. */
  get reports(): readonly unknown[] {
    return this.made;
  }

  /** A copy of the record, or undefined when the conversation is not known. */
  conversation(key: ConversationKey): ConversationRecord | undefined {
    const record = this.parts.conversations.get(key, this.base.working.conversations);
    return record && { ...record };
  }

  /** @returns whether anything changed. */
  updateConversation(key: ConversationKey, change: Partial<ConversationRecord>): boolean {
    const old = this.conversation(key);
    const record = { ...(old ?? emptyConversation(key)), ...change };
    if (old && (Object.keys(change) as (keyof ConversationRecord)[]).every((field) => old[field] === record[field]))
      return false;
    this.parts.conversations.set(key, record);
    return true;
  }

  /** When something last happened in a listed conversation, ms since 1970, or later: a change here may have taken that one off. */
  get newestActivity(): number {
    let newest = this.base.working.digest.newestActivity;
    for (const change of this.parts.conversations.range('', '\uffff').changes())
      if (change.op === 'put' && change.value.listed) newest = Math.max(newest, activityOf(change.value));
    return newest;
  }

  /** Whether this is the id of a group that the user is in or talked in. */
  isGroup(id: Id): boolean {
    const { parts, base } = this;
    const isKnown =
      parts.conversations.get(conversationKey('group', id), base.working.conversations) ??
      parts.groups.get(id, base.working.groups);
    return isKnown !== undefined || this.list('groups').includes(id);
  }

  outboxEntry(mid: Id): Readonly<OutboxEntry> | undefined {
    return this.parts.outbox.get(KEYS.outbox(mid), this.base.working.outbox);
  }

  outbox(): Readonly<OutboxEntry>[] {
    return [...this.parts.outbox.over(this.base.working.outbox)].map(([, entry]) => entry);
  }

  putOutbox(entry: OutboxEntry): void {
    this.parts.outbox.set(KEYS.outbox(entry.mid), entry);
  }

  deleteOutbox(mid: Id): void {
    this.parts.outbox.delete(KEYS.outbox(mid));
  }

  /** Makes sure that no later run makes this client mid again. */
  reserveMid(mid: Id): void {
    const { lastMid } = this.parts;
    if (compareIds(mid, lastMid.get(KEYS.lastMid, this.base.working.lastMid) ?? '0') <= 0) return;
    lastMid.set(KEYS.lastMid, String(Number(mid) + MIDS_AHEAD));
  }

  setDevice(names: DeviceNames): void {
    this.parts.device.set(KEYS.device, names);
  }

  get firstCatchUp(): FirstCatchUp {
    return this.parts.firstCatchUp.get(KEYS.firstCatchUp, this.base.working.firstCatchUp) ?? CAUGHT_UP;
  }

  setFirstCatchUp(state: FirstCatchUp): void {
    this.parts.firstCatchUp.set(KEYS.firstCatchUp, state);
  }

  /** Picks the ids of a queue's operations and notices that were not seen before, and remembers them. */
  async unseen(queue: Id, ids: readonly Id[]): Promise<Set<Id>> {
    if (ids.length === 0) return new Set();
    const key = KEYS.queue(queue);
    const change = this.parts.queues.find(key);
    const stored = change ? undefined : await this.base.kv.get(key);
    const seen = new Set(change?.op === 'put' ? change.value : isIdList(stored) ? stored : []);
    const fresh = new Set(ids.filter((id) => !seen.has(id)));
    if (fresh.size > 0) this.parts.queues.set(key, [...seen, ...fresh].slice(-REMEMBERED_IDS));
    return fresh;
  }

  /** The notices that are kept, newest first. */
  get notices(): readonly NoticeMeta[] {
    return this.parts.notices.get(KEYS.notices, this.base.working.notices) ?? [];
  }

  putNotices(notices: readonly NoticeMeta[]): void {
    this.parts.notices.set(KEYS.notices, notices);
  }

  /** @param items - of a server, which may be anything */
  putUsers(items: readonly RosterItem[]): void {
    for (const [id, item] of readDetails<RosterItem>(items, 'user_id')) {
      this.parts.users.set(id, { ...this.parts.users.get(id, this.base.working.users), ...item });
    }
  }

  /** @param infos - of a server, which may be anything */
  putGroupInfos(infos: readonly GroupInfo[]): void {
    for (const [id, info] of readDetails<GroupInfo>(infos, 'group_id')) {
      this.parts.groups.set(id, { ...this.parts.groups.get(id, this.base.working.groups), ...info });
    }
  }

  /** Replaces the whole list by the server's. */
  setFriends(ids: Iterable<Id>): void {
    this.setList('friends', ids);
  }

  addFriend(id: Id): void {
    this.addTo('friends', id);
  }

  removeFriend(id: Id): void {
    this.removeFrom('friends', id);
  }

  /** Replaces the whole list by the server's. */
  setGroups(ids: Iterable<Id>): void {
    this.setList('groups', ids);
  }

  addGroup(id: Id): void {
    this.addTo('groups', id);
  }

  removeGroup(id: Id): void {
    this.removeFrom('groups', id);
  }

  private get parts(): StoreOverlay['parts'] {
    return this.overlay.parts;
  }

  private list(name: ListName): readonly Id[] {
    return this.parts.lists.get(KEYS[name], this.base.working.lists) ?? [];
  }

  private setList(name: ListName, ids: Iterable<Id>): void {
    this.parts.lists.set(KEYS[name], [...new Set(ids)]);
  }

  // A page may hold thousands of notices, each of which changes a list.
  private addTo(name: ListName, id: Id): void {
    const ids = this.list(name);
    if (!ids.includes(id)) this.parts.lists.set(KEYS[name], [...ids, id]);
  }

  private removeFrom(name: ListName, id: Id): void {
    const ids = this.list(name);
    if (ids.includes(id))
      this.parts.lists.set(
        KEYS[name],
        ids.filter((other) => other !== id),
      );
  }
}
