import type { GroupInfo } from '../model/group.ts';
import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { RosterItem } from '../model/user.ts';
import type { KvStore, KvWrite } from '../platform/ports.ts';
import { emptyConversation, KEYS, messageRange } from './schema.ts';
import type { ConversationKey, ConversationRecord, OutboxEntry } from './schema.ts';
import { WINDOW_MESSAGES } from './working-set.ts';
import type { WorkingSet } from './working-set.ts';

type ListName = 'friends' | 'groups';

/** Operations and notices of one queue that are remembered, so that a repeated page applies none twice. */
const REMEMBERED_IDS = 256;

/**
 * One change to the store in the making. Reads see what was changed before; nothing is visible outside until the whole of
 * it is committed.
 */
export class StoreDraft {
  readonly #kv: KvStore;
  readonly #working: WorkingSet;
  readonly #writes = new Map<string, KvWrite>();
  readonly #conversations = new Map<ConversationKey, ConversationRecord>();
  readonly #messages = new Map<string, Message>();
  readonly #queues = new Map<Id, Id[]>();
  readonly #users = new Map<Id, RosterItem>();
  readonly #groupInfos = new Map<Id, GroupInfo>();
  readonly #lists: { [name in ListName]?: Id[] } = {};
  /** Changes to the working set, to be made once the batch is stored. */
  readonly #publish: (() => void)[] = [];

  constructor(kv: KvStore, working: WorkingSet) {
    this.#kv = kv;
    this.#working = working;
  }

  get writes(): KvWrite[] {
    return [...this.#writes.values()];
  }

  /** Makes the change visible in the working set; to be called after the commit. */
  publish(): void {
    for (const run of this.#publish) run();
  }

  /** A copy of the record, or undefined when the conversation is not known. */
  conversation(key: ConversationKey): ConversationRecord | undefined {
    const record = this.#conversations.get(key) ?? this.#working.conversations.get(key);
    return record && { ...record };
  }

  /** @returns whether anything changed. */
  updateConversation(key: ConversationKey, change: Partial<ConversationRecord>): boolean {
    const old = this.conversation(key);
    const record = { ...(old ?? emptyConversation(key)), ...change };
    if (old && (Object.keys(change) as (keyof ConversationRecord)[]).every((field) => old[field] === record[field]))
      return false;
    this.#conversations.set(key, record);
    this.#put(KEYS.conversation(key), record);
    this.#publish.push(() => this.#working.conversations.set(key, record));
    return true;
  }

  /** The stored messages among these ids. */
  async messages(key: ConversationKey, ids: readonly Id[]): Promise<Map<Id, Message>> {
    const found = new Map<Id, Message>();
    const window = await this.window(key);
    // A window that is not full holds the whole conversation; a full one everything from its first message on.
    const floor = window.length < WINDOW_MESSAGES ? '0' : window[0]!.id;
    const inWindow = new Map(window.map((message) => [message.id, message]));
    const older: Id[] = [];
    for (const id of ids) {
      const message = this.#messages.get(KEYS.message(key, id)) ?? inWindow.get(id);
      if (message) found.set(id, message);
      else if (compareIds(id, floor) < 0) older.push(id);
    }
    if (older.length > 0) {
      older.sort(compareIds);
      const stored = await this.#kv.range(messageRange(key, older[0]!, older[older.length - 1]!));
      const wanted = new Set(older);
      for (const { value } of stored) {
        const message = value as Message;
        if (wanted.has(message.id)) found.set(message.id, message);
      }
    }
    return found;
  }

  /** The newest stored messages, ascending, as they were before this draft. */
  async window(key: ConversationKey): Promise<readonly Message[]> {
    return loadWindow(this.#kv, this.#working, key);
  }

  /** The newest messages as {@link window} has them, with what this draft put and changed; ascending. */
  async recent(key: ConversationKey): Promise<Message[]> {
    const messages = new Map((await this.window(key)).map((message) => [message.id, message]));
    for (const [at, message] of this.#messages) if (at.startsWith(`m/${key}/`)) messages.set(message.id, message);
    return [...messages.values()].sort((a, b) => compareIds(a.id, b.id));
  }

  /** The group that holds this message, among those in memory. */
  groupWith(id: Id): ConversationKey | undefined {
    return this.#working.windows.find(id, 'g');
  }

  /** Stores a message, new or changed. */
  putMessage(key: ConversationKey, message: Message): void {
    const at = KEYS.message(key, message.id);
    this.#messages.set(at, message);
    this.#put(at, message);
    this.#publish.push(() => this.#working.windows.put(key, message));
  }

  putOutbox(entry: OutboxEntry): void {
    this.#put(KEYS.outbox(entry.mid), entry);
    this.#publish.push(() => this.#working.outbox.set(entry.mid, entry));
  }

  deleteOutbox(mid: Id): void {
    const key = KEYS.outbox(mid);
    this.#writes.set(key, { op: 'delete', key });
    this.#publish.push(() => this.#working.outbox.delete(mid));
  }

  /** Remembers the highest client mid, so that no later run makes it again. */
  putLastMid(mid: Id): void {
    this.#put(KEYS.lastMid, mid);
  }

  /** Of the ids of a queue's operations and notices, the ones not seen before; they are remembered from now on. */
  async unseen(queue: Id, ids: readonly Id[]): Promise<Set<Id>> {
    if (ids.length === 0) return new Set();
    const seen = this.#queues.get(queue) ?? ((await this.#kv.get(KEYS.queue(queue))) as Id[] | undefined) ?? [];
    const fresh = new Set(ids.filter((id) => !seen.includes(id)));
    if (fresh.size > 0) {
      const next = [...seen, ...fresh].slice(-REMEMBERED_IDS);
      this.#queues.set(queue, next);
      this.#put(KEYS.queue(queue), next);
    }
    return fresh;
  }

  putUsers(items: readonly RosterItem[]): void {
    for (const item of items) {
      const id = String(item.user_id);
      const merged = { ...(this.#users.get(id) ?? this.#working.users.get(id)), ...item };
      this.#users.set(id, merged);
      this.#put(KEYS.user(id), merged);
      this.#publish.push(() => this.#working.users.set(id, merged));
    }
  }

  putGroupInfos(infos: readonly GroupInfo[]): void {
    for (const info of infos) {
      const id = String(info.group_id);
      const merged = { ...(this.#groupInfos.get(id) ?? this.#working.groupInfos.get(id)), ...info };
      this.#groupInfos.set(id, merged);
      this.#put(KEYS.group(id), merged);
      this.#publish.push(() => this.#working.groupInfos.set(id, merged));
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
    return this.#lists[name] ?? [...this.#working[name]];
  }

  #setList(name: ListName, ids: Iterable<Id>): void {
    const next = [...new Set(ids)];
    this.#lists[name] = next;
    this.#put(KEYS[name], next);
    this.#publish.push(() => {
      const list = this.#working[name];
      list.clear();
      for (const id of next) list.add(id);
    });
  }

  #put(key: string, value: unknown): void {
    this.#writes.set(key, { op: 'put', key, value });
  }
}

/** The newest messages of a conversation, from memory or else from the database. */
export async function loadWindow(kv: KvStore, working: WorkingSet, key: ConversationKey): Promise<readonly Message[]> {
  const known = working.windows.get(key);
  if (known) return known;
  const newest = await kv.range({
    ...messageRange(key, '0', '18446744073709551615'),
    reverse: true,
    limit: WINDOW_MESSAGES,
  });
  working.windows.load(key, newest.map(({ value }) => value as Message).reverse());
  return working.windows.get(key)!;
}
