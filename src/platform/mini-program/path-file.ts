import { mimeTypeOf } from '../../util/mime-type.ts';
import type { FileBody } from '../ports.ts';
import type { MiniProgramApi } from './api.ts';
import { answerOf } from './api.ts';

/** A file that the platform knows by its path. */
export interface PathFile extends FileBody {
  readonly path: string;
}

/**
 * A file by its path.
 *
 * @param about facts from the app or the server. They count before those in the path.
 * @throws the platform's error when the file does not exist.
 */
export function pathFile(api: MiniProgramApi, path: string, about: Partial<FileBody> = {}): PathFile {
  const files = api.getFileSystemManager?.();
  const name = about.name ?? path.slice(path.lastIndexOf('/') + 1);
  return {
    path,
    name,
    // A platform without a file system can upload the file, too.
    size: about.size ?? files?.statSync(path).size ?? 0,
    type: about.type ?? (mimeTypeOf(name) || mimeTypeOf(path)),
    slice: (position, to) => ({
      arrayBuffer: async () => {
        // The platform takes a length of 0 for the whole file.
        if (to <= position || !files) return new ArrayBuffer(0);
        const part = { filePath: path, position, length: to - position };
        return (await answerOf<{ data: ArrayBuffer }>((callbacks) => files.readFile({ ...part, ...callbacks }))).data;
      },
    }),
  };
}

/** The extension of a file name in lower case; `''` when it has none. */
export const extensionOf = (name: string): string => /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
