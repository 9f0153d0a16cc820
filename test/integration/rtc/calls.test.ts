// Calls of two clients on fake media: every row of the state machine.
import { afterEach, expect, test } from 'vitest';
import { closePhones, openCallWorld, RING_MS } from '../../support/call-world.ts';

afterEach(closePhones);

/** Alice calls Bob, and it rings. */
async function ring({ video = true } = {}) {
  const world = openCallWorld();
  const [alice, bob] = [await world.openPhone('alice'), await world.openPhone('bob')];
  const call = await alice.client.calls.start({ uid: bob.uid, video });
  await world.advance(10);
  return { ...world, alice, bob, call };
}

async function connect({ video = true } = {}) {
  const world = await ring({ video });
  await world.bob.current().accept();
  await world.advance(10);
  world.alice.media().listener.onUp();
  world.bob.media().listener.onUp();
  return world;
}

test('a call rings, is accepted, connects and is hung up; its caller writes one record', async () => {
  const { alice, bob, call, advance, chat } = await ring();
  expect(alice.media().log).toEqual(['devices video', 'makes a room']);
  expect(bob.heard).toEqual([`incoming ${call.id}`, 'current ringing'].reverse());
  const incoming = bob.current();
  expect(incoming).toMatchObject({
    id: call.id,
    peer: alice.uid,
    direction: 'incoming',
    video: true,
    state: 'ringing',
  });
  await incoming.accept();
  expect(bob.media().log).toEqual(['devices video', 'joins 4711 the pin']);
  await advance(10);
  expect([call.state, incoming.state]).toEqual(['connecting', 'connecting']);
  expect(alice.media().log.slice(2)).toEqual(['joins 4711 the pin']);
  alice.media().listener.onUp();
  bob.media().listener.onUp();
  expect([call.state, incoming.state]).toEqual(['connected', 'connected']);
  await advance(5000);
  expect(call.durationMs).toBe(5000);
  incoming.hangUp();
  await advance(10);
  expect([incoming.reason, call.reason]).toEqual(['hungUp', 'peerHungUp']);
  expect(alice.client.calls.current).toBe(null);
  expect([alice.media().isClosed, bob.media().isClosed]).toEqual([true, true]);
  expect(chat('alice', 'bob')).toEqual(['alice: call', 'bob: pickup', 'bob: hangup 5000', 'alice: record 5000']);
  const record = alice.client.calls.readRecord(alice.client.rosterManage.getRosterMessageByRid(Number(bob.uid)).pop()!);
  expect(record).toEqual({ callId: call.id, initiator: alice.uid, isOwn: true, outcome: 'answered', durationMs: 5000 });
});

test('declined: the peer knows, and the record says so', async () => {
  const { bob, call, advance, chat } = await ring();
  bob.current().decline();
  await advance(10);
  expect(call.reason).toBe('peerDeclined');
  expect(bob.heard.slice(-3)).toEqual(['ended', 'current none', 'ended declined']);
  expect(chat('alice', 'bob')).toEqual(['alice: call', 'bob: hangup rejected', 'alice: record rejected']);
});

test('canceled by its caller', async () => {
  const { bob, call, advance, chat } = await ring();
  call.hangUp();
  await advance(10);
  expect(call.reason).toBe('canceled');
  expect(bob.heard.slice(-1)).toEqual(['ended peerCanceled']);
  expect(chat('alice', 'bob')).toEqual(['alice: call', 'alice: hangup canceled', 'alice: record canceled']);
});

test('nobody answers', async () => {
  const { bob, call, advance, chat } = await ring();
  await advance(RING_MS + 100);
  expect(call.reason).toBe('timeout');
  expect(bob.heard.slice(-1)).toEqual(['ended missed']);
  expect(chat('alice', 'bob')).toEqual(['alice: call', 'alice: hangup timeout', 'alice: record timeout']);
});

test('a caller that vanishes: it rings for five seconds longer, and nothing is sent', async () => {
  const { bob, alice, advance, chat, server } = await ring();
  server.device('alice').goOffline();
  await advance(RING_MS + 4900);
  expect(bob.current().state).toBe('ringing');
  await advance(200);
  expect(bob.heard.slice(-1)).toEqual(['ended missed']);
  expect(alice.heard.slice(-1)).toEqual(['ended timeout']);
  expect(chat('alice', 'bob')).toEqual(['alice: call']);
});

test('no devices: nothing is sent, and nothing is left', async () => {
  const { openPhone, advance, chat, bob: user } = openCallWorld();
  const alice = await openPhone('alice');
  alice.plan.failures.takeDevices = alice.port.createError('UserPermissionDenied', 'no');
  await expect(alice.client.calls.start({ uid: user.id })).rejects.toMatchObject({ reason: 'UserPermissionDenied' });
  expect([alice.client.calls.current, alice.media().isClosed, alice.heard]).toEqual([null, true, []]);
  await advance(RING_MS);
  expect(chat('alice', 'bob')).toEqual([]);
  delete alice.plan.failures.takeDevices;
  expect((await alice.client.calls.start({ uid: user.id })).state).toBe('ringing');
});

