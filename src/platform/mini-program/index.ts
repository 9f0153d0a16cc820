import { createJournalKvProvider } from '../journal/kv-provider.ts';
import type { KvProvider, Platform } from '../ports.ts';
import { consoleLogger, systemClock } from '../web-api/system.ts';
import type { MiniProgramApi } from './api.ts';
import { createMiniProgramFiles } from './files.ts';
import { createMiniProgramHttp } from './http.ts';
import { createMiniProgramFileSystem } from './file-system.ts';
import { createMiniProgramLifecycle } from './lifecycle.ts';
import { createMiniProgramPreferences } from './preferences.ts';
import { createMiniProgramSockets } from './sockets.ts';
import { shelfFolder } from './shelf.ts';
import { createUserFolder } from './user-folder.ts';
import type { UserFolder } from './user-folder.ts';

/**
 * What a mini-program gives its clients, each a platform of its own; databases they share.
 *
 * @param api the global `wx` of WeChat or `uni` of uni-app. It is asked for when there is a client, so that a server may load this.
 */
export function miniProgramPlatforms(api: () => unknown): () => Platform {
  let kv: KvProvider | undefined;
  return () => {
    const mini = api() as MiniProgramApi;
    const folder = createUserFolder(mini);
    kv ??= createMiniProgramKvProvider(folder);
    return {
      sockets: createMiniProgramSockets(mini),
      http: createMiniProgramHttp(mini),
      files: createMiniProgramFiles(mini, folder),
      kv,
      preferences: createMiniProgramPreferences(mini),
      clock: systemClock,
      random: Math.random,
      lifecycle: createMiniProgramLifecycle(mini),
      logger: consoleLogger,
      transport: 'raw',
      // The deployed SDK says so in WeChat too.
      deviceInfo: 'Uniapp',
    };
  };
}

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
