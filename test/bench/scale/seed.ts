// What a device has stored after years: written into its database in the stored form of version 2, which every release since
// reads.
import type { KvStore, KvWrite } from '../../../src/platform/ports.ts';
import { conversationKey, emptyConversation, KEYS } from '../../../src/store/schema.ts';
import type { ConversationRecord, StoredMessage } from '../../../src/store/schema.ts';
import { packItems } from '../../../src/store/segment-record.ts';
import type { RosterItem } from '../../../src/model/user.ts';
import { idOf, peerOf } from '../data/page/world.ts';
import { textOf } from '../data/page/texts.ts';

export interface Shape {
  /** Whose device it is. */
  self: string;
  /** User ids of the first conversations: users of the server. */
  peers: readonly string[];
  conversations: number;
  /** Messages in each. */
  each: number;
}

/** Occurs in the text of one message, in the middle of everything. */
export const ONE_WORD = 'zyzzyva';

const VERSION = 2;
const SEGMENT = 128;
const FIRST_TIME = 1_700_000_000_000;
/** Texts that are made; later messages have them again. */
const TEXTS = 50_000;
/** Characters that are committed at once. */
const BATCH = 4_000_000;

export const peerIn = ({ peers }: Shape, conversation: number): string => peers[conversation] ?? peerOf(conversation);

/** The id of a conversation's message: those of all conversations take turns. */
export const messageIn = ({ conversations }: Shape, conversation: number, message: number): string =>
  idOf(message * conversations + conversation);

export async function seed(kv: KvStore, shape: Shape): Promise<void> {
  let batch: KvWrite[] = [];
  let size = 0;
  const put = async (key: string, value: string): Promise<void> => {
    batch.push({ op: 'put', key, value });
    size += value.length;
    if (size < BATCH) return;
    await kv.commit(batch);
    batch = [];
    size = 0;
  };
  const records: [string, ConversationRecord][] = [];
  const users: [string, RosterItem][] = [];
  for (let conversation = 0; conversation < shape.conversations; conversation++) {
    const peer = peerIn(shape, conversation);
    const key = conversationKey('roster', peer);
    let newest: StoredMessage | undefined;
    for (let from = 0; from < shape.each; from += SEGMENT) {
      const count = Math.min(SEGMENT, shape.each - from);
      const messages = Array.from({ length: count }, (_, k) => messageOf(shape, conversation, from + k));
      await put(KEYS.segment(key, from === 0 ? '0' : messages[0]!.id), packItems(messages));
      newest = messages[count - 1];
    }
    records.push([key, recordOf(key, peer, newest!)]);
    users.push([peer, userOf(peer, conversation)]);
  }
  for (const [name, table] of [['conversations', records] as const, ['users', users] as const])
    for (const [ending, bucket] of inBuckets<unknown>(table)) await put(`${name}/${ending}`, JSON.stringify(bucket));
  await kv.commit([
    ...batch,
    { op: 'put', key: KEYS.friends, value: shape.peers.slice() },
    { op: 'put', key: KEYS.schema, value: VERSION },
  ]);
}

function messageOf(shape: Shape, conversation: number, message: number): StoredMessage {
  const number = message * shape.conversations + conversation;
  const peer = peerIn(shape, conversation);
  const isMiddle = number === Math.floor((shape.conversations * shape.each) / 2);
  const isOwn = number % 3 === 0;
  return {
    id: idOf(number),
    from: isOwn ? shape.self : peer,
    to: isOwn ? peer : shape.self,
    content: isMiddle ? `${ONE_WORD} ${knownText(number)}` : knownText(number),
    type: 'text',
    ext: '',
    status: 2,
    timestamp: String(FIRST_TIME + number * 1000),
    toType: 'roster',
    is_system: false,
    isHistory: false,
    isNative: false,
    isPlayed: false,
    editTimestamp: '0',
  };
}

const texts: string[] = [];
const knownText = (number: number): string => (texts[number % TEXTS] ??= textOf(number % TEXTS));

const recordOf = (key: string, peer: string, { id, content, timestamp }: StoredMessage): ConversationRecord => ({
  ...emptyConversation(key),
  ...{ type: 'roster', id: peer, previewId: id, content, timestamp, newestId: id, unread: 1 },
});

const userOf = (id: string, number: number): RosterItem => ({
  user_id: Number(id),
  username: `user-${number}`,
  nick_name: `Nick ${number}`,
  avatar: `https://files.example/avatars/${id}.png`,
  relation: 0,
});

function inBuckets<T>(records: readonly (readonly [string, T])[]): Map<string, (readonly [string, T])[]> {
  const buckets = new Map<string, (readonly [string, T])[]>();
  for (const record of records) {
    const ending = record[0].slice(-2);
    const bucket = buckets.get(ending);
    if (bucket) bucket.push(record);
    else buckets.set(ending, [record]);
  }
  return buckets;
}
