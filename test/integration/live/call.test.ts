// The call of a user as views show it, on fake media.
import { afterEach, expect, test } from 'vitest';
import { liveCall, mustHaveCalls } from '../../../src/live/call.ts';
import type { CallView } from '../../../src/live/call.ts';
import { createHub } from '../../../src/live/hub.ts';
import { createClient } from '../../../src/entries/node.ts';
import { closePhones, openCallWorld } from '../../support/call-world.ts';
import type { Phone } from '../../support/call-world.ts';
import { until } from '../../support/client-events.ts';

const cleanups: (() => void)[] = [];
afterEach(async () => {
  cleanups.splice(0).forEach((clean) => clean());
  await closePhones();
});

/** The live call of a client, and each of its values, the one at the start first. */
function followCall({ client }: Pick<Phone, 'client'>) {
  const hub = createHub(client);
  const source = hub.of(liveCall);
  const values: CallView[] = [source.get()];
  const leave = source.subscribe(() => values.push(source.get()));
  cleanups.push(leave, hub.open());
  return {
    source,
    values,
    leave,
    get now() {
      return source.get();
    },
  };
}

/** Bob calls Alice, whose calls are followed. */
async function ring() {
  const world = openCallWorld();
  const [alice, bob] = [await world.openPhone('alice'), await world.openPhone('bob')];
  const screen = followCall(alice);
  const call = await bob.client.calls.start({ uid: alice.uid, video: true });
  await world.advance(10);
  await until(() => screen.now.state === 'ringing', 'the ring');
  return { ...world, alice, bob, call, screen };
}

async function connect() {
  const world = await ring();
  await world.screen.now.call!.accept();
  await world.advance(10);
  world.alice.media().listener.onUp();
  world.bob.media().listener.onUp();
  await until(() => world.screen.now.state === 'connected', 'the connection');
  return world;
}

test('a call from its ring to its end, and until its screen is closed', async () => {
  const { alice, bob, call, screen, advance } = await ring();
  expect(screen.values[0]).toMatchObject({ call: null, state: undefined, calls: alice.client.calls });
  expect(screen.now).toMatchObject({ peer: bob.uid, direction: 'incoming', video: true, seconds: 0, quality: 'good' });
  screen.source.dismiss();
  expect(screen.now.call).toBe(alice.client.calls.current);

  await screen.now.call!.accept();
  await advance(10);
  await until(() => screen.now.state === 'connecting', 'the answer');
  expect(screen.now.local).toMatchObject({ isMicrophoneOn: true });
  alice.media().listener.onUp();
  bob.media().listener.onUp();
  await until(() => screen.now.state === 'connected', 'the connection');
  await screen.now.call!.setMicrophone(false);
  await until(() => !screen.now.local.isMicrophoneOn, 'the microphone');
  alice.media().listener.onQuality('poor');
  await until(() => screen.now.quality === 'poor', 'the quality');
  await call.setCamera(false);
  await advance(10);
  await until(() => screen.now.remote.isCameraOff, 'the camera of the other side');
  await advance(61_000);
  call.hangUp();
  await advance(10);
  await until(() => screen.now.state === 'ended', 'the end');
  expect(screen.now).toMatchObject({ reason: 'peerHungUp', seconds: 61, local: { microphone: null } });
  expect(alice.client.calls.current).toBe(null);

  screen.source.dismiss();
  await until(() => screen.now.call === null, 'a closed screen');
  expect(screen.now).toMatchObject({ state: undefined, reason: undefined, seconds: 0 });
});

test('the next call takes the place of one that has ended', async () => {
  const { alice, bob, call, screen, advance } = await ring();
  call.hangUp();
  await advance(10);
  await until(() => screen.now.reason === 'peerCanceled', 'the end');
  const next = await alice.client.calls.start({ uid: bob.uid });
  await until(() => screen.now.call === next, 'the next call');
  expect(screen.now).toMatchObject({ state: 'ringing', direction: 'outgoing', reason: undefined, video: false });
});

