import type { Callbacks, FileSystemManager, MiniProgramApi } from './api.ts';
import { answerOf, unlessMissing } from './answer.ts';

/** The mini-program's own folder, by the file system's calls as promises. All reject where the platform has no file system. */
export interface UserFolder {
  /** The path that the platform knows a path in this folder by. */
  at(path: string): string;
  call<T = unknown>(run: (files: FileSystemManager, callbacks: Callbacks<T>) => void): Promise<T>;
  /** With its parents; fine when it is there. */
  makeDirectory(path: string): Promise<void>;
  /** With everything in it; fine when there is none. */
  removeDirectory(path: string): Promise<void>;
  /** Names in a directory, [] when there is none. */
  list(path: string): Promise<string[]>;
  /** Fine when there is none. */
  remove(path: string): Promise<void>;
}

export function createUserFolder(api: MiniProgramApi): UserFolder {
  const at = (path: string): string => `${api.env?.USER_DATA_PATH}/flooim/${path}`;
  const call: UserFolder['call'] = async (run) => {
    const files = api.env?.USER_DATA_PATH && api.getFileSystemManager?.();
    if (!files) throw new Error('no file system here');
    return answerOf((callbacks) => run(files, callbacks));
  };
  return {
    at,
    call,
    makeDirectory: async (path) => {
      const made = call((files, callbacks) => files.mkdir({ dirPath: at(path), recursive: true, ...callbacks }));
      await made.catch((error: unknown) => {
        if (!/already exist/i.test((error as Error).message)) throw error;
      });
    },
    removeDirectory: async (path) => {
      await unlessMissing(
        call((files, callbacks) => files.rmdir({ dirPath: at(path), recursive: true, ...callbacks })),
      );
    },
    list: async (path) => {
      const found = await unlessMissing(
        call<{ files: string[] }>((files, callbacks) => files.readdir({ dirPath: at(path), ...callbacks })),
      );
      return found?.files ?? [];
    },
    remove: async (path) => {
      await unlessMissing(call((files, callbacks) => files.unlink({ filePath: at(path), ...callbacks })));
    },
  };
}
