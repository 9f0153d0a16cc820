/** Two hosts with one server behind them, as `dnsHosts` names them: a client moves from one to the other. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { until } from '../../support/client-events.ts';
import { startWorld } from '../../support/client-world.ts';
import { createSlowLink } from '../../support/slow-link.ts';

/** The proxies need the server's port before the server starts. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

test('when a host is gone, the session goes on at the other, with the same messages', async () => {
  const port = await freePort();
  const links = [await createSlowLink(`127.0.0.1:${port}`), await createSlowLink(`127.0.0.1:${port}`)];
  const world = await startWorld({ port, dnsHosts: links.map(({ host }) => host) });
  for (const link of links) world.cleanup(() => link.close());
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const used = links.find(({ carried }) => carried.connections > 0)!;
  const other = links.find((link) => link !== used)!;
  const before = other.carried.connections;

  await used.leave();
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'over the other host' });
  expect(await alice.events.next('onRosterMessage')).toMatchObject({ content: 'over the other host' });
  await until(() => world.server.admin.connections().length === 2, 'both sessions');
  expect(other.carried.connections).toBeGreaterThan(before);
  expect(alice.events.all('loginFail')).toEqual([]);
});