test('it changes once a second while it is connected, and not when nothing else happens', async () => {
  const { alice, screen, call, advance } = await connect();
  screen.values.length = 0;
  for (const seconds of [1, 2]) {
    await advance(1000);
    // Figures are read all the time. They change nothing that a screen shows.
    alice.media().listener.onQuality('good');
    await until(() => screen.now.seconds === seconds, 'the next second');
  }
  expect(screen.values.map(({ seconds }) => seconds)).toEqual([1, 2]);
  expect(new Set(screen.values.map(({ local }) => local)).size).toBe(1);
  call.hangUp();
  await advance(10);
  await until(() => screen.now.state === 'ended', 'the end');
  const { length } = screen.values;
  await advance(10_000);
  expect([screen.now.seconds, screen.values.length]).toEqual([2, length]);
});

test('sound that is blocked, and what fails on the way', async () => {
  const { alice, screen } = await connect();
  const { listener } = alice.media();
  listener.onAudioBlocked();
  await until(() => screen.now.isAudioBlocked, 'the blocked sound');
  await screen.source.resumeAudio();
  await until(() => !screen.now.isAudioBlocked, 'the sound');
  const error = alice.port.createError('NotFound', 'the camera is gone');
  listener.onError(error);
  await until(() => screen.now.error === error, 'the error');
  listener.onAudioBlocked();
  await until(() => screen.now.isAudioBlocked, 'the blocked sound');
  screen.now.call!.hangUp();
  await until(() => screen.now.state === 'ended', 'the end');
  expect(screen.now).toMatchObject({ isAudioBlocked: false, error });
});

test('an element shows the call that there is, from the answer to the end, and the next one', async () => {
  const { alice, bob, screen, advance, call } = await ring();
  const { remoteRef, localRef } = screen.source.createRefs();
  const element = {} as HTMLVideoElement;
  remoteRef(element);
  await screen.now.call!.accept();
  const log = (): string[] => alice.media().log.filter((entry) => /^(shows|hides)/.test(entry));
  await until(() => log().length > 0, 'the picture');
  // Vue sets a reference again with each rendering.
  remoteRef(element);
  expect(log()).toEqual(['shows remote']);
  localRef({} as HTMLVideoElement);
  localRef(null);
  expect(log()).toEqual(['shows remote', 'shows local', 'hides local']);
  await advance(10);
  call.hangUp();
  await advance(10);
  await until(() => screen.now.state === 'ended', 'the end');

  await alice.client.calls.start({ uid: bob.uid });
  await until(() => log().includes('shows remote'), 'the picture of the next call');
  remoteRef(null);
  expect(log()).toEqual(['shows remote', 'hides remote']);
});

test('the call of another tab is shown, and is ended from here', async () => {
  const world = openCallWorld();
  const one = await world.openPhone('alice', { tab: 'one' });
  const two = await world.openPhone('alice', { tab: 'two' });
  const bob = await world.openPhone('bob');
  const screen = followCall(two);
  screen.source.createRefs().remoteRef({} as HTMLVideoElement);
  await one.client.calls.start({ uid: bob.uid });
  await world.advance(10);
  await until(() => screen.now.state === 'ringing', 'the call');
  expect(screen.now).toMatchObject({ isInOtherTab: true, direction: 'outgoing', peer: bob.uid });
  screen.now.call!.hangUp();
  await world.advance(10);
  await until(() => screen.now.reason === 'canceled', 'the end');
  expect(two.plan.made).toEqual([]);
});

test('a logout closes the screen, and who follows later sees the call that goes on', async () => {
  const { alice, screen } = await connect();
  const later = followCall(alice);
  expect(later.values[0]).toMatchObject({ state: 'connected', call: screen.now.call });
  screen.leave();
  await alice.client.logout();
  await until(() => later.now.call === null, 'a closed screen');
});

test('a client without the option rtc has none, which a hook says', async () => {
  const client = createClient({ appid: 'welovemaxim', logLevel: 'error' });
  cleanups.push(() => void client.dispose());
  const hub = createHub(client);
  cleanups.push(
    hub.of(liveCall).subscribe(() => undefined),
    hub.open(),
  );
  expect(hub.of(liveCall).get()).toMatchObject({ call: null, calls: undefined });
  expect(() => mustHaveCalls(client)).toThrow('the option rtc');
});
