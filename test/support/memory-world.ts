/** Worlds whose server is in memory: for tests whose point is neither a socket nor HTTP. They are those of `client-world.ts`. */
import type { DevServerOptions } from 'flooim-devserver';
import { BASE_URL } from '../../testkit/src/client-options.ts';
import { openMemoryServer } from '../../testkit/src/test-server.ts';
import { APP_ID, makeWorld } from './client-world.ts';
import type { AnyWorld } from './client-world.ts';

export { APP_ID, hear, PASSWORD } from './client-world.ts';
export type { Member, AnyWorld as World } from './client-world.ts';

/** Makes a server in memory for one test, and its clients. */
export async function startWorld(serverOptions: DevServerOptions = {}): Promise<AnyWorld> {
  const { core, devices } = openMemoryServer({ clock: 'real', appId: APP_ID }, serverOptions);
  const network = devices.network('device');
  return makeWorld({ admin: core.controls, data: core.data }, `${BASE_URL}/v2/app_dns`, (device) =>
    device.moveTo(network),
  );
}
