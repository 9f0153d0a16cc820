import { onTestFinished } from 'vitest';
import { createClient } from '../../../src/entries/node.ts';
import type { FlooClient } from '../../../src/floo-client.ts';
import { createTestServer } from '../../../testkit/src/index.ts';
import type { TestClientOptions, TestServer, TestServerOptions, TestUser } from '../../../testkit/src/index.ts';

/** A client of the kit's server, as an app makes it; it ends with the test. */
export function openClient(options: TestClientOptions): FlooClient {
  const im = createClient({ ...options, logLevel: 'error' });
  onTestFinished(async () => im.dispose());
  return im;
}

/** Alice with a client that is logged in, and bob, a script. */
export interface Pair {
  readonly server: TestServer;
  readonly alice: TestUser;
  readonly bob: TestUser;
  readonly im: FlooClient;
}

export async function openPair(options?: TestServerOptions): Promise<Pair> {
  const server = createTestServer(options);
  const [alice, bob] = [server.addUser('alice'), server.addUser('bob')];
  const im = openClient(server.clientOptions({ device: 'phone' }));
  await im.login(alice.credentials);
  await server.settled();
  return { server, alice, bob, im };
}

/** What the client shows of a conversation with a user, oldest first. */
export const shown = (im: FlooClient, { id }: TestUser): (string | undefined)[] =>
  im.rosterManage.getRosterMessageByRid(id).map(({ content }) => content);
