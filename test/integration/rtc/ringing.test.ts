// Which calls ring, and what becomes of two at once.
import { afterEach, expect, test } from 'vitest';
import { closePhones, openCallWorld, RING_MS } from '../../support/call-world.ts';
import type { Phone } from '../../support/call-world.ts';

afterEach(closePhones);

/** Bob's messages, as a deployed client writes them. */
async function withScript() {
  const world = openCallWorld();
  const phone = await world.openPhone('alice');
  const { bob, carol } = world;
  const says = async (config: object, content = '', from = bob): Promise<unknown> =>
    from.says(content, { to: 'alice', type: 'rtc', config });
  const calls = async (callId = 'c', from = bob): Promise<unknown> => {
    const initiator = Number(from.id);
    return says({ action: 'call', callId, roomId: 1234, initiator, type: 1, roomType: 1, pin: 'p' }, '', from);
  };
  const hangsUp = async (content: string, callId = 'c', peerDrop = false): Promise<unknown> =>
    says({ action: 'hangup', callId, initiator: Number(bob.id), peerDrop }, content);
  return { ...world, phone, carol, says, calls, hangsUp };
}

const up = (...phones: Phone[]): void => phones.forEach((phone) => phone.media().listener.onUp());

test('a call of a deployed client rings, once, and its room is joined', async () => {
  const { phone, calls, advance, chat } = await withScript();
  await calls();
  await calls();
  await advance(10);
  expect(phone.heard).toEqual(['current ringing', 'incoming c']);
  await phone.current().accept();
  expect(phone.media().log).toEqual(['devices video', 'joins 1234 p']);
  await advance(10);
  expect(chat('alice', 'bob').slice(2)).toEqual(['alice: pickup']);
});

test('an answer that comes twice, or late, and one of another call or another peer', async () => {
  const { openPhone, bob, carol, advance } = openCallWorld();
  const phone = await openPhone('alice');
  const call = await phone.client.calls.start({ uid: bob.id });
  const says = async (from: typeof bob, action: string, callId: string, content = ''): Promise<unknown> =>
    from.says(content, { to: 'alice', type: 'rtc', config: { action, callId, initiator: Number(phone.uid) } });
  await says(carol, 'pickup', call.id);
  await says(carol, 'hangup', call.id, 'rejected');
  await says(bob, 'hangup', 'another call', 'rejected');
  await advance(10);
  expect(call.state).toBe('ringing');
  await says(bob, 'pickup', call.id);
  await says(bob, 'pickup', call.id);
  await advance(10);
  expect(phone.media().log.filter((step) => step.startsWith('joins'))).toHaveLength(1);
  up(phone);
  await says(bob, 'hangup', call.id, '7000');
  await says(bob, 'hangup', call.id, '7000');
  await says(bob, 'pickup', call.id);
  await advance(10);
  expect(phone.heard.slice(-2)).toEqual(['current none', 'ended peerHungUp']);
});

test('a deployed callee that hangs up before media flows says canceled', async () => {
  const { phone, bob, says, hangsUp, advance, chat } = await withScript();
  const call = await phone.client.calls.start({ uid: bob.id });
  await says({ action: 'pickup', callId: call.id });
  await advance(10);
  expect(call.state).toBe('connecting');
  await says({ action: 'hangup', callId: call.id, initiator: Number(phone.uid), peerDrop: false }, 'canceled');
  await advance(10);
  expect([call.reason, call.durationMs]).toEqual(['peerHungUp', 0]);
  expect(chat('alice', 'bob').slice(2)).toEqual(['bob: hangup canceled', 'alice: record canceled']);
  await hangsUp('canceled', call.id);
  await advance(10);
  expect(chat('alice', 'bob').filter((words) => words.includes('record'))).toHaveLength(1);
});

test('a callee that hung up while this client was away: the record has its words', async () => {
  const { phone, bob, says, advance, chat, server } = await withScript();
  const call = await phone.client.calls.start({ uid: bob.id });
  await says({ action: 'pickup', callId: call.id });
  await advance(10);
  up(phone);
  await advance(1000);
  server.device('alice').goOffline();
  await says({ action: 'hangup', callId: call.id, initiator: Number(phone.uid), peerDrop: false }, '1000');
  phone.media().listener.onPeerLeft();
  await advance(6000);
  expect(call.reason).toBe('peerDropped');
  server.device('alice').goOnline();
  await advance(10_000);
  expect(chat('alice', 'bob').slice(2)).toEqual(['bob: hangup 1000', 'alice: record 1000']);
});

