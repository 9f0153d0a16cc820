import { createTurns } from '../../util/turns.ts';
import { copyValue, createKvHandle } from '../memory/kv-handle.ts';
import type { KvProvider, KvStore } from '../ports.ts';
import { JOURNAL, JournalDatabase } from './database.ts';
import type { FileSystem } from './file-system.ts';

const HELD_CHARACTERS = 512 * 1024;

interface Opened {
  database: JournalDatabase;
  /** Number of open handles. */
  handles: number;
}

/**
 * Databases in a file system, each in a directory of its own. Only one provider at a time may use a place.
 *
 * @param heldCharacters - characters of values that a database keeps in memory, and once more for the newest ones
 */
export function createJournalKvProvider(files: FileSystem, heldCharacters = HELD_CHARACTERS): KvProvider {
  const opened = new Map<string, Opened>();
  const inTurn = createTurns();
  return {
    open: async (name) =>
      inTurn(async () => {
        const path = encodeURIComponent(name);
        let shared = opened.get(path);
        if (!shared) {
          shared = { database: new JournalDatabase(files, path, heldCharacters), handles: 0 };
          await shared.database.load();
          opened.set(path, shared);
        }
        shared.handles++;
        return handleOn(shared.database, () => {
          if (--shared.handles === 0 && opened.get(path) === shared) opened.delete(path);
        });
      }),
    drop: async (name) =>
      inTurn(async () => {
        const path = encodeURIComponent(name);
        const shared = opened.get(path);
        opened.delete(path);
        await shared?.database.settled(Object.assign(new Error('the database was dropped'), { name: 'NotFoundError' }));
        // The journal first: if the process ends in between, an empty database is left.
        await files.remove(`${path}/${JOURNAL}`);
        await files.removeDirectory(path);
      }),
  };
}

function handleOn(database: JournalDatabase, release: () => void): KvStore {
  const handle = createKvHandle(
    {
      get: async (key) => (await database.read([key]))[0]?.value,
      range: (range) => database.read(database.keys(range)),
      commit: (writes) => database.commit(writes),
      close: async () => {
        await database.settled();
        release();
      },
    },
    copyValue,
    // The database orders the commits of all its handles itself.
    async (run) => run(),
  );
  return { ...handle, isDamaged: database.isDamaged };
}
