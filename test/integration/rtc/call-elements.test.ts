// Elements that an app attaches to a call before it has media, and while its media are made anew.
import { afterEach, expect, test } from 'vitest';
import { closePhones, openCallWorld } from '../../support/call-world.ts';

afterEach(closePhones);

const element = (): HTMLMediaElement => ({}) as HTMLMediaElement;

async function open() {
  const world = openCallWorld();
  const [alice, bob] = [await world.openPhone('alice'), await world.openPhone('bob')];
  return { ...world, alice, bob };
}

test('attached while it rings: it shows when the call is accepted, and nothing after the end', async () => {
  const { alice, bob, advance } = await open();
  await alice.client.calls.start({ uid: bob.uid });
  await advance(10);
  const [video, preview, removed] = [element(), element(), element()];
  const call = bob.current();
  call.attach(video, 'remote');
  call.attach(preview, 'local');
  call.attach(removed, 'screen')();
  expect(bob.plan.made).toEqual([]);
  await call.accept();
  const { shown } = bob.media();
  expect([...shown]).toEqual([
    [video, 'remote'],
    [preview, 'local'],
  ]);
  call.hangUp();
  await advance(10);
  expect([...shown]).toEqual([]);
});

test('attached again: the element shows the last, and removing the first takes nothing away', async () => {
  const { alice, bob } = await open();
  const call = await alice.client.calls.start({ uid: bob.uid });
  const video = element();
  const removeFirst = call.attach(video, 'remote');
  const removeSecond = call.attach(video, 'screen');
  removeFirst();
  expect([...alice.media().shown]).toEqual([[video, 'screen']]);
  removeSecond();
  expect([...alice.media().shown]).toEqual([]);
});

test('attached to a call that gives way to that of the other side: the call that stays shows', async () => {
  const { alice, bob, advance } = await open();
  const video = element();
  const call = await bob.client.calls.start({ uid: alice.uid });
  const first = bob.media();
  call.attach(video, 'remote');
  const { id } = call;
  const states: string[] = [];
  call.on('state', (state) => states.push(state));
  const config = { action: 'call', callId: 'theirs', roomId: 12, initiator: Number(alice.uid), type: 1, pin: 'p' };
  alice.port.sendMessage(bob.uid, { content: '', config });
  await advance(10);
  expect([call.id, call.direction, states]).toEqual(['theirs', 'incoming', ['connecting']]);
  expect([id === call.id, bob.client.calls.current]).toEqual([false, call]);
  expect([first.isClosed, [...first.shown], [...bob.media().shown]]).toEqual([true, [], [[video, 'remote']]]);
});
