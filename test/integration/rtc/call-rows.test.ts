// Rows of the state machine and rules of calls that no other test has in its way.
import { afterEach, expect, test } from 'vitest';
import { closePhones, openCallWorld, RING_MS } from '../../support/call-world.ts';
import type { Phone } from '../../support/call-world.ts';

afterEach(closePhones);

const up = (...phones: Phone[]): void => phones.forEach((phone) => phone.media().listener.onUp());

async function open() {
  const world = openCallWorld();
  const [alice, bob] = [await world.openPhone('alice'), await world.openPhone('bob')];
  return { ...world, alice, bob };
}

/** Alice calls Bob, who accepts: media do not flow yet. */
async function openConnecting() {
  const world = await open();
  const call = await world.alice.client.calls.start({ uid: world.bob.uid, video: true });
  await world.advance(10);
  const incoming = world.bob.current();
  await incoming.accept();
  await world.advance(10);
  return { ...world, call, incoming };
}

test('a peer that is busy: the record says so', async () => {
  const { alice, bob, carol, advance, chat } = await open();
  await bob.client.calls.start({ uid: carol.id });
  const call = await alice.client.calls.start({ uid: bob.uid });
  await advance(300);
  expect([call.reason, alice.media().isClosed]).toEqual(['busy', true]);
  expect(chat('alice', 'bob')).toEqual(['alice: call', 'bob: hangup busy', 'alice: record busy']);
});

test('a room that is not made: nothing is sent, and nothing is left', async () => {
  const { alice, bob, advance, chat } = await open();
  alice.plan.failures.makeRoom = alice.port.createError('ServerRtcNotOpen', 'no');
  await expect(alice.client.calls.start({ uid: bob.uid })).rejects.toMatchObject({ reason: 'ServerRtcNotOpen' });
  await advance(RING_MS);
  expect([alice.client.calls.current, alice.media().isClosed, alice.heard]).toEqual([null, true, []]);
  expect([bob.heard, chat('alice', 'bob'), alice.timers.size]).toEqual([[], [], 0]);
});

test('a room that the callee cannot enter: the caller hears that at once', async () => {
  const { alice, bob, advance, chat } = await open();
  const call = await alice.client.calls.start({ uid: bob.uid });
  await advance(10);
  const incoming = bob.current();
  bob.plan.failures.join = bob.port.createError('NotFound', 'no such room');
  await expect(incoming.accept()).rejects.toMatchObject({ reason: 'NotFound' });
  await advance(10);
  expect([incoming.reason, incoming.error?.reason, call.reason]).toEqual(['failed', 'NotFound', 'peerDeclined']);
  expect(chat('alice', 'bob')).toEqual(['alice: call', 'bob: hangup rejected', 'alice: record rejected']);
});

test('a room that its caller cannot enter: both calls end, and one record is written', async () => {
  const { alice, bob, advance, chat } = await open();
  const call = await alice.client.calls.start({ uid: bob.uid });
  await advance(10);
  alice.plan.failures.join = alice.port.createError('UserPermissionDenied', 'no');
  const incoming = bob.current();
  await incoming.accept();
  await advance(10);
  expect([call.reason, call.error?.reason, incoming.reason]).toEqual(['failed', 'UserPermissionDenied', 'peerHungUp']);
  expect(chat('alice', 'bob').slice(2)).toEqual(['alice: hangup canceled', 'alice: record canceled']);
});

test.each([
  ['the callee', 'rejected'],
  ['the caller', 'canceled'],
])('hung up by %s before media flow: %s, and not a duration', async (who, words) => {
  const { call, incoming, advance, chat } = await openConnecting();
  (who === 'the callee' ? incoming : call).hangUp();
  await advance(10);
  expect([call.reason, incoming.reason].sort()).toEqual(['hungUp', 'peerHungUp']);
  const name = who === 'the callee' ? 'bob' : 'alice';
  expect(chat('alice', 'bob').slice(2)).toEqual([`${name}: hangup ${words}`, `alice: record ${words}`]);
});

test('a way that fails for good before media flow: the call has failed', async () => {
  const { alice, call, incoming, advance } = await openConnecting();
  alice.media().listener.onLost(alice.port.createError('ServerConnectFailed', 'no way'));
  await advance(10);
  expect([call.reason, call.error?.reason, incoming.reason]).toEqual(['failed', 'ServerConnectFailed', 'peerHungUp']);
});

