/** Whatever an endpoint changes is there after a restart of a server with a data folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDevServer } from 'flooim-devserver';
import type { DevServer, Truth } from 'flooim-devserver';
import { CALLS, requestOf } from './rows.ts';
import { createWorld, goOnline } from './world.ts';
import type { World } from './world.ts';

/** The world of each call. */
const worlds: World[] = [];
let dataDir: string;
let before: Truth;
let next: DevServer;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'flooim-kept-'));
  const first = await createDevServer({ dataDir });
  for (const [name, method, row] of CALLS) {
    const world = createWorld(first);
    await row.prepare?.(world);
    const devices = await goOnline(world);
    expect(await world.call({ ...requestOf(row, world), method }), name).toMatchObject({ code: 200 });
    for (const device of devices.values()) device.close();
    worlds.push(world);
  }
  before = first.admin.truth();
  await first.close();
  next = await createDevServer({ dataDir, port: first.port });
}, 60_000);

afterAll(async () => {
  await next.close();
  await rm(dataDir, { recursive: true });
});

test('users, groups, conversations and devices are the same', () => {
  expect(next.admin.truth()).toEqual(before);
});

test.each(CALLS.map(([name, , row], index) => [name, index, row] as const))(
  'the effects of %s are there',
  async (_name, index, row) => {
    const world = worlds[index]!;
    await row.then?.({ ...world, server: next, app: next.data.app(world.app.appId) });
  },
);
