import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { ResolvedOptions } from '../options.ts';
import type { Ports } from '../ports.ts';
import { createDiskShelf } from './file-shelf.ts';
import { createJanusLinks } from './janus-link.ts';
import { pngPictures } from './pictures.ts';

const RANDOM_RANGE = 2 ** 32;

/** Without `dataDir` files are in memory. */
export const createNodePorts = ({ dataDir, janus }: Pick<ResolvedOptions, 'dataDir' | 'janus'>): Ports => ({
  clock: {
    now: () => Date.now(),
    setTimeout: (run, delayMs) => setTimeout(run, delayMs),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  },
  random: () => randomInt(RANDOM_RANGE) / RANDOM_RANGE,
  pictures: pngPictures,
  ...(janus !== undefined && { mediaLinks: createJanusLinks(janus) }),
  ...(dataDir !== undefined && { files: createDiskShelf(join(dataDir, 'files')) }),
});
