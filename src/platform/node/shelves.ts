import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileBody, FileShelf, FileTransfer } from '../ports.ts';
import { fileAt, piecesOf } from './path-file.ts';

/** The shelves of files that wait for their upload, one for each database. */
export interface Shelves {
  readonly open: NonNullable<FileTransfer['shelf']>;
  clear(name: string): Promise<void>;
}

/** Shelves of clients without a directory. They copy nothing: a file lasts as long as what the app passed. */
export function createMemoryShelves(): Shelves {
  const shelves = new Map<string, Map<string, FileBody>>();
  return {
    open: (name, known) => {
      const wanted = new Set(known());
      const files = new Map([...(shelves.get(name) ?? [])].filter(([key]) => wanted.has(key)));
      shelves.set(name, files);
      return {
        keep: async (key, file) => void files.set(key, file),
        load: async (key) => files.get(key),
        drop: async (key) => void files.delete(key),
        close: async () => undefined,
      };
    },
    clear: async (name) => void shelves.delete(name),
  };
}

/** Shelves in a directory. Files are copied in small pieces. */
export function createDiskShelves(directory: string): Shelves {
  const folderOf = (name: string): string => join(directory, encodeURIComponent(name));
  return {
    open: (name, known) => openShelf(folderOf(name), known),
    clear: async (name) => rm(folderOf(name), { recursive: true, force: true }),
  };
}

function openShelf(folder: string, known: () => Iterable<string>): FileShelf {
  const at = (key: string): string => join(folder, key);
  const drop = async (key: string): Promise<void> => rm(at(key), { force: true }).catch(() => undefined);
  const sweep = async (): Promise<void> => {
    const wanted = new Set(known());
    const found = await readdir(folder).catch(() => []);
    await Promise.all(found.filter((key) => !wanted.has(key)).map(drop));
  };
  let swept: Promise<void> | undefined;
  /** Removes once what earlier runs left behind. */
  const ready = async (): Promise<void> => (swept ??= sweep());
  return {
    async keep(key, file) {
      await ready();
      await mkdir(folder, { recursive: true, mode: 0o700 })
        .then(async () => copy(file, at(key)))
        .catch(async () => drop(key));
    },
    async load(key, { size, type }) {
      await ready();
      // A copy that was interrupted is shorter.
      const isWhole = await stat(at(key)).then(
        (found) => found.size === size,
        () => false,
      );
      return isWhole ? { ...fileAt(at(key)), type } : undefined;
    },
    drop,
    close: async () => undefined,
  };
}

async function copy(file: FileBody, path: string): Promise<void> {
  const handle = await open(path, 'w', 0o600);
  try {
    for await (const bytes of piecesOf(file)) await handle.writeFile(bytes);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
