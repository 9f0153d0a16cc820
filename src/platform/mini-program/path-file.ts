import type { FileBody } from '../ports.ts';
import type { MiniProgramApi } from './api.ts';
import { answerOf } from './answer.ts';

/** A file that the platform knows by its path. */
export interface PathFile extends FileBody {
  readonly path: string;
}

/** What pickers give, by the end of the name. */
const KINDS = {
  image: 'jpeg png gif webp bmp heic',
  video: 'mp4 mov m4v webm',
  audio: 'mp3 m4a aac wav amr ogg',
};

/** @param about what is known of it. @throws the platform's error when it is not there. */
export function pathFile(api: MiniProgramApi, path: string, about: Partial<FileBody> = {}): PathFile {
  const files = api.getFileSystemManager?.();
  const name = about.name ?? path.slice(path.lastIndexOf('/') + 1);
  return {
    path,
    name,
    // Without a file system it is uploaded all the same.
    size: about.size ?? files?.statSync(path).size ?? 0,
    type: about.type ?? (typeOf(name) || typeOf(path)),
    slice: (position, to) => ({
      arrayBuffer: async () => {
        // A length of 0 would be the whole file.
        if (to <= position || !files) return new ArrayBuffer(0);
        const part = { filePath: path, position, length: to - position };
        return (await answerOf<{ data: ArrayBuffer }>((callbacks) => files.readFile({ ...part, ...callbacks }))).data;
      },
    }),
  };
}

/** Its end, in small letters; `''` when there is none. */
export const extensionOf = (name: string): string => /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

function typeOf(name: string): string {
  const end = extensionOf(name).replace('jpg', 'jpeg');
  const kind = Object.entries(KINDS).find(([, ends]) => ends.split(' ').includes(end));
  return kind ? `${kind[0]}/${end}` : '';
}
