import type { GroupInfo } from '../model/group.ts';
import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { NoticeMeta } from '../model/notice.ts';
import type { RosterItem } from '../model/user.ts';
import type { KvReader, KvWrite } from '../platform/ports.ts';
import { flatMap } from '../util/es2019.ts';
import { MessageDraft } from './message-draft.ts';
import { conversationKey, emptyConversation, KEYS } from './schema.ts';
import type { ConversationKey, ConversationRecord, OutboxEntry } from './schema.ts';
import { RecordDraft } from './record-draft.ts';
import { TableDraft } from './table.ts';
import type { WorkingSet } from './working-set.ts';

type ListName = 'friends' | 'groups';

type Parts = readonly [
  messages: MessageDraft,
  conversations: TableDraft<ConversationRecord>,
  users: TableDraft<RosterItem>,
  groups: TableDraft<GroupInfo>,
  records: RecordDraft,
];

/** Operations and notices of one queue that are remembered, so that a repeated page applies none twice. */
const REMEMBERED_IDS = 256;

/** Client mids of ten seconds: reserved ahead, so that it is not each send that writes a record for it. */
const MIDS_AHEAD = 10_000 * 1024;

/**
 * One change to the store in the making. Reads see what was changed before; nothing is visible outside until the whole of
 * it is committed.
 */
export class StoreTransaction {
  readonly messages: MessageDraft;
  private readonly conversations: TableDraft<ConversationRecord>;
  private readonly users: TableDraft<RosterItem>;
  private readonly groups: TableDraft<GroupInfo>;
  private readonly records: RecordDraft;
  private readonly parts: Parts;
  private readonly kv: KvReader;
  private readonly working: WorkingSet;

  /** @param parts that this draft begins with. */
  constructor(
    kv: KvReader,
    working: WorkingSet,
    parts: Parts = [
      new MessageDraft(kv, working.tails),
      new TableDraft('conversations', working.conversations),
      new TableDraft('users', working.users),
      new TableDraft('groups', working.groupInfos),
      new RecordDraft(),
    ],
  ) {
    this.kv = kv;
    this.working = working;
    this.parts = parts;
    [this.messages, this.conversations, this.users, this.groups, this.records] = parts;
  }

  /** A draft that begins where this one is, and writes what this one does, too; what it changes is not seen here. */
  fork(): StoreTransaction {
    return new StoreTransaction(this.kv, this.working, this.parts.map((part) => part.fork()) as unknown as Parts);
  }

  /** A draft on top of this one, which is being stored: it sees what this one wrote, and writes nothing of it. */
  next(): StoreTransaction {
    return new StoreTransaction(this.kv, this.working, this.parts.map((part) => part.next()) as unknown as Parts);
  }

  get writes(): KvWrite[] {
    return flatMap(this.parts, (part) => part.writes);
  }

  /** Makes the change visible in the working set; to be called after the commit. */
  publish(): void {
    for (const part of this.parts) part.publish();
  }

  /** A copy of the record, or undefined when the conversation is not known. */
  conversation(key: ConversationKey): ConversationRecord | undefined {
    const record = this.conversations.get(key);
    return record && { ...record };
  }

  /** @returns whether anything changed. */
  updateConversation(key: ConversationKey, change: Partial<ConversationRecord>): boolean {
    const old = this.conversation(key);
    const record = { ...(old ?? emptyConversation(key)), ...change };
    if (old && (Object.keys(change) as (keyof ConversationRecord)[]).every((field) => old[field] === record[field]))
      return false;
    this.conversations.set(key, record);
    return true;
  }

  /** Whether this is the id of a group that the user is in or talked in. */
  isGroup(id: Id): boolean {
    const isKnown = this.conversations.get(conversationKey('group', id)) ?? this.groups.get(id);
    return isKnown !== undefined || this.working.groups.has(id);
  }

  putOutbox(entry: OutboxEntry): void {
    this.records.set(KEYS.outbox(entry.mid), entry, () => this.working.outbox.set(entry.mid, entry));
  }

  deleteOutbox(mid: Id): void {
    this.records.set(KEYS.outbox(mid), undefined, () => this.working.outbox.delete(mid));
  }

  /** Sees to it that no later run makes this client mid again. */
  reserveMid(mid: Id): void {
    if (compareIds(mid, this.records.get(KEYS.lastMid, this.working.lastMid)) <= 0) return;
    const last = String(Number(mid) + MIDS_AHEAD);
    this.records.set(KEYS.lastMid, last, () => (this.working.lastMid = last));
  }

  /** Of the ids of a queue's operations and notices, the ones not seen before; they are remembered from now on. */
  async unseen(queue: Id, ids: readonly Id[]): Promise<Set<Id>> {
    if (ids.length === 0) return new Set();
    const key = KEYS.queue(queue);
    const seen =
      this.records.get<Id[] | undefined>(key, undefined) ?? ((await this.kv.get(key)) as Id[] | undefined) ?? [];
    const fresh = new Set(ids.filter((id) => !seen.includes(id)));
    if (fresh.size > 0) this.records.set(key, [...seen, ...fresh].slice(-REMEMBERED_IDS));
    return fresh;
  }

  /** Those that are kept, newest first. */
  get notices(): readonly NoticeMeta[] {
    return this.records.get(KEYS.notices, this.working.notices);
  }

  putNotices(notices: readonly NoticeMeta[]): void {
    this.records.set(KEYS.notices, notices, () => (this.working.notices = notices));
  }

  putUsers(items: readonly RosterItem[]): void {
    for (const item of items) {
      const id = String(item.user_id);
      this.users.set(id, { ...this.users.get(id), ...item });
    }
  }

  putGroupInfos(infos: readonly GroupInfo[]): void {
    for (const info of infos) {
      const id = String(info.group_id);
      this.groups.set(id, { ...this.groups.get(id), ...info });
    }
  }

  /** The whole list, as the server has it. */
  setFriends(ids: Iterable<Id>): void {
    this.setList('friends', ids);
  }

  addFriend(id: Id): void {
    this.setList('friends', [...this.list('friends'), id]);
  }

  removeFriend(id: Id): void {
    this.setList(
      'friends',
      this.list('friends').filter((other) => other !== id),
    );
  }

  /** The whole list, as the server has it. */
  setGroups(ids: Iterable<Id>): void {
    this.setList('groups', ids);
  }

  addGroup(id: Id): void {
    this.setList('groups', [...this.list('groups'), id]);
  }

  removeGroup(id: Id): void {
    this.setList(
      'groups',
      this.list('groups').filter((other) => other !== id),
    );
  }

  private list(name: ListName): Id[] {
    return this.records.get(KEYS[name], [...this.working[name]]);
  }

  private setList(name: ListName, ids: Iterable<Id>): void {
    const next = [...new Set(ids)];
    this.records.set(KEYS[name], next, () => {
      const list = this.working[name];
      list.clear();
      for (const id of next) list.add(id);
    });
  }
}
