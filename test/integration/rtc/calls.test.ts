// Calls of two clients on fake media: every row of the state machine.
import { afterEach, expect, test } from 'vitest';
import { closePhones, openCallWorld } from '../../support/call-world.ts';

afterEach(closePhones);

/** Alice calls Bob, and it rings. */
async function ring({ video = true } = {}) {
  const world = openCallWorld();
  const [alice, bob] = [await world.openPhone('alice'), await world.openPhone('bob')];
  const call = await alice.client.calls.start({ uid: bob.uid, video });
  await world.advance(10);
  return { ...world, alice, bob, call };
}

export async function connect({ video = true } = {}) {
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