test('the connecting call that does not connect says timeout', async () => {
  const { advance, chat } = await openConnecting();
  await advance(30_050);
  expect(chat('alice', 'bob').slice(2, 4)).toEqual(['bob: hangup timeout', 'alice: record timeout']);
});

test('media that flow before the pickup is sent: connected with the pickup', async () => {
  const { alice, bob, advance } = await open();
  await alice.client.calls.start({ uid: bob.uid });
  await advance(10);
  const incoming = bob.current();
  let enter: () => void = () => undefined;
  bob.plan.gate = new Promise((resolve) => (enter = resolve));
  const accepting = incoming.accept();
  await advance(10);
  up(bob);
  expect(incoming.state).toBe('connecting');
  enter();
  await accepting;
  expect(incoming.state).toBe('connected');
});

test('a session that is kicked ends the call, and its media', async () => {
  const { alice, bob, call, incoming, server, advance } = await openConnecting();
  up(alice, bob);
  await server.faults.kick('alice');
  await advance(100);
  expect([call.reason, alice.media().isClosed, alice.client.calls.current]).toEqual(['loggedOut', true, null]);
  bob.media().listener.onPeerLeft();
  await advance(5100);
  expect(incoming.reason).toBe('peerDropped');
});

test('a blocked user does not ring', async () => {
  const { alice, bob, advance, server } = await open();
  await server.user('alice').blocks('bob');
  await advance(10);
  await expect(bob.client.calls.start({ uid: alice.uid })).rejects.toMatchObject({ statusCode: expect.any(Number) });
  await advance(100);
  expect([alice.heard, bob.client.calls.current]).toEqual([[], null]);
});

test('a record that the other side has written is not written again', async () => {
  const { alice, bob, call, incoming, advance, chat } = await openConnecting();
  up(alice, bob);
  await advance(2000);
  const end = { callId: call.id, initiator: Number(alice.uid), peerDrop: true };
  bob.port.sendMessage(alice.uid, { content: '2000', config: { action: 'record', ...end } });
  bob.port.sendMessage(alice.uid, { content: '2000', config: { action: 'hangup', ...end } });
  await advance(10);
  expect(call.reason).toBe('peerHungUp');
  incoming.hangUp();
  await advance(10);
  expect(chat('alice', 'bob').filter((words) => words.includes('record'))).toEqual(['bob: record 2000 drop']);
});

test.each([
  ['alice', 'bob'],
  ['bob', 'alice'],
] as const)('both call each other, %s a moment before %s: one call, of the smaller id', async (first, second) => {
  const world = await open();
  const { advance, chat } = world;
  const one = await world[first].client.calls.start({ uid: world[second].uid });
  // The call of the first one is on its way.
  const other = await world[second].client.calls.start({ uid: world[first].uid });
  await advance(100);
  const states = [one, other].map(({ id, state }) => `${id} ${state}`);
  expect(new Set(states).size).toBe(1);
  expect(one.state).toBe('connecting');
  expect(chat('alice', 'bob').filter((words) => words.includes('record'))).toEqual([]);
});

test('two devices answer at once, and the room has one place: the other one hears who has it', async () => {
  const { openPhone, advance } = openCallWorld();
  const [bob, alice] = [await openPhone('bob'), await openPhone('alice')];
  const second = await openPhone('alice', { device: 'second' });
  const call = await bob.client.calls.start({ uid: alice.uid });
  await advance(10);
  const waits = second.current();
  // Its user's id is taken in the room.
  second.plan.gate = new Promise(() => undefined);
  const accepting = waits.accept();
  await alice.current().accept();
  await advance(10);
  await accepting;
  expect([waits.reason, second.media().isClosed, call.state]).toEqual(['answeredElsewhere', true, 'connecting']);
});

test.each([
  ['timeout', 'timeout'],
  ['canceled', 'canceled'],
  ['rejected', 'declined'],
  ['busy', 'busy'],
  ['0', 'answered'],
  ['what an old client wrote', 'canceled'],
])('a record of %s is read as %s', async (content, outcome) => {
  const { alice, bob } = await open();
  const config = { action: 'record', callId: 'c', initiator: Number(bob.uid) };
  const record = alice.client.calls.readRecord({ type: 'rtc', content, config, isOwn: false });
  expect(record).toMatchObject({ callId: 'c', initiator: bob.uid, isOwn: false, outcome });
});
