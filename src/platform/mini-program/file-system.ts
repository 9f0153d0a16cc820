import type { FileSystem } from '../journal/file-system.ts';
import { readUtf8 } from '../../wire/utf8.ts';
import { isMissing, unlessMissing } from './api.ts';
import type { UserFolder } from './user-folder.ts';

/** Path of a file that is being replaced. It counts only while there is no file at the path itself. */
const aside = (path: string): string => `${path}~`;

/** The files of the mini-program's own folder, for a store. */
export function createMiniProgramFileSystem(folder: UserFolder): FileSystem {
  const { at, call, remove } = folder;
  const rename = async (from: string, to: string): Promise<unknown> =>
    call('rename', { oldPath: at(from), newPath: at(to) });
  /**
   * Brings back a file that was set aside.
   *
   * @returns whether there was one
   */
  const restore = async (path: string): Promise<boolean> =>
    (await unlessMissing(rename(aside(path), path).then(() => true))) ?? false;
  const read = async (path: string): Promise<string> => {
    const { data } = await call('readFile', { filePath: at(path) });
    // Read as bytes, because it is not documented how the platform reads half a character as text.
    return readUtf8(new Uint8Array(data), 0, data.byteLength);
  };
  const write = async (path: string, data: string, how: 'writeFile' | 'appendFile'): Promise<unknown> =>
    call(how, { filePath: at(path), data, encoding: 'utf8' });

  return {
    ...folder,
    read: async (path) => (await unlessMissing(read(path))) ?? ((await restore(path)) ? read(path) : undefined),
    write: async (path, text) => write(path, text, 'writeFile'),
    append: async (path, text) =>
      write(path, text, 'appendFile').catch(async (error: unknown) => {
        if (!isMissing(error)) throw error;
        return write(path, text, (await restore(path)) ? 'appendFile' : 'writeFile');
      }),
    rename: async (from, to) =>
      rename(from, to).catch(async (error: unknown) => {
        if (isMissing(error)) throw error;
        // Some platforms do not replace a file. Wherever this is interrupted, the old file or the new one is found.
        await remove(aside(to));
        await rename(to, aside(to)).catch(() => {
          throw error;
        });
        await rename(from, to);
        await remove(aside(to));
      }),
    remove: async (path) => {
      // In this order, or the file that was set aside would come back.
      await remove(aside(path));
      await remove(path);
    },
    list: async (directory) => {
      const names = await folder.list(directory);
      return [...new Set(names.map((name) => name.replace(/~$/, '')))];
    },
  };
}
