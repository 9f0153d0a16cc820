/** What a client says about itself: the state of its connection, and an explanation of it. */
import { expect, test } from 'vitest';
import { explanationText } from '../../../src/error-texts/index.ts';
import type { ConnectionStatus, Explanation } from '../../../src/index.ts';
import { UserNoticeType } from '../../../src/wire/index.ts';
import { createDevice } from '../../support/client-device.ts';
import { until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/client-world.ts';
import type { Member } from '../../support/client-world.ts';
import { linkedMember } from '../../support/linked-member.ts';

const codes = ({ steps }: Explanation): string[] => steps.map(({ code }) => code);
const states = ({ events }: Pick<Member, 'events'>): ConnectionStatus[] => events.all('connectionState');

async function inState(member: Pick<Member, 'client' | 'events'>, state: string): Promise<ConnectionStatus> {
  await until(() => states(member).some((status) => status.state === state), `the state ${state}`);
  return (await member.client.explain()).state;
}

test('a session from its login to its logout: each state once, and every step', async () => {
  const world = await startWorld();
  await world.register('alice');
  const alice = world.client();
  expect((await alice.client.explain()).state).toMatchObject({ state: 'offline', reason: 'notLoggedIn' });
  await alice.client.login({ name: 'alice', password: PASSWORD });
  await inState(alice, 'online');
  const explanation = await alice.client.explain();
  expect(codes(explanation)).toEqual([
    ...['dnsAnswered', 'storageOpened', 'started', 'connecting', 'opened', 'connected', 'catchUpBegun', 'caughtUp'],
  ]);
  expect(explanation).toMatchObject({
    state: { state: 'online', reason: 'upToDate' },
    waiting: [],
    storage: { kept: 'database', records: { conversations: 0 } },
    hosts: { rest: alice.client.baseUrl, socket: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string },
    versions: { transport: 'socket.io' },
  });
  await alice.client.logout({ linkLogin: true });
  expect((await alice.client.explain()).state).toMatchObject({ state: 'offline', reason: 'notLoggedIn' });
  expect(states(alice).map(({ state, reason }) => `${state} ${reason}`)).toEqual([
    ...['connecting starting', 'syncing catchingUp', 'online upToDate', 'offline notLoggedIn'],
  ]);
});

test('what waits while there is no connection, and how it came back', async () => {
  const world = await startWorld();
  const [alice, bob] = [await linkedMember(world, 'alice'), await world.member('bob')];
  await inState(alice, 'online');
  alice.device.emit('offline');
  await alice.link.leave();
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'one' });
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'two' });
  const waiting = await inState(alice, 'waiting');
  expect(['noNetwork', undefined]).toContain(waiting.state === 'waiting' ? waiting.reason : undefined);
  await until(() => states(alice).some(({ reason }) => reason === 'noNetwork'), 'the reason');
  expect(states(alice).find(({ reason }) => reason === 'noNetwork')).toMatchObject({
    retryAt: expect.any(Number) as number,
  });
  expect((await alice.client.explain()).waiting).toEqual([
    { reason: 'sendsWithoutConnection', count: 2, since: expect.any(Number) as number },
  ]);
  await alice.link.comeBack();
  alice.device.emit('online');
  await bob.events.count('onRosterMessage', 2);
  await until(() => states(alice).at(-1)?.state === 'online', 'the state online');
  const explanation = await alice.client.explain();
  expect(explanation.waiting).toEqual([]);
  expect(codes(explanation).join(' ')).toMatch(
    /offline lost waiting .*online .*connected resent catchUpBegun caughtUp$/,
  );
  const all = states(alice);
  all.slice(1).forEach((status, index) => expect({ ...status, since: 0 }).not.toEqual({ ...all[index], since: 0 }));
});

test('a kick ends the session: the state has its code, and the text says it in both languages', async () => {
  const world = await startWorld();
  const alice = await world.member('alice');
  await inState(alice, 'online');
  world.server.admin.kick({ uid: alice.id, type: UserNoticeType.KICKED_BY_OTHER_DEVICE });
  const state = await inState(alice, 'offline');
  const explanation = await alice.client.explain();
  expect(state).toMatchObject({ reason: 'ended', error: expect.any(String) as string });
  expect(explanation.steps.at(-1)).toMatchObject({ code: 'ended', details: { reason: state.error } });
  expect(explanationText(explanation, 'en')).toContain(`The session ended: ${state.error}.`);
  expect(explanationText(explanation, 'zh')).toContain(`会话已结束：${state.error}。`);
});

test('it is plain data without a token, a password or a message, whatever happened', async () => {
  const world = await startWorld();
  const device = createDevice();
  const [alice, bob] = [await linkedMember(world, 'alice', {}, device), await world.member('bob')];
  const secrets = [PASSWORD, 'SECRET-TEXT', 'SECRET-EXT', 'SECRET-DRAFT'];
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'SECRET-TEXT sent', ext: '{"a":"SECRET-EXT"}' });
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'SECRET-TEXT received' });
  await alice.events.next('onRosterMessage');
  secrets.push(alice.client.userManage.getToken()!);
  await alice.link.leave();
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'SECRET-TEXT waiting' });
  await alice.client.login({ name: 'alice', password: `${PASSWORD}-wrong` }).catch(() => undefined);
  await alice.link.comeBack();
  await alice.client.login({ name: 'alice', password: PASSWORD });
  secrets.push(alice.client.userManage.getToken()!);
  for (const { client } of [alice, bob]) {
    const explanation = await client.explain();
    expect(structuredClone(explanation)).toEqual(explanation);
    const text = JSON.stringify(explanation) + explanationText(explanation, 'en');
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(explanation.steps.length).toBeGreaterThan(5);
  }
});

test('after dispose nothing can be explained', async () => {
  const world = await startWorld();
  const { client } = world.client();
  await client.dispose();
  await expect(client.explain()).rejects.toMatchObject({ reason: 'UserNotLogin' });
});