test('calls while nobody was online: one that is over, an old one, one answered elsewhere, and one that rings', async () => {
  const { phone, calls, hangsUp, advance, server } = await withScript();
  server.device('alice').goOffline();
  await server.settled();
  await calls('old');
  await advance(RING_MS);
  await calls('given up');
  await hangsUp('canceled', 'given up');
  await calls('rings');
  server.device('alice').goOnline();
  await server.settled();
  expect(phone.heard).toEqual([]);
  await advance(5000);
  expect(phone.heard).toEqual(['ended missed', 'ended missed', 'current ringing', 'incoming rings']);
});

test('history rings nobody, and is no news', async () => {
  const { calls, hangsUp, openPhone, advance } = await withScript();
  await calls('old');
  await hangsUp('canceled', 'old');
  await advance(RING_MS * 2);
  const second = await openPhone('alice', { device: 'second' });
  await advance(5000);
  expect(second.heard).toEqual([]);
});

test('who calls a user whose call rings accepts that call, with what was asked for', async () => {
  const { phone, calls, bob, advance, chat } = await withScript();
  await calls();
  await advance(10);
  const ringing = phone.current();
  const call = await phone.client.calls.start({ uid: bob.id, video: false });
  await advance(10);
  expect(call).toBe(ringing);
  expect([call.id, call.direction, call.state]).toEqual(['c', 'incoming', 'connecting']);
  expect(phone.media().log).toEqual(['devices audio', 'joins 1234 p']);
  expect(chat('alice', 'bob')).toEqual(['bob: call', 'alice: pickup']);
});

test('who calls a user whose call rings, and has no devices', async () => {
  const { phone, calls, bob, advance, chat } = await withScript();
  await calls();
  await advance(10);
  phone.plan.failures.takeDevices = phone.port.createError('NotFound', 'no camera');
  await expect(phone.client.calls.start({ uid: bob.id })).rejects.toMatchObject({ reason: 'NotFound' });
  await advance(10);
  expect(phone.heard.slice(-1)).toEqual(['ended failed']);
  expect(chat('alice', 'bob')).toEqual(['bob: call', 'alice: hangup rejected']);
});

test('busy: the caller hears it, and the call goes on', async () => {
  const { phone, calls, advance, carol, chat } = await withScript();
  await calls('first');
  await advance(10);
  await calls('second', carol);
  await advance(300);
  expect(chat('alice', 'carol')).toEqual(['carol: call', 'alice: hangup busy']);
  await phone.current().accept();
  await calls('third', carol);
  await advance(300);
  expect(phone.current().id).toBe('first');
  expect(chat('alice', 'carol').slice(2)).toEqual(['carol: call', 'alice: hangup busy']);
});

test('a peer that calls again has ended its first call', async () => {
  const { phone, calls, advance } = await withScript();
  await calls('first');
  await advance(10);
  await calls('second');
  await advance(300);
  expect(phone.current().id).toBe('second');
});

test.each(['answers', 'declines'])('another device of the user %s', async (what) => {
  const { openPhone, advance, chat } = openCallWorld();
  const [bob, alice] = [await openPhone('bob'), await openPhone('alice')];
  const second = await openPhone('alice', { device: 'second' });
  await bob.client.calls.start({ uid: alice.uid });
  await advance(10);
  if (what === 'answers') await alice.current().accept();
  else alice.current().decline();
  await advance(10);
  expect(second.heard.slice(-1)).toEqual([what === 'answers' ? 'ended answeredElsewhere' : 'ended declinedElsewhere']);
  expect(second.plan.made).toEqual([]);
  expect(chat('alice', 'bob').filter((words) => words.startsWith('alice'))).toHaveLength(1);
});

test('two devices of the user answer at once: one has the call', async () => {
  const { openPhone, advance, chat } = openCallWorld();
  const [bob, alice] = [await openPhone('bob'), await openPhone('alice')];
  const second = await openPhone('alice', { device: 'second' });
  const call = await bob.client.calls.start({ uid: alice.uid });
  await advance(10);
  await Promise.all([alice.current().accept(), second.current().accept()]);
  await advance(10);
  const states = [alice, second].map(
    (phone) => phone.client.calls.current?.state ?? phone.heard[phone.heard.length - 1],
  );
  expect(states.sort()).toEqual(['connecting', 'ended answeredElsewhere']);
  expect([alice, second].filter((phone) => phone.media().isClosed)).toHaveLength(1);
  expect(call.state).toBe('connecting');
  expect(chat('alice', 'bob').filter((words) => words.includes('hangup'))).toEqual([]);
});

