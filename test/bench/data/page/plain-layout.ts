// The layout to compare with: one record a message, keyed [conversation, id], one transaction a page.
import { deleteDB, openDB } from 'idb';
import type { IDBPDatabase } from 'idb';
import type { SyncedMessage } from '../../../../src/model/message.ts';
import { toMessage } from '../../../../src/sync/message-mapper.ts';
import type { ReceivedMessage } from '../../../../src/sync/message-mapper.ts';
import type { MessageMeta } from '../../../../src/wire/frame-types.ts';

const STORE = 'messages';

/** Ids of all measured messages have as many digits, so that text orders them. */
export type PlainRecord = SyncedMessage & { conversation: string };

export async function createPlain(name: string): Promise<IDBPDatabase> {
  await deleteDB(name);
  return openPlain(name);
}

export async function openPlain(name: string): Promise<IDBPDatabase> {
  return openDB(name, 1, {
    upgrade: (db) => void db.createObjectStore(STORE, { keyPath: ['conversation', 'id'] }),
  });
}

/** Resolves when the page is committed. */
export async function putPlainPage(
  db: IDBPDatabase,
  conversation: string,
  metas: readonly MessageMeta[],
): Promise<void> {
  const transaction = db.transaction(STORE, 'readwrite', { durability: 'relaxed' });
  for (const meta of metas) {
    const record: PlainRecord = { ...toMessage(meta as ReceivedMessage, false), conversation };
    void transaction.store.put(record);
  }
  await transaction.done;
}

/** Messages of a conversation with ids in [from, to). */
export async function readPlainRange(
  db: IDBPDatabase,
  conversation: string,
  from: string,
  to: string,
): Promise<PlainRecord[]> {
  return (await db.getAll(
    STORE,
    IDBKeyRange.bound([conversation, from], [conversation, to], false, true),
  )) as PlainRecord[];
}

export async function readPlainAll(db: IDBPDatabase): Promise<PlainRecord[]> {
  return (await db.getAll(STORE)) as PlainRecord[];
}
