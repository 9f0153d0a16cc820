/** Several devices and tabs of a user, restarts of them, and sessions that are recorded and played. */
import { expect, test } from 'vitest';
import { replay } from '../../../testkit/src/index.ts';
import { openClient, openPair, shown } from './kit-client.ts';

test('a client on another device gets the same; one that starts again finds its session and its messages', async () => {
  const { server, im, alice, bob } = await openPair();
  const laptop = openClient(server.clientOptions({ device: 'laptop' }));
  await laptop.login(alice.credentials);
  await bob.says('to all', { to: 'alice' });
  im.sysManage.sendRosterMessage({ uid: bob.id, content: 'from the phone' });
  await server.settled();
  expect([shown(im, bob), shown(laptop, bob)]).toEqual([
    ['to all', 'from the phone'],
    ['to all', 'from the phone'],
  ]);
  await im.dispose();
  server.device('phone').goOffline();
  const again = openClient(server.clientOptions({ device: 'phone' }));
  await server.settled();
  expect(again.isLogin()).toBe(true);
  expect(shown(again, bob)).toEqual(['to all', 'from the phone']);
  await again.dispose();
  server.device('phone').wipe();
  const fresh = openClient(server.clientOptions({ device: 'phone' }));
  await server.settled();
  expect(fresh.isLogin()).toBe(false);
});

test('tabs of a device are one client: one socket, the same data', async () => {
  const { server, im, bob } = await openPair();
  const second = openClient(server.clientOptions({ device: 'phone', tab: 'second' }));
  await server.settled();
  await server.clock.advance(1000);
  expect(second.isLogin()).toBe(true);
  await bob.says('to both', { to: 'alice' });
  second.sysManage.sendRosterMessage({ uid: bob.id, content: 'from the second' });
  await server.settled();
  expect([shown(im, bob), shown(second, bob)]).toEqual([
    ['to both', 'from the second'],
    ['to both', 'from the second'],
  ]);
  expect(server.faults.cut({ user: 'alice' })).toBe(1);
});

test('a recorded session is played to another client, without a server', async () => {
  const { server, im: before, alice, bob } = await openPair();
  await before.dispose();
  const recorder = server.record();
  const script = async (im: typeof before, settled: () => Promise<void>, says?: () => Promise<unknown>) => {
    await im.login(alice.credentials);
    await settled();
    im.sysManage.sendRosterMessage({ uid: bob.id, content: 'hello?' });
    await settled();
    await says?.();
    return im.rosterManage.getRosterMessageByRid(bob.id).map(({ id, content }) => ({ id, content }));
  };
  const live = openClient(server.clientOptions({ device: 'tablet' }));
  const seen = await script(
    live,
    async () => server.settled(),
    async () => bob.says('hi', { to: 'alice' }),
  );
  expect(seen.map(({ content }) => content)).toEqual(['hello?', 'hi']);
  await live.dispose();
  const text = JSON.stringify(recorder.stop());
  expect(text).not.toContain(alice.credentials.password);
  expect(text).not.toMatch(/user-[\w-]{24}/);
  const played = replay(JSON.parse(text), { device: 'tablet' });
  const im = openClient(played.clientOptions());
  expect(await script(im, async () => played.settled())).toEqual(seen);
  expect(played.unknown).toEqual([]);
  await expect(im.rosterManage.asyncApply({ user_id: bob.id, alias: '' })).rejects.toMatchObject({ name: 'FlooError' });
  expect(played.unknown).toEqual(['POST /roster/apply']);
  expect(() => replay(JSON.parse(text), { device: 'watch' })).toThrow(
    'no device "watch" in the recording; there are tablet',
  );
});
