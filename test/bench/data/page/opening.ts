import type { RosterItem } from '../../../../src/model/user.ts';
import { createIndexedDbKvProvider } from '../../../../src/platform/browser/kv-store.ts';
import { conversationKey } from '../../../../src/store/schema.ts';
import { systemClock } from '../../../../src/platform/web-api/system.ts';
import { openStore } from '../../../../src/store/store.ts';
import { applyPage } from '../../../../src/sync/apply.ts';
import type { MessageMeta } from '../../../../src/wire/frame-types.ts';
import { createPlain, openPlain, putPlainPage, readPlainAll } from './plain-layout.ts';
import type { PlainRecord } from './plain-layout.ts';
import { createKv, databaseOf, deliveredPage, PAGE_MESSAGES, pageOf, peerOf, SELF, streamed } from './world.ts';

const AT_ONCE = 16;
/** Conversations an app shows first. */
const TOP = 50;

export const PLAIN_MANY = 'plain-many-conversations';

/** Stores so many conversations of a page each, with their users, in both layouts. */
export async function seedConversations(count: number): Promise<void> {
  const store = await openStore(await createKv(databaseOf(SELF)));
  const db = await createPlain(PLAIN_MANY);
  const peers = Array.from({ length: count }, (_, conversation) => peerOf(conversation));
  await store.update((tx) => {
    tx.putUsers(peers.map(userOf));
    tx.setFriends(peers);
  });
  const tasks = peers.map((queue, conversation) => async () => {
    const metas = pageOf(queue, conversation * PAGE_MESSAGES);
    await store.update(async (tx) =>
      applyPage(tx, deliveredPage(queue, metas, '0'), { self: SELF, clock: systemClock }),
    );
    await putPlainPage(db, conversationKey('roster', queue), metas as MessageMeta[]);
  });
  await streamed(tasks, AT_ONCE);
  await store.close();
  db.close();
}

const userOf = (id: string, index: number): RosterItem => ({
  user_id: Number(id),
  username: `user-${index}`,
  nick_name: `Nick ${index}`,
  avatar: `https://files.example/avatars/${id}.png`,
  relation: 0,
});

export interface Opened {
  ms: number;
  conversations: number;
  /** Messages of the newest conversations that are readable at once. */
  messages: number;
}

/** Opened stores stay in memory, so that the heap can be measured. */
export let opened: unknown;

/** The time from a closed database to the list and the messages of the newest conversations. */
export async function openOurs(): Promise<Opened> {
  const start = performance.now();
  const { reader } = await openStore(await createIndexedDbKvProvider().open(databaseOf(SELF)));
  const list = reader.conversations().sort(([, a], [, b]) => (a.newestId < b.newestId ? 1 : -1));
  const messages = list.slice(0, TOP).reduce((sum, [key]) => sum + reader.newestMessages(key).length, 0);
  const ms = performance.now() - start;
  opened = reader;
  return { ms, conversations: list.length, messages };
}

/** The same from one record a message: everything is read. */
export async function openPlainLayout(): Promise<Opened> {
  const start = performance.now();
  const byConversation = new Map<string, PlainRecord[]>();
  for (const record of await readPlainAll(await openPlain(PLAIN_MANY))) {
    const list = byConversation.get(record.conversation);
    if (list) list.push(record);
    else byConversation.set(record.conversation, [record]);
  }
  const newest = ([, messages]: [string, PlainRecord[]]): string => messages[messages.length - 1]!.id;
  const list = [...byConversation].sort((a, b) => (newest(a) < newest(b) ? 1 : -1));
  const messages = list.slice(0, TOP).reduce((sum, [, of]) => sum + of.length, 0);
  const ms = performance.now() - start;
  opened = byConversation;
  return { ms, conversations: list.length, messages };
}
