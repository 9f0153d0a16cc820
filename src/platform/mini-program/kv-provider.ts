import { createJournalKvProvider } from '../journal/index.ts';
import type { KvProvider } from '../ports.ts';
import { createMiniProgramFileSystem } from './file-system.ts';
import { shelfFolder } from './shelf.ts';
import type { UserFolder } from './user-folder.ts';

/** Databases in the mini-program's own folder, with the shelves of the same name. One for all clients of an app. */
export function createMiniProgramKvProvider(folder: UserFolder): KvProvider {
  const journals = createJournalKvProvider(createMiniProgramFileSystem(folder));
  return {
    ...journals,
    drop: async (name) => {
      await journals.drop(name);
      await folder.removeDirectory(shelfFolder(name));
    },
  };
}
