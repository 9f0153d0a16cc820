import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Ports } from '../ports.ts';
import { createDiskShelf } from './file-shelf.ts';
import { pngPictures } from './pictures.ts';

const RANDOM_RANGE = 2 ** 32;

/** @param dataDir keeps the files; in memory if absent */
export const createNodePorts = (dataDir: string | undefined): Ports => ({
  clock: {
    now: () => Date.now(),
    setTimeout: (run, delayMs) => setTimeout(run, delayMs),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  },
  random: () => randomInt(RANDOM_RANGE) / RANDOM_RANGE,
  pictures: pngPictures,
  ...(dataDir !== undefined && { files: createDiskShelf(join(dataDir, 'files')) }),
});
