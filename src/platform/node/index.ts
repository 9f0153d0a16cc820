import { join, resolve } from 'node:path';
import { FlooError } from '../../errors.ts';
import { createMemoryKvProvider, createMemoryPreferences } from '../memory/index.ts';
import type { Platform } from '../ports.ts';
import { consoleLogger, systemClock } from '../web-api/system.ts';
import { fetchHttp } from '../web-api/http.ts';
import { createDiskKvProvider } from './disk-kv.ts';
import { createFilePreferences } from './file-preferences.ts';
import { nodeFiles } from './files.ts';
import { createNodeLifecycle } from './lifecycle.ts';
import { createDiskShelves, createMemoryShelves } from './shelves.ts';
import type { Shelves } from './shelves.ts';
import { openNodeSocket } from './sockets.ts';

/**
 * The platform of a Node process.
 *
 * @param options - `dataDir` is the directory for stored data; without it everything is in memory
 * @throws FlooError `InvalidParam` when `dataDir` is not a path
 */
export function createNodePlatform({ dataDir }: { dataDir?: string } = {}): Platform {
  if (dataDir !== undefined && (typeof dataDir !== 'string' || !dataDir))
    throw new FlooError('InvalidParam', 'dataDir is no path');
  const { kv, preferences, shelves } = dataDir === undefined ? inMemory() : onDisk(resolve(dataDir));
  return {
    sockets: openNodeSocket,
    http: fetchHttp,
    files: { ...nodeFiles, shelf: shelves.open },
    kv: {
      ...kv,
      drop: async (name) => {
        await kv.drop(name);
        await shelves.clear(name);
      },
    },
    preferences,
    clock: systemClock,
    random: Math.random,
    lifecycle: createNodeLifecycle(),
    logger: consoleLogger,
    transport: 'socket.io',
    // The deployed SDK sends this in Node, too (observed).
    deviceInfo: 'Web',
  };
}

type Storage = Pick<Platform, 'kv' | 'preferences'> & { shelves: Shelves };

const inMemory = (): Storage => ({
  kv: createMemoryKvProvider(),
  preferences: createMemoryPreferences(),
  shelves: createMemoryShelves(),
});

const onDisk = (directory: string): Storage => ({
  kv: createDiskKvProvider(directory),
  preferences: createFilePreferences(join(directory, 'preferences.json')),
  shelves: createDiskShelves(join(directory, 'shelf')),
});
