import { expect, test } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { migrate } from '../../../src/store/migrations.ts';
import { readStored, toChanges, toWrites } from '../../../src/store/record-codec.ts';
import { KEYS } from '../../../src/store/schema.ts';
import { readTail, segmentsIn } from '../../../src/store/segment-reader.ts';
import { openStore } from '../../../src/store/store.ts';
import { StoreTransaction } from '../../../src/store/transaction.ts';
import { createWorkingSet } from '../../../src/store/working-set.ts';
import type { WorkingSet } from '../../../src/store/working-set.ts';
import { createWorkingSetReader } from '../../../src/store/working-set-reader.ts';
import { messageEntry } from '../../../src/sync/outgoing.ts';
import { fc } from '../../support/property.ts';
import { NO_CHANGES } from './no-changes.ts';
import { storedMessage } from './stored-message.ts';

const CHATS = ['r200', 'g300'];

/** The data that getters return. */
function seen(working: WorkingSet): unknown {
  const reader = createWorkingSetReader(working, () => undefined);
  return {
    conversations: reader.conversations(),
    messages: CHATS.map((key) => reader.newestMessages(key)),
    users: reader.users(),
    groups: reader.groups(),
    friends: reader.friends(),
    joinedGroups: reader.joinedGroups(),
    outbox: reader.outbox(),
    notices: reader.notices(),
    lastMid: reader.lastMid(),
  };
}

const chat = fc.constantFrom(...CHATS);
const step = fc.oneof(
  fc.record({
    put: chat,
    ids: fc.uniqueArray(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 150 }),
  }),
  fc.record({ clear: chat }),
  fc.record({ row: fc.integer({ min: 1, max: 5 }), isDeleted: fc.boolean() }),
  fc.record({ user: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ friend: fc.constantFrom('1', '2', '3') }),
);

test('changes are plain data: a copy of the working set that gets only the changes is equal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 10 }), async (batches) => {
      const kv = await createMemoryKvProvider().open('user');
      await migrate(kv);
      const [working, other] = [createWorkingSet(), createWorkingSet()];
      for (const each of [working, other]) {
        each.apply(toChanges(await readStored(kv)));
        for (const key of CHATS) each.tails.add(key, await readTail(segmentsIn(kv), key));
      }
      for (const [at, steps] of batches.entries()) {
        const tx = new StoreTransaction({ kv, working });
        for (const each of steps) {
          if ('put' in each) {
            const ids = [...each.ids].sort((a, b) => a - b);
            await tx.messages.put(
              each.put,
              ids.map((id) => storedMessage(id, { content: `${at}` })),
            );
            tx.updateConversation(each.put, { newestId: String(ids[ids.length - 1]), unread: at });
          } else if ('clear' in each) {
            tx.messages.clear(each.clear);
            tx.updateConversation(each.clear, { clearedTo: '700' });
          } else if ('user' in each) tx.putUsers([{ user_id: each.user, username: `${at}` }]);
          else if ('friend' in each) tx.addFriend(each.friend);
          else if (each.isDeleted) tx.deleteOutbox(String(each.row));
          else tx.putOutbox(messageEntry(String(each.row), 'r200', { content: 'x', type: 'text' }, '100', 1, '0'));
        }
        const changes = tx.overlay.changes();
        await kv.commit(toWrites(tx.overlay, working));
        working.apply(changes);
        other.apply(structuredClone(changes));
        expect(seen(other)).toEqual(seen(working));
      }
      const reopened = await openStore(kv);
      for (const key of CHATS) {
        await reopened.warm(key);
        expect(createWorkingSetReader(other, () => undefined).newestMessages(key)).toEqual(
          reopened.reader.newestMessages(key),
        );
      }
      expect(reopened.reader.conversations().sort()).toEqual([...other.conversations].sort());
      expect(reopened.reader.users().sort()).toEqual([...other.users].sort());
      expect(reopened.reader.friends()).toEqual(other.lists.get(KEYS.friends));
    }),
    { numRuns: 50 },
  );
});

test('messages of a conversation that is not in memory are left on the disk', () => {
  const working = createWorkingSet();
  working.apply({
    ...NO_CHANGES,
    segments: [{ op: 'put', key: KEYS.segment('r200', '0'), value: [storedMessage(1)] }],
  });
  expect(createWorkingSetReader(working, () => undefined).hasMessages('r200')).toBe(false);
});
