import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvStore, KvWrite } from '../../../src/platform/ports.ts';
import { migrate } from '../../../src/store/migrations.ts';
import { emptyConversation, KEYS } from '../../../src/store/schema.ts';
import { packItems } from '../../../src/store/segment-record.ts';
import { newTable } from '../../../src/store/table.ts';
import { storedMessage } from './stored-message.ts';

/** Ids as a server gives them. */
export const idOf = (n: number): string => String(6_597_069_766_656 + n * 17);

/** A database with this many conversations of one message, the last one the newest, and the details of as many users. */
export async function filled(count: number): Promise<{ kv: KvStore; written: KvWrite[] }> {
  const memory = await createMemoryKvProvider().open('user');
  await migrate(memory);
  const ids = Array.from({ length: count }, (_, n) => idOf(n));
  const conversations = ids.map((id, n) => {
    const record = { ...emptyConversation(`r${id}`), content: 'what was written last', timestamp: String(n) };
    return [`r${id}`, { ...record, newestId: '5', previewId: '5' }] as const;
  });
  const users = ids.map((id) => [id, { user_id: Number(id), username: `user ${id}` }] as const);
  const messages = conversations.map(([key]): KvWrite => {
    return { op: 'put', key: KEYS.segment(key, '0'), value: packItems([storedMessage(5)]) };
  });
  await memory.commit([
    ...newTable('conversations', new Map(conversations)),
    ...newTable('users', new Map(users)),
    ...messages,
  ]);
  const written: KvWrite[] = [];
  const commit = async (batch: readonly KvWrite[]): Promise<void> => {
    written.push(...batch);
    await memory.commit(batch);
  };
  // It can be opened again.
  return { kv: { ...memory, commit, close: async () => undefined }, written };
}