test('a call message that the server refuses rejects, and nothing follows', async () => {
  const { openPhone, advance, chat, bob: user, core } = openCallWorld();
  const alice = await openPhone('alice');
  core.faults.refuseSend({ code: 12, reason: 'no' });
  await expect(alice.client.calls.start({ uid: user.id })).rejects.toMatchObject({ statusCode: 12 });
  await advance(RING_MS * 2);
  expect([alice.client.calls.current, alice.media().isClosed, alice.heard]).toEqual([null, true, []]);
  expect(chat('alice', 'bob')).toEqual([]);
});

test('errors of start', async () => {
  const { alice, bob } = await ring();
  const start = async (uid: string): Promise<unknown> => alice.client.calls.start({ uid });
  await expect(start('x')).rejects.toMatchObject({ reason: 'InvalidParam' });
  await expect(start(alice.uid)).rejects.toMatchObject({ reason: 'InvalidParam' });
  await expect(start(bob.uid)).rejects.toMatchObject({ reason: 'ServerBusy', details: { local: true } });
  await alice.client.logout();
  await expect(start(bob.uid)).rejects.toMatchObject({ reason: 'UserNotLogin' });
});

test('the devices of the callee fail: the caller hears that at once', async () => {
  const { alice, bob, call, advance, chat } = await ring();
  bob.plan.failures.takeDevices = bob.port.createError('NotFound', 'no camera');
  await expect(bob.current().accept()).rejects.toMatchObject({ reason: 'NotFound' });
  await advance(10);
  expect(bob.heard.slice(-1)).toEqual(['ended failed']);
  expect(call.reason).toBe('peerDeclined');
  expect([alice, bob].map((phone) => phone.media().isClosed)).toEqual([true, true]);
  expect(chat('alice', 'bob')).toEqual(['alice: call', 'bob: hangup rejected', 'alice: record rejected']);
});

test('a page without WebRTC: it makes no call; a call rings on, and can be declined', async () => {
  const { bob, alice, call, advance } = await ring();
  bob.plan.isSupported = false;
  const refusal = { reason: 'ServerRtcNotOpen', details: { support: false } };
  await expect(bob.current().accept()).rejects.toMatchObject(refusal);
  expect(bob.current().state).toBe('ringing');
  bob.current().decline();
  await advance(10);
  expect(call.reason).toBe('peerDeclined');
  await expect(bob.client.calls.start({ uid: alice.uid })).rejects.toMatchObject(refusal);
});

test('a call that does not connect within 30 s fails', async () => {
  const { alice, bob, call, advance, chat } = await ring();
  const incoming = bob.current();
  await incoming.accept();
  await advance(30_050);
  expect([incoming.reason, incoming.error?.reason]).toEqual(['failed', 'ServerTimeOut']);
  expect(call.reason).toBe('peerHungUp');
  expect([alice, bob].map((phone) => phone.media().isClosed)).toEqual([true, true]);
  expect(chat('alice', 'bob').filter((words) => words.includes('record'))).toHaveLength(1);
});

test('a broken connection is repaired', async () => {
  const { alice, call, advance } = await connect();
  alice.media().listener.onBroken();
  expect(call.state).toBe('reconnecting');
  await advance(20_000);
  alice.media().listener.onHealed();
  expect(call.state).toBe('connected');
  await advance(60_000);
  expect(call.state).toBe('connected');
});

test('a connection that is not repaired within 30 s is lost, and this side writes the record', async () => {
  const { alice, bob, call, advance, chat } = await connect();
  await advance(1000);
  bob.media().listener.onBroken();
  await advance(30_050);
  expect(bob.heard.slice(-1)).toEqual(['ended connectionLost']);
  expect([call.reason, alice.media().isClosed]).toEqual(['peerHungUp', true]);
  expect(chat('alice', 'bob').slice(2)).toEqual(['bob: hangup 31000 drop', 'bob: record 31000 drop']);
});

test('a client that loses its connection to the servers: it goes on, then reconnects, and at last it is lost', async () => {
  const { bob, alice, call, advance, server, chat } = await connect();
  server.device('bob').goOffline();
  await advance(2000);
  expect(bob.current().state).toBe('connected');
  await advance(1500);
  expect(bob.current().state).toBe('reconnecting');
  server.device('bob').goOnline();
  await advance(10_000);
  expect(bob.current().state).toBe('connected');
  server.device('bob').goOffline();
  await advance(40_000);
  expect(bob.heard.slice(-1)).toEqual(['ended connectionLost']);
  alice.media().listener.onPeerLeft();
  await advance(5100);
  expect(call.reason).toBe('peerDropped');
  server.device('bob').goOnline();
  await advance(30_000);
  expect(chat('alice', 'bob').filter((words) => words.includes('record'))).toHaveLength(1);
});

