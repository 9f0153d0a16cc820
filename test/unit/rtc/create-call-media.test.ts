import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallMedia, CallMediaListener, CallsMedia } from '../../../src/rtc/call-media.ts';
import { createCallsMedia } from '../../../src/rtc/create-call-media.ts';
import { wrongly } from '../../support/fakes.ts';
import { fc } from '../../support/property.ts';
import { FakeConnection, stubBrowser } from './fake-browser.ts';
import type { FakeDevices } from './fake-browser.ts';
import { FakeJanus, PEER } from './fake-janus.ts';

const BOB = { id: PEER, streams: [{ mid: '0' }, { mid: '1' }] };
const ROOM = { room: '77', pin: 'the pin', secret: undefined };

let devices: FakeDevices;
let janus: FakeJanus;
let calls: CallsMedia;
let media: CallMedia;
let heard: string[];

function open(): void {
  vi.clearAllTimers();
  devices = stubBrowser();
  janus = new FakeJanus();
  heard = [];
  const listener = Object.fromEntries(
    [
      'onUp',
      'onBroken',
      'onHealed',
      'onLost',
      'onPeerLeft',
      'onPeerBack',
      'onTracks',
      'onQuality',
      'onAudioBlocked',
      'onError',
    ].map((name) => [name, (): void => void heard.push(name)]),
  );
  calls = createCallsMedia(janus.port, { iceServers: async () => Promise.resolve([]) });
  media = calls.open(listener as Record<keyof CallMediaListener, () => void>);
  janus.deliver = (content) => calls.handleSignal(content);
}

beforeEach(() => {
  vi.useFakeTimers();
  open();
});

