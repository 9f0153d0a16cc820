import type { GroupInfo } from '../model/group.ts';
import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { NoticeMeta } from '../model/notice.ts';
import type { RosterItem } from '../model/user.ts';
import type { KvStore, KvWrite } from '../platform/ports.ts';
import { MessageDraft } from './message-draft.ts';
import { conversationKey, emptyConversation, KEYS } from './schema.ts';
import type { ConversationKey, ConversationRecord, OutboxEntry } from './schema.ts';
import { TableDraft } from './table.ts';
import type { WorkingSet } from './working-set.ts';

type ListName = 'friends' | 'groups';

interface DraftParts {
  messages: MessageDraft;
  conversations: TableDraft<ConversationRecord>;
  users: TableDraft<RosterItem>;
  groups: TableDraft<GroupInfo>;
}

/** Operations and notices of one queue that are remembered, so that a repeated page applies none twice. */
const REMEMBERED_IDS = 256;

/** Client mids of ten seconds: reserved ahead, so that it is not each send that writes a record for it. */
const MIDS_AHEAD = 10_000 * 1024;

/**
 * One change to the store in the making. Reads see what was changed before; nothing is visible outside until the whole of
 * it is committed.
 */
export class StoreDraft {
  readonly messages: MessageDraft;
  readonly #conversations: TableDraft<ConversationRecord>;
  readonly #users: TableDraft<RosterItem>;
  readonly #groups: TableDraft<GroupInfo>;
  readonly #kv: KvStore;
  readonly #working: WorkingSet;
  /** Other records to be written, by key; undefined: to be deleted. */
  readonly #records = new Map<string, unknown>();
  /** Those of the draft below, which is on its way to the disk. */
  #below: ReadonlyMap<string, unknown> = new Map();
  /** Changes to the working set, to be made once the batch is stored. */
  readonly #publish: (() => void)[] = [];

  /** @param from of a draft that this one begins with. */
  constructor(kv: KvStore, working: WorkingSet, from: Partial<DraftParts> = {}) {
    this.#kv = kv;
    this.#working = working;
    this.messages = from.messages ?? new MessageDraft(kv, working.tails);
    this.#conversations = from.conversations ?? new TableDraft('conversations', working.conversations);
    this.#users = from.users ?? new TableDraft('users', working.users);
    this.#groups = from.groups ?? new TableDraft('groups', working.groupInfos);
  }

  /** A draft that begins where this one is, and writes what this one does, too; what it changes is not seen here. */
  fork(): StoreDraft {
    const fork = new StoreDraft(this.#kv, this.#working, {
      messages: this.messages.fork(),
      conversations: this.#conversations.fork(),
      users: this.#users.fork(),
      groups: this.#groups.fork(),
    });
    fork.#below = this.#below;
    for (const [key, value] of this.#records) fork.#records.set(key, value);
    fork.#publish.push(...this.#publish);
    return fork;
  }

