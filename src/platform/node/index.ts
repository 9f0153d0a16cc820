import { createMemoryKvProvider, createMemoryPreferences } from '../memory/index.ts';
import type { Platform } from '../ports.ts';
import { systemClock } from '../web-api/clock.ts';
import { fetchHttp } from '../web-api/http.ts';
import { consoleLogger } from '../web-api/logger.ts';
import { nodeFiles } from './files.ts';
import { nodeLifecycle } from './lifecycle.ts';
import { openNodeSocket } from './sockets.ts';

/** What a Node process gives the client. Everything it stores lives as long as this object. */
export function createNodePlatform(): Platform {
  return {
    sockets: openNodeSocket,
    http: fetchHttp,
    files: nodeFiles,
    kv: createMemoryKvProvider(),
    preferences: createMemoryPreferences(),
    clock: systemClock,
    random: Math.random,
    lifecycle: nodeLifecycle,
    logger: consoleLogger,
    transport: 'socket.io',
    // The deployed SDK says so in Node too.
    deviceInfo: 'Web',
  };
}