test('a peer that leaves without a word is dropped after 5 s; one that is back is not', async () => {
  const { alice, bob, call, advance, chat } = await connect();
  const { listener } = alice.media();
  listener.onPeerLeft();
  await advance(4000);
  listener.onPeerBack();
  await advance(4000);
  expect(call.state).toBe('connected');
  listener.onPeerLeft();
  await advance(5000);
  expect(call.reason).toBe('peerDropped');
  expect(bob.heard.slice(-1)).toEqual(['ended peerHungUp']);
  expect(chat('alice', 'bob').slice(2)).toEqual(['alice: hangup 13000 drop', 'alice: record 13000 drop']);
});

test('media that stands still: the quality is lost, and then the peer', async () => {
  const { alice, call, advance } = await connect();
  const heard: string[] = [];
  call.on('quality', (quality) => heard.push(quality));
  alice.media().listener.onQuality('lost');
  expect([call.quality, call.state]).toEqual(['lost', 'connected']);
  await advance(33_000);
  alice.media().listener.onQuality('good');
  await advance(10_000);
  alice.media().listener.onQuality('lost');
  await advance(34_000);
  expect(call.reason).toBe('peerDropped');
  expect(heard).toEqual(['lost', 'good', 'lost']);
});

test('logout, and a client that is disposed of, end it without a word', async () => {
  const { alice, bob, call, chat } = await connect();
  await alice.client.logout();
  expect([call.reason, alice.media().isClosed]).toEqual(['loggedOut', true]);
  const other = bob.current();
  await bob.client.dispose();
  expect([other.reason, bob.media().isClosed]).toEqual(['loggedOut', true]);
  expect(chat('alice', 'bob')).toEqual(['alice: call', 'bob: pickup']);
});

test('a page that is left hangs up, once', async () => {
  const { alice, call, bob, advance, chat } = await connect();
  await advance(1000);
  alice.page.dispatchEvent(new Event('pagehide'));
  expect([call.reason, alice.media().isClosed]).toEqual(['hungUp', true]);
  await advance(10_000);
  expect(bob.heard.slice(-1)).toEqual(['ended peerHungUp']);
  expect(chat('alice', 'bob').slice(2)).toEqual(['alice: hangup 1000', 'alice: record 1000']);
});

test('a page that is left, and stores nothing any more: the hangup and the record are on their way', async () => {
  const { alice, bob, advance, chat } = await connect();
  await advance(1000);
  alice.storeNothing();
  alice.page.dispatchEvent(new Event('pagehide'));
  await advance(10);
  expect(bob.heard.slice(-1)).toEqual(['ended peerHungUp']);
  expect(chat('alice', 'bob').slice(2)).toEqual(['alice: hangup 1000', 'alice: record 1000']);
});

test('a page that is left while a call rings says nothing: another device may answer', async () => {
  const { bob, call, advance, chat } = await ring();
  bob.page.dispatchEvent(new Event('pagehide'));
  await advance(10);
  expect([call.state, chat('alice', 'bob')]).toEqual(['ringing', ['alice: call']]);
});

test('the camera: the other side knows when it goes off and on, and at the start', async () => {
  const { alice, bob, call, advance, chat } = await connect();
  const heard: boolean[] = [];
  bob.current().on('peerCamera', (isOn) => heard.push(isOn));
  await call.setCamera(false);
  await call.setCamera(false);
  await advance(10);
  expect([bob.current().remote.isCameraOff, heard]).toEqual([true, [false]]);
  await call.setCamera('another');
  await advance(10);
  expect([bob.current().remote.isCameraOff, heard]).toEqual([false, [false, true]]);
  expect(chat('alice', 'bob').slice(2)).toEqual(['alice: camera off', 'alice: camera on']);
  expect(alice.media().log).not.toContain('closes');
});

test('who accepts a video call without a picture says so when it is connected', async () => {
  const { alice, bob, advance, call } = await ring();
  await bob.current().accept({ video: false });
  await advance(10);
  alice.media().listener.onUp();
  bob.media().listener.onUp();
  await advance(10);
  expect(call.remote.isCameraOff).toBe(true);
});

test('actions on a call that has ended do nothing', async () => {
  const { bob, call, advance, chat } = await ring();
  const incoming = bob.current();
  incoming.decline();
  await advance(10);
  const before = chat('alice', 'bob');
  await incoming.accept();
  incoming.decline();
  incoming.hangUp();
  call.hangUp();
  await advance(RING_MS);
  expect(chat('alice', 'bob')).toEqual(before);
});
