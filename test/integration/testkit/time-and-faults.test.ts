/** Time, networks and servers that fail, under the control of a test. */
import { expect, test } from 'vitest';
import { createTestServer } from '../../../testkit/src/index.ts';
import { openClient, openPair, shown } from './kit-client.ts';

test('the time stands still until the test lets it pass, and timers run in their order', async () => {
  const { server, im, bob } = await openPair({ startAt: 1_000_000 });
  expect(server.clock.now()).toBe(1_000_000);
  server.faults.slow(300);
  const said = bob.says('slow', { to: 'alice' });
  await said;
  expect(shown(im, bob)).toEqual([]);
  await server.clock.advance(299);
  expect(shown(im, bob)).toEqual([]);
  // A notice, the question, and the page: three ways.
  await server.clock.advance(601);
  expect(shown(im, bob)).toEqual(['slow']);
  expect(server.clock.now()).toBe(1_000_900);
});

test('a day takes no time, and the session lives', async () => {
  const { server, im, bob } = await openPair();
  await server.clock.advance(24 * 3_600_000);
  expect((await im.explain()).state.state).toBe('online');
  await bob.says('good morning', { to: 'alice' });
  expect(shown(im, bob)).toEqual(['good morning']);
});

test('a cut socket is opened again, and what was said meanwhile comes', async () => {
  const { server, im, bob } = await openPair();
  expect(server.faults.cut({ user: 'alice' })).toBe(1);
  await bob.says('meanwhile', { to: 'alice' });
  await server.clock.advance(5000);
  expect((await im.explain()).state.state).toBe('online');
  expect(shown(im, bob)).toEqual(['meanwhile']);
});

test('offline: what is written leaves when the network is back', async () => {
  const { server, im, bob } = await openPair();
  server.device('phone').goOffline();
  im.sysManage.sendRosterMessage({ uid: bob.id, content: 'later' });
  await server.clock.advance(60_000);
  expect(bob.messages('alice')).toEqual([]);
  server.device('phone').goOnline();
  await server.clock.advance(1000);
  expect(bob.messages('alice')).toMatchObject([{ content: 'later' }]);
});

test('a dead network is noticed, and the answer to a lost answer is not a second message', async () => {
  const { server, im, bob } = await openPair();
  server.faults.dropAnswers(1, 'send');
  im.sysManage.sendRosterMessage({ uid: bob.id, content: 'once' });
  await server.clock.advance(60_000);
  expect(bob.messages('alice')).toHaveLength(1);
  expect(shown(im, bob)).toEqual(['once']);
  server.faults.stall(true);
  await server.clock.advance(120_000);
  expect((await im.explain()).state.state).not.toBe('online');
  server.faults.clear();
  await server.clock.advance(30_000);
  expect((await im.explain()).state.state).toBe('online');
});

test('refusals: of a login, of a message, of a REST call; a kick; a revoked token', async () => {
  const { server, im, bob, alice } = await openPair();
  const failed: unknown[] = [];
  im.on('onSendingMessageStatusChanged', ({ status }: { status: string }) => void failed.push(status));
  server.faults.refuseSend({ code: 2, reason: 'not today' });
  im.sysManage.sendRosterMessage({ uid: bob.id, content: 'refused' });
  await server.settled();
  expect(failed).toEqual(['sending', 'failed']);
  server.faults.failRest({ path: '/roster/apply', code: 10_012 });
  await expect(im.rosterManage.asyncApply({ user_id: bob.id, alias: '' })).rejects.toThrow();
  await im.rosterManage.asyncApply({ user_id: bob.id, alias: '' });
  const notices: unknown[] = [];
  im.on('flooError', (error: unknown) => void notices.push(error));
  await server.faults.kick('alice', 'password-changed');
  expect(im.isLogin()).toBe(false);
  server.faults.refuseLogin({ code: 4, reason: 'frozen' });
  await expect(im.login(alice.credentials)).rejects.toThrow();
  await im.login(alice.credentials);
});

test('a storage that is full is reported', async () => {
  const { server, im, bob } = await openPair();
  const degraded: unknown[] = [];
  im.on('storageDegraded', (payload: unknown) => void degraded.push(payload));
  server.faults.failStorage('phone', 'broken');
  await bob.says('not stored', { to: 'alice' });
  await server.clock.advance(1000);
  expect(degraded).toHaveLength(1);
  expect(shown(im, bob)).toEqual(['not stored']);
});

test('chance is the same for a seed, and nothing is lost or doubled by it', async () => {
  const run = async (seed: number): Promise<{ ids: string[]; at: number[] }> => {
    const { server, im, bob } = await openPair({ seed });
    server.faults.random({ cut: 0.05, refuse: 0.1, duplicate: 0.2, delayMs: [5, 500] });
    for (let count = 0; count < 20; count++) {
      await bob.says(`to alice ${count}`, { to: 'alice' });
      im.sysManage.sendRosterMessage({ uid: bob.id, content: `to bob ${count}` });
      await server.clock.advance(700);
    }
    server.faults.clear();
    await server.clock.advance(120_000);
    const all = bob.messages('alice');
    expect(all.map(({ content }) => content).sort()).toEqual(
      Array.from({ length: 20 }, (_, count) => [`to alice ${count}`, `to bob ${count}`])
        .flat()
        .sort(),
    );
    expect(im.rosterManage.getRosterMessageByRid(bob.id).map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    return { ids: all.map(({ id }) => id), at: all.map(({ at }) => at) };
  };
  const first = await run(3);
  expect(await run(3)).toEqual(first);
  expect((await run(4)).at).not.toEqual(first.at);
});

test('with the real clock everything works without advance()', async () => {
  const server = createTestServer({ clock: 'real' });
  const [alice, bob] = [server.addUser('alice'), server.addUser('bob')];
  const im = openClient(server.clientOptions());
  await im.login(alice.credentials);
  await bob.says('hi', { to: 'alice' });
  expect(shown(im, bob)).toEqual(['hi']);
  const before = server.clock.now();
  await server.clock.advance(20);
  expect(server.clock.now() - before).toBeGreaterThanOrEqual(19);
});
