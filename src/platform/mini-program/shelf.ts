import type { FileShelf } from '../ports.ts';
import type { MiniProgramApi } from './api.ts';
import { extensionOf, pathFile } from './path-file.ts';
import type { PathFile } from './path-file.ts';
import type { UserFolder } from './user-folder.ts';

/** Folder of the shelf of a database. */
export const shelfFolder = (name: string): string => `shelf/${encodeURIComponent(name)}`;

/**
 * A shelf in the mini-program's own folder: temporary files are gone when the app starts again. The name of a copy is its key
 * with the extension of the file, by which servers recognise its kind.
 */
export function createShelf(
  api: MiniProgramApi,
  { at, call, list, makeDirectory, remove }: UserFolder,
  name: string,
  known: () => Iterable<string>,
): FileShelf {
  const folder = shelfFolder(name);
  const removeAll = async (isLeft: (key: string) => boolean): Promise<void> => {
    const files = await list(folder);
    await Promise.all(files.filter((file) => isLeft(keyOf(file))).map((file) => remove(`${folder}/${file}`)));
  };
  let swept: Promise<void> | undefined;
  /** Removes once what earlier runs left behind. */
  const ready = async (): Promise<void> => {
    const wanted = new Set(known());
    return (swept ??= removeAll((key) => !wanted.has(key)).catch(() => undefined));
  };
  const drop = async (key: string): Promise<void> => removeAll((one) => one === key).catch(() => undefined);

  return {
    async keep(key, file) {
      const { path: srcPath } = file as PathFile;
      const end = extensionOf(srcPath);
      const destPath = at(`${folder}/${key}${end && `.${end}`}`);
      try {
        await ready();
        await makeDirectory(folder);
        await call('copyFile', { srcPath, destPath });
      } catch {
        await drop(key);
      }
    },
    async load(key, { size, type }) {
      await ready();
      const found = (await list(folder)).find((file) => keyOf(file) === key);
      const file = found && pathFile(api, at(`${folder}/${found}`), { type });
      return file && file.size === size ? file : undefined;
    },
    drop,
    close: async () => {},
  };
}

const keyOf = (file: string): string => file.split('.')[0]!;
