import { createJournalKvProvider } from '../journal/index.ts';
import type { KvProvider, Platform } from '../ports.ts';
import { systemClock } from '../web-api/clock.ts';
import { consoleLogger } from '../web-api/logger.ts';
import type { MiniProgramApi } from './api.ts';
import { createMiniProgramFileSystem } from './file-system.ts';
import { createMiniProgramFiles } from './files.ts';
import { createMiniProgramHttp } from './http.ts';
import { createMiniProgramLifecycle } from './lifecycle.ts';
import { createMiniProgramPreferences } from './preferences.ts';
import { shelfFolder } from './shelf.ts';
import { createMiniProgramSockets } from './sockets.ts';
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
    kv ??= createKvProvider(folder);
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

export function createKvProvider(folder: UserFolder): KvProvider {
  const journals = createJournalKvProvider(createMiniProgramFileSystem(folder));
  return {
    open: async (name) => journals.open(name),
    drop: async (name) => {
      await journals.drop(name);
      await folder.removeDirectory(shelfFolder(name));
    },
  };
}
