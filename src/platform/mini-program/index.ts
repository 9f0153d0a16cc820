import { createClientSlots } from '../../util/client-slots.ts';
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
 * The platforms of a mini-program's clients. Each client has its own; all of them share the databases.
 *
 * @param api - returns the global `wx` of WeChat or `uni` of uni-app. It is called when a client is built, so that a server can
 * load this file.
 */
export function miniProgramPlatforms(api: () => unknown): () => Platform {
  let kv: KvProvider | undefined;
  const slots = createClientSlots(new Map());
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
      slots,
      clock: systemClock,
      random: Math.random,
      lifecycle: createMiniProgramLifecycle(mini),
      logger: consoleLogger,
      transport: 'raw',
      // The deployed SDK sends this in WeChat, too (observed).
      deviceInfo: 'Uniapp',
    };
  };
}

/** Databases in the mini-program's own folder, with the shelves of the same names. All clients of an app share one provider. */
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
