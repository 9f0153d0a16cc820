import { createTurns } from '../../util/turns.ts';
import { copyValue, createKvHandle } from '../memory/kv-handle.ts';
import type { KvProvider, KvStore } from '../ports.ts';
import { JournalDatabase } from './database.ts';
import type { FileSystem } from './file-system.ts';
import { JOURNAL } from './journal-file.ts';
import type { JournalLimits } from './upkeep.ts';

/** An open reads up to twice the journal's limit, and writes in many places change a block for every few of them. */
const LIMITS: JournalLimits = { journal: 512 * 1024, block: 64 * 1024 };

interface Opened {
  database: JournalDatabase;
  /** Number of open handles. */
  handles: number;
}

/** Databases in a file system, each in a directory of its own. Only one provider at a time may use a place. */
export function createJournalKvProvider(files: FileSystem, limits = LIMITS): KvProvider {
  const opened = new Map<string, Opened>();
  const inTurn = createTurns();
  return {
    open: async (name) =>
      inTurn(async () => {
        const path = encodeURIComponent(name);
        let shared = opened.get(path);
        if (!shared) {
          shared = { database: new JournalDatabase(files, path, limits), handles: 0 };
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
      get: (key) => database.get(key),
      range: (range) => database.range(range),
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