  /** A draft on top of this one, which is being stored: it sees what this one wrote, and writes nothing of it. */
  next(): StoreDraft {
    const next = new StoreDraft(this.#kv, this.#working, {
      messages: this.messages.next(),
      conversations: this.#conversations.next(),
      users: this.#users.next(),
      groups: this.#groups.next(),
    });
    next.#below = this.#records;
    return next;
  }

  get writes(): KvWrite[] {
    const records = [...this.#records].map(([key, value]): KvWrite =>
      value === undefined ? { op: 'delete', key } : { op: 'put', key, value },
    );
    const tables = [...this.#conversations.writes, ...this.#users.writes, ...this.#groups.writes];
    return [...this.messages.writes, ...tables, ...records];
  }

  /** Makes the change visible in the working set; to be called after the commit. */
  publish(): void {
    for (const part of [this.messages, this.#conversations, this.#users, this.#groups]) part.publish();
    for (const run of this.#publish) run();
  }

  /** A copy of the record, or undefined when the conversation is not known. */
  conversation(key: ConversationKey): ConversationRecord | undefined {
    const record = this.#conversations.get(key);
    return record && { ...record };
  }

  /** @returns whether anything changed. */
  updateConversation(key: ConversationKey, change: Partial<ConversationRecord>): boolean {
    const old = this.conversation(key);
    const record = { ...(old ?? emptyConversation(key)), ...change };
    if (old && (Object.keys(change) as (keyof ConversationRecord)[]).every((field) => old[field] === record[field]))
      return false;
    this.#conversations.set(key, record);
    return true;
  }

  /** Whether this is the id of a group that the user is in or talked in. */
  isGroup(id: Id): boolean {
    const isKnown = this.#conversations.get(conversationKey('group', id)) ?? this.#groups.get(id);
    return isKnown !== undefined || this.#working.groups.has(id);
  }

  putOutbox(entry: OutboxEntry): void {
    this.#records.set(KEYS.outbox(entry.mid), entry);
    this.#publish.push(() => this.#working.outbox.set(entry.mid, entry));
  }

  deleteOutbox(mid: Id): void {
    this.#records.set(KEYS.outbox(mid), undefined);
    this.#publish.push(() => this.#working.outbox.delete(mid));
  }

  /** Sees to it that no later run makes this client mid again. */
  reserveMid(mid: Id): void {
    if (compareIds(mid, this.#record(KEYS.lastMid, this.#working.lastMid)) <= 0) return;
    const last = String(Number(mid) + MIDS_AHEAD);
    this.#records.set(KEYS.lastMid, last);
    this.#publish.push(() => (this.#working.lastMid = last));
  }

  /** Of the ids of a queue's operations and notices, the ones not seen before; they are remembered from now on. */
  async unseen(queue: Id, ids: readonly Id[]): Promise<Set<Id>> {
    if (ids.length === 0) return new Set();
    const key = KEYS.queue(queue);
    const seen =
      this.#record<Id[] | undefined>(key, undefined) ?? ((await this.#kv.get(key)) as Id[] | undefined) ?? [];
    const fresh = new Set(ids.filter((id) => !seen.includes(id)));
    if (fresh.size > 0) this.#records.set(key, [...seen, ...fresh].slice(-REMEMBERED_IDS));
    return fresh;
  }

  /** Those that are kept, newest first. */
  get notices(): readonly NoticeMeta[] {
    return this.#record(KEYS.notices, this.#working.notices);
  }

  putNotices(notices: readonly NoticeMeta[]): void {
    this.#records.set(KEYS.notices, notices);
    this.#publish.push(() => (this.#working.notices = notices));
  }

  putUsers(items: readonly RosterItem[]): void {
    for (const item of items) {
      const id = String(item.user_id);
      this.#users.set(id, { ...this.#users.get(id), ...item });
    }
  }

  putGroupInfos(infos: readonly GroupInfo[]): void {
    for (const info of infos) {
      const id = String(info.group_id);
      this.#groups.set(id, { ...this.#groups.get(id), ...info });
    }
  }

  /** The whole list, as the server has it. */
  setFriends(ids: Iterable<Id>): void {
    this.#setList('friends', ids);
  }

  addFriend(id: Id): void {
    this.#setList('friends', [...this.#list('friends'), id]);
  }

  removeFriend(id: Id): void {
    this.#setList(
      'friends',
      this.#list('friends').filter((other) => other !== id),
    );
  }

  /** The whole list, as the server has it. */
  setGroups(ids: Iterable<Id>): void {
    this.#setList('groups', ids);
  }

  addGroup(id: Id): void {
    this.#setList('groups', [...this.#list('groups'), id]);
  }

  removeGroup(id: Id): void {
    this.#setList(
      'groups',
      this.#list('groups').filter((other) => other !== id),
    );
  }

  #list(name: ListName): Id[] {
    return this.#record(KEYS[name], [...this.#working[name]]);
  }

  #setList(name: ListName, ids: Iterable<Id>): void {
    const next = [...new Set(ids)];
    this.#records.set(KEYS[name], next);
    this.#publish.push(() => {
      const list = this.#working[name];
      list.clear();
      for (const id of next) list.add(id);
    });
  }

  /** What this draft will write under a key, or else what is there. */
  #record<T>(key: string, stored: T): T {
    for (const records of [this.#records, this.#below]) if (records.has(key)) return records.get(key) as T;
    return stored;
  }
}
