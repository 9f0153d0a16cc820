import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodePlatform } from '../../src/platform/node/index.ts';
import { createDevice } from './client-device.ts';
import type { Device } from './client-device.ts';
import type { World } from './client-world.ts';

/** A directory of this test. */
export function temporaryDirectory(world: World): string {
  const directory = mkdtempSync(join(tmpdir(), 'flooim-data-'));
  world.cleanup(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** A device that stores in this directory, as a Node process does. */
export function deviceOn(dataDir: string): Device {
  const { kv, preferences, files } = createNodePlatform({ dataDir });
  const device = createDevice();
  Object.assign(device.platform, { kv, preferences, files });
  return device;
}
