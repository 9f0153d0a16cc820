import { createMemoryKvProvider } from '../memory/index.ts';
import type { Platform } from '../ports.ts';
import { systemClock } from '../web-api/clock.ts';
import { consoleLogger } from '../web-api/logger.ts';
import type { MiniProgramApi } from './api.ts';
import { createMiniProgramFiles } from './files.ts';
import { createMiniProgramHttp } from './http.ts';
import { createMiniProgramLifecycle } from './lifecycle.ts';
import { createMiniProgramPreferences } from './preferences.ts';
import { createMiniProgramSockets } from './sockets.ts';
import { createUserFolder } from './user-folder.ts';

/** What a mini-program gives the client. @param api the global `wx` of WeChat or `uni` of uni-app. */
export function createMiniProgramPlatform(api: unknown): Platform {
  const mini = api as MiniProgramApi;
  const folder = createUserFolder(mini);
  return {
    sockets: createMiniProgramSockets(mini),
    http: createMiniProgramHttp(mini),
    files: createMiniProgramFiles(mini, folder),
    kv: createMemoryKvProvider(),
    preferences: createMiniProgramPreferences(mini),
    clock: systemClock,
    random: Math.random,
    lifecycle: createMiniProgramLifecycle(mini),
    logger: consoleLogger,
    transport: 'raw',
    // The deployed SDK says so in WeChat too.
    deviceInfo: 'Uniapp',
  };
}
