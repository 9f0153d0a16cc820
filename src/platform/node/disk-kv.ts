import { createJournalKvProvider } from '../journal/kv-provider.ts';
import type { KvProvider } from '../ports.ts';
import { lockDirectory } from './directory-lock.ts';
import { createDiskFiles } from './disk-files.ts';

/** Databases in a directory. The directory is locked while any of them is open. */
export function createDiskKvProvider(directory: string): KvProvider {
  const databases = createJournalKvProvider(createDiskFiles(directory));
  let users = 0;
  let unlock: (() => void) | undefined;
  const enter = (): void => {
    if (users === 0) unlock = lockDirectory(directory);
    users++;
  };
  const leave = (): void => {
    if (--users === 0) unlock!();
  };
  return {
    async open(name) {
      enter();
      let isOpen = true;
      try {
        const store = await databases.open(name);
        return {
          ...store,
          close: async () => {
            await store.close();
            if (isOpen) leave();
            isOpen = false;
          },
        };
      } catch (error) {
        leave();
        throw error;
      }
    },
    async drop(name) {
      enter();
      await databases.drop(name).finally(leave);
    },
  };
}
