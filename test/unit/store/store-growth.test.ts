import { expect, test } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvStore, KvWrite } from '../../../src/platform/ports.ts';
import { emptyConversation } from '../../../src/store/schema.ts';
import { openStore } from '../../../src/store/store.ts';
import { newTable } from '../../../src/store/table.ts';
import { migrate } from '../../../src/store/migrations.ts';
import { storedMessage } from './stored-message.ts';

/** Ids as a server gives them. */
const idOf = (n: number): string => String(6_597_069_766_656 + n * 17);

/** A database with this many conversations, and the details of as many users. */
async function filled(count: number): Promise<{ kv: KvStore; written: KvWrite[] }> {
  const memory = await createMemoryKvProvider().open('user');
  await migrate(memory);
  const ids = Array.from({ length: count }, (_, n) => idOf(n));
  const conversations = ids.map((id, n) => {
    const record = { ...emptyConversation(`r${id}`), content: 'what was written last', timestamp: String(n) };
    return [`r${id}`, { ...record, newestId: '5', previewId: '5' }] as const;
  });
  const users = ids.map((id) => [id, { user_id: Number(id), username: `user ${id}` }] as const);
  await memory.commit([...newTable('conversations', new Map(conversations)), ...newTable('users', new Map(users))]);
  const written: KvWrite[] = [];
  const commit = async (batch: readonly KvWrite[]): Promise<void> => {
    written.push(...batch);
    await memory.commit(batch);
  };
  return { kv: { ...memory, commit }, written };
}

/** What 50 messages write in 50 conversations, a batch each. */
async function writesOf50Messages(count: number): Promise<{ keys: number; bytes: number }> {
  const { kv, written } = await filled(count);
  const store = await openStore(kv);
  written.length = 0;
  for (let n = 0; n < 50; n++) {
    const id = idOf(n * Math.floor(count / 50));
    await store.update(async (tx) => {
      await tx.messages.put(`r${id}`, [storedMessage(10)]);
      tx.updateConversation(`r${id}`, { newestId: '10', previewId: '10', unread: 1 });
      tx.putUsers([{ user_id: Number(id), nick_name: 'changed' }]);
    });
  }
  return { keys: written.length, bytes: JSON.stringify(written).length };
}

test('a commit writes as much in a store of 20,000 conversations as in one of 1,000', async () => {
  const [few, many] = [await writesOf50Messages(1000), await writesOf50Messages(20_000)];
  expect(many.keys).toBeLessThanOrEqual(few.keys * 2);
  expect(many.bytes).toBeLessThanOrEqual(few.bytes * 2);
  expect(few.bytes).toBeLessThanOrEqual(many.bytes * 2);
});