afterEach(() => {
  media.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = async (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

function rise(): void {
  FakeConnection.open().forEach((connection, handle) => {
    connection.become('connected');
    janus.say(handle - FakeConnection.open().length, { janus: 'webrtcup' });
  });
}

async function callBob(): Promise<void> {
  janus.publishers = [BOB];
  await media.takeDevices({ video: true, media: {} });
  await media.join(ROOM);
  await settle();
  rise();
}

/** An element of a page. */
class FakeElement {
  srcObject: unknown = null;
  muted = false;
  readonly sinks: string[] = [];
  failure = '';

  async play(): Promise<void> {
    if (this.failure) throw Object.assign(new Error(), { name: this.failure });
  }

  async setSinkId(deviceId: string): Promise<void> {
    if (deviceId === 'no such speaker') throw Object.assign(new Error(), { name: 'NotFoundError' });
    this.sinks.push(deviceId);
  }
}

test('what comes keeps its streams while connections are made anew', async () => {
  await callBob();
  const element = new FakeElement();
  media.attach(wrongly(element), 'remote');
  const { video, audio } = media.remote;
  const track = video!.getTracks()[0];
  const shown = element.srcObject as MediaStream;
  expect(shown.getTracks()).toEqual([audio!.getTracks()[0], track]);
  janus.forget();
  for (const connection of FakeConnection.open()) connection.become('failed');
  await settle();
  rise();
  expect(media.remote.video).toBe(video);
  expect(video!.getTracks()[0]).not.toBe(track);
  expect(element.srcObject).toBe(shown);
  expect(shown.getTracks()).toEqual([audio!.getTracks()[0], video!.getTracks()[0]]);
});

test('sound that the browser blocks is reported, and plays after a gesture', async () => {
  await callBob();
  const element = new FakeElement();
  element.failure = 'NotAllowedError';
  const remove = media.attach(wrongly(element), 'remote');
  await settle();
  expect(heard).toContain('onAudioBlocked');
  heard.length = 0;
  element.failure = '';
  await media.resumeAudio();
  expect(heard).toEqual([]);
  remove();
  expect(element.srcObject).toBeNull();
});

test('a speaker is chosen for what plays and what will play, where the browser can', async () => {
  await callBob();
  vi.stubGlobal('HTMLMediaElement', class extends EventTarget {});
  await expect(media.setSpeaker('table')).rejects.toMatchObject({ reason: 'NotFound' });
  vi.stubGlobal('HTMLMediaElement', FakeElement);
  const [early, late, own] = [new FakeElement(), new FakeElement(), new FakeElement()];
  media.attach(wrongly(early), 'remote');
  media.attach(wrongly(own), 'local');
  await media.setSpeaker('table');
  media.attach(wrongly(late), 'remote');
  expect([early.sinks, late.sinks, own.sinks]).toEqual([['table'], ['table'], []]);
  expect([early.muted, own.muted]).toEqual([false, true]);
  await expect(media.setSpeaker('no such speaker')).rejects.toMatchObject({ reason: 'NotFound' });
});

test('ten seconds in which no sound comes are lost, unless none is sent', async () => {
  await callBob();
  await settle(9999);
  expect(heard).not.toContain('onQuality');
  await settle(1);
  expect(heard.filter((name) => name === 'onQuality')).toHaveLength(1);
  const streams = [{ type: 'video', mid: '1', active: true, feed_id: PEER, feed_mid: '1' }];
  janus.sayToRoom(1, { streams });
  await settle(2000);
  expect(heard.filter((name) => name === 'onQuality')).toHaveLength(2);
  await settle(60_000);
  expect(heard.filter((name) => name === 'onQuality')).toHaveLength(2);
});

test.each([
  ['was offline at the end of its call', (): void => void (janus.isOnline = false)],
  ['had lost its session', (): void => janus.forget()],
])('a client that %s destroys the room when it can', async (_, spoil) => {
  await media.makeRoom();
  spoil();
  media.close();
  await settle();
  janus.isOnline = true;
  calls.handleOnline(true);
  await settle();
  expect([...janus.rooms]).toEqual([]);
  expect(janus.bodies('destroy').at(-1)).toMatchObject({ secret: janus.bodies('create')[0]!['secret'] });
});

/** What happens to a call, in any order. */
const ACTIONS: Readonly<Record<string, () => unknown>> = {
  takeDevices: async () => media.takeDevices({ video: true, media: {} }),
  makeRoom: async () => media.makeRoom(),
  join: async () => media.join(ROOM),
  rise,
  cameraOff: async () => media.setCamera(false),
  cameraOn: async () => media.setCamera('back'),
  microphone: async () => media.setMicrophone(true),
  share: async () => media.shareScreen(true),
  stopSharing: () => media.stopSharing(),
  breaks: () => FakeConnection.open().forEach((connection) => connection.become('disconnected')),
  fails: () => FakeConnection.open()[0]?.become('failed'),
  hangup: () => janus.say(-1, { janus: 'hangup' }),
  publishes: () => janus.sayToRoom(0, { publishers: [BOB] }),
  leaves: () => janus.sayToRoom(0, { leaving: PEER }),
  destroyed: () => janus.sayToRoom(0, { videoroom: 'destroyed' }),
  unplugged: () => devices.live()[0]?.end(),
  candidate: () => FakeConnection.open()[0]?.onicecandidate?.({ candidate: null }),
  offline: () => calls.handleOnline(false),
  online: () => calls.handleOnline(true),
  noRoom: () => janus.refuse('join', 426),
  idTaken: () => janus.refuse('join', 436),
  noHandle: () => janus.refuse('configure', 459),
  soon: async () => settle(20),
  later: async () => settle(5000),
};

test('after the end nothing is left, whatever happened', async () => {
  const steps = fc.array(fc.tuple(fc.constantFrom(...Object.keys(ACTIONS)), fc.nat(12)), { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (given, isSettled) => {
      open();
      const once = given.filter(
        ([name], at) => name !== 'makeRoom' || given.findIndex(([other]) => other === name) === at,
      );
      for (const [name, turns] of once) {
        // Many of them fail in an order like this. What counts is what is left.
        const result = Promise.resolve(ACTIONS[name]!()).catch(() => undefined);
        if (name === 'soon' || name === 'later') await result;
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      }
      if (isSettled) await settle(20_000);
      media.close();
      heard.length = 0;
      expect(FakeConnection.open()).toEqual([]);
      await settle();
      expect(vi.getTimerCount()).toBe(0);
      expect(devices.live()).toEqual([]);
      expect(FakeConnection.open()).toEqual([]);
      expect([...janus.rooms, ...janus.sessions]).toEqual([]);
      await settle(60_000);
      expect(heard).toEqual([]);
    }),
  );
});
