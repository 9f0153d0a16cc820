import { expect, test } from 'vitest';
import { openStore } from '../../../src/store/store.ts';
import { filled, idOf } from './big-store.ts';
import { storedMessage } from './stored-message.ts';

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
