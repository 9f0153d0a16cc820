import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { Clock, KvStore } from '../../../src/platform/ports.ts';
import type { StoreTransaction } from '../../../src/store/transaction.ts';
import { openStore } from '../../../src/store/store.ts';
import type { Store } from '../../../src/store/store.ts';
import { createDeferred } from '../../../src/util/deferred.ts';
import type { Deferred } from '../../../src/util/deferred.ts';
import { storedMessage } from './stored-message.ts';

export const KEY = 'r200';
export const turn = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A store whose disk the test drives: each commit waits until the test resolves or rejects it. */
export async function slowStore(
  clock?: Clock,
): Promise<{ store: Store; kv: KvStore; held: Deferred[]; batches: number[]; stored: () => Promise<string[]> }> {
  const kv = await createMemoryKvProvider().open('user');
  const held: Deferred[] = [];
  const batches: number[] = [];
  let isHolding = false;
  const store = await openStore(
    {
      get: async (key) => kv.get(key),
      range: async (range) => kv.range(range),
      close: async () => kv.close(),
      commit: async (batch) => {
        if (isHolding) {
          const gate = createDeferred();
          held.push(gate);
          await gate.promise;
        }
        batches.push(batch.length);
        await kv.commit(batch);
      },
    },
    { clock },
  );
  isHolding = true;
  // The data that the next run finds after a crash.
  const stored = async (): Promise<string[]> => idsIn(await openStore(kv));
  return { store, kv, held, batches, stored };
}

export const putting =
  (...ids: number[]) =>
  async (tx: StoreTransaction): Promise<void> =>
    tx.messages.put(
      KEY,
      ids.map((id) => storedMessage(id)),
    );
export const put = async (store: Store, ...ids: number[]): Promise<unknown> => store.update(putting(...ids));
/** Resolves when it is visible. */
export const putSoon = async (store: Store, ...ids: number[]): Promise<unknown> =>
  store.update(putting(...ids), 'later');
export const idsIn = async ({ query }: Store): Promise<string[]> =>
  (await query.before(KEY, '9999', 5000)).map(({ id }) => id);
export const newestIds = (store: Store): string[] => store.reader.newestMessages(KEY).map(({ id }) => id);
