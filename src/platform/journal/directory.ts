import type { FileSystem } from './file-system.ts';

/** The files of one database, by their names. */
export interface Directory {
  read(name: string): Promise<string | undefined>;
  /** Writes a whole file. When that fails, nothing of it is left, if possible. */
  write(name: string, text: string): Promise<void>;
  append(name: string, text: string): Promise<unknown>;
  rename(from: string, to: string): Promise<unknown>;
  /** Removes files. The next run removes those that cannot be removed now. Never rejects. */
  remove(names: readonly string[]): Promise<void>;
  list(): Promise<string[]>;
  /** Creates the directory; does nothing when it exists. */
  make(): Promise<unknown>;
}

export function createDirectory(files: FileSystem, path: string): Directory {
  const at = (name: string): string => `${path}/${name}`;
  const remove = async (names: readonly string[]): Promise<void> => {
    await Promise.all(names.map(async (name) => files.remove(at(name)).catch(() => undefined)));
  };
  return {
    read: async (name) => files.read(at(name)),
    write: async (name, text) => {
      await files.write(at(name), text).catch(async (error: unknown) => {
        await remove([name]);
        throw error;
      });
    },
    append: async (name, text) => files.append(at(name), text),
    rename: async (from, to) => files.rename(at(from), at(to)),
    remove,
    list: async () => files.list(path),
    make: async () => files.makeDirectory(path),
  };
}