test('both call each other: one call stays, that of the smaller id, and there is one record', async () => {
  const { openPhone, advance, chat } = openCallWorld();
  const [alice, bob] = [await openPhone('alice'), await openPhone('bob')];
  const [one, other] = await Promise.all([
    alice.client.calls.start({ uid: bob.uid, video: true }),
    bob.client.calls.start({ uid: alice.uid }),
  ]);
  await advance(100);
  expect([one.state, other.state]).toEqual(['connecting', 'connecting']);
  expect(other.id).toBe(one.id);
  expect(bob.media().log[0]).toBe('devices audio');
  up(alice, bob);
  await advance(1000);
  other.hangUp();
  await advance(10);
  expect([one.reason, other.reason]).toEqual(['peerHungUp', 'hungUp']);
  const words = chat('alice', 'bob');
  expect(words.filter((word) => word.includes('record'))).toEqual([expect.stringMatching(/^alice: record \d+$/)]);
  expect([...alice.plan.made, ...bob.plan.made].every((media) => media.isClosed)).toBe(true);
});

test('a deployed peer that calls at the same time answers busy: its call is accepted', async () => {
  const { phone, calls, says, bob, advance, chat } = await withScript();
  const call = await phone.client.calls.start({ uid: bob.id });
  const own = call.id;
  await calls('theirs');
  await advance(10);
  expect(call.state).toBe('ringing');
  await says({ action: 'hangup', callId: own, initiator: Number(phone.uid) }, 'busy');
  await advance(10);
  expect([call.state, call.id]).toEqual(['connecting', 'theirs']);
  expect(phone.media().log).toEqual(['devices audio', 'joins 1234 p']);
  expect(chat('alice', 'bob').slice(3)).toEqual(['alice: pickup']);
});

test('its call and its busy come with one page', async () => {
  const { phone, calls, says, bob, advance, chat } = await withScript();
  const call = await phone.client.calls.start({ uid: bob.id });
  const config = { action: 'hangup', callId: call.id, initiator: Number(phone.uid) };
  await Promise.all([calls('theirs'), says(config, 'busy')]);
  await advance(10);
  expect([call.state, call.id]).toEqual(['connecting', 'theirs']);
  expect(chat('alice', 'bob').slice(3)).toEqual(['alice: pickup']);
});

test('a deployed peer with the smaller id: this call gives way', async () => {
  const { openPhone, alice, advance, chat } = openCallWorld();
  const bob = await openPhone('bob');
  const call = await bob.client.calls.start({ uid: alice.id });
  const config = { action: 'call', callId: 'theirs', roomId: 1234, initiator: Number(alice.id), type: 1, pin: 'p' };
  await alice.says('', { to: 'bob', type: 'rtc', config });
  await advance(10);
  expect([call.state, call.id]).toEqual(['connecting', 'theirs']);
  // A hangup would close its call.
  expect(chat('bob', 'alice').slice(2)).toEqual(['bob: pickup']);
});

test('a call of the peer while this one is only being made takes its place', async () => {
  const { phone, calls, bob, advance, chat } = await withScript();
  let openGate: () => void = () => undefined;
  phone.plan.gate = new Promise((resolve) => (openGate = resolve));
  const starting = phone.client.calls.start({ uid: bob.id });
  await calls('theirs');
  await advance(10);
  openGate();
  const call = await starting;
  expect([call.id, call.state]).toEqual(['theirs', 'connecting']);
  await advance(10);
  expect(chat('alice', 'bob')).toEqual(['bob: call', 'alice: pickup']);
});

test('records of deployed clients are read', async () => {
  const { phone } = await withScript();
  const read = (content: string, config: object): unknown =>
    phone.client.calls.readRecord({ type: 'rtc', content, config, isOwn: false });
  const own = { action: 'record', callId: 'c', initiator: Number(phone.uid) };
  expect(read('61000', own)).toMatchObject({ outcome: 'answered', durationMs: 61_000, isOwn: true });
  expect(read('61000', { ...own, peerDrop: true })).toMatchObject({ outcome: 'interrupted' });
  expect(read('rejected', own)).toMatchObject({ outcome: 'declined', durationMs: undefined });
  expect(read('', { ...own, action: 'hangup' })).toBe(null);
});
