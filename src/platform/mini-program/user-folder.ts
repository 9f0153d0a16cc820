import type { Callbacks, FileSystemManager, MiniProgramApi } from './api.ts';
import { answerOf, unlessMissing } from './api.ts';

type FileCalls = { [M in FileCall]: Parameters<FileSystemManager[M]>[0] };
export type FileCall = Exclude<keyof FileSystemManager, 'statSync'>;
type FileAnswer<M extends FileCall> = FileCalls[M] extends Callbacks<infer T> ? T : never;

/** The mini-program's own folder. Its methods reject where the platform has no file system. */
export interface UserFolder {
  /** The platform's path of a path in this folder. */
  at(path: string): string;
  /** Calls a method of the file system. */
  call<M extends FileCall>(method: M, options: Omit<FileCalls[M], keyof Callbacks>): Promise<FileAnswer<M>>;
  /** Creates a directory with its parents; does nothing when it exists. */
  makeDirectory(path: string): Promise<unknown>;
  /** Removes a directory with everything in it; does nothing when there is none. */
  removeDirectory(path: string): Promise<unknown>;
  /** Names in a directory; `[]` when there is none. */
  list(path: string): Promise<string[]>;
  /** Removes a file; does nothing when there is none. */
  remove(path: string): Promise<unknown>;
}

export function createUserFolder(api: MiniProgramApi): UserFolder {
  const at = (path: string): string => `${api.env?.USER_DATA_PATH}/flooim/${path}`;
  const call: UserFolder['call'] = async (method, options) => {
    const files = api.env?.USER_DATA_PATH && api.getFileSystemManager?.();
    if (!files) throw new Error('no file system here');
    return answerOf((callbacks) => files[method]({ ...options, ...callbacks } as never));
  };
  return {
    at,
    call,
    makeDirectory: async (path) =>
      call('mkdir', { dirPath: at(path), recursive: true }).catch((error: unknown) => {
        if (!/already exist/i.test((error as Error).message)) throw error;
      }),
    removeDirectory: async (path) => unlessMissing(call('rmdir', { dirPath: at(path), recursive: true })),
    list: async (path) => (await unlessMissing(call('readdir', { dirPath: at(path) })))?.files ?? [],
    remove: async (path) => unlessMissing(call('unlink', { filePath: at(path) })),
  };
}
