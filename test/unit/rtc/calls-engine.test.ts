// Calls with their media, at a media server in memory: whatever happens, no device, connection, room or timer is left.
import { afterEach, expect, test, vi } from 'vitest';
import type { CallMessage, CallPort } from '../../../src/call-port.ts';
import { FlooError } from '../../../src/errors.ts';
import type { ArrivedMessage } from '../../../src/model/message.ts';
import { createCallsEngine } from '../../../src/rtc/calls-engine.ts';
import { createCallsMedia } from '../../../src/rtc/create-call-media.ts';
import { fc } from '../../support/property.ts';
import { fake } from '../../support/fakes.ts';
import { FakeConnection, stubBrowser } from './fake-browser.ts';
import { FakeJanus, PEER, SELF } from './fake-janus.ts';

const BOB = { id: PEER, streams: [{ mid: '0' }, { mid: '1' }] };
const PEER_ID = String(PEER);

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function open() {
  vi.useFakeTimers();
  const devices = stubBrowser();
  const janus = new FakeJanus();
  const page = new EventTarget();
  let said = 0;
  const port: CallPort = {
    ...janus.port,
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    serverNow: () => Date.now(),
    ...{ openChannel: () => undefined, lock: () => undefined, flush: () => undefined },
    sendMessage: (_to: string, _message: CallMessage) => {
      const mid = ++said;
      return { mid, acknowledged: Promise.resolve(fake<ArrivedMessage>({ id: String(mid) })) };
    },
  };
  const media = createCallsMedia(port, { iceServers: [] });
  const support = { isSupported: () => true, listDevices: async () => [], watchDevices: () => () => undefined };
  const engine = createCallsEngine({ port, media, page, ringMs: 60_000, support });
  janus.deliver = (content) => engine.handleSignal(content);
  engine.handleOnline(true);
  const isInCall = (): boolean => engine.calls.current !== null || engine.rtcManage.getInCallStatus();
  /** Whether Janus may not have got the end of a session. */
  return { engine, calls: engine.calls, isInCall, janus, devices, page, wasCut: false };
}

type World = ReturnType<typeof open>;

function receive({ engine }: World, action: string, callId: string, content = ''): void {
  const config = { action, callId, initiator: PEER, roomId: 77, type: 1, pin: 'p', v: 1 };
  const stamp = { timestamp: String(Date.now()), isHistory: false, arrival: 'live' as const };
  const message = { id: '1', from: PEER_ID, to: SELF, isOwn: false, content, ext: '', config };
  engine.handleMessage(fake<ArrivedMessage>({ ...message, ...stamp }));
}

const idOf = ({ calls }: World): string => calls.current?.id ?? 'none';
const mayFail = (promise: Promise<unknown> | undefined): void =>
  void promise?.catch((error: unknown) => expect(error).toBeInstanceOf(FlooError));
const connections = (state: string): void => FakeConnection.open().forEach((one) => one.become(state));
const onHandles = ({ janus }: World, event: object): void => {
  for (let handle = 1; handle <= FakeConnection.open().length; handle++) janus.say(-handle, event);
};
const setOnline = (world: World, isOnline: boolean): void => {
  world.wasCut ||= !isOnline;
  world.janus.isOnline = isOnline;
  world.engine.handleOnline(isOnline);
};
const setSilent = (world: World, isSilent: boolean): void => {
  world.wasCut ||= isSilent;
  world.janus.isSilent = isSilent;
};

const EVENTS: Readonly<Record<string, (world: World) => unknown>> = {
  start: ({ calls }) => mayFail(calls.start({ uid: PEER_ID, video: true })),
  'peer calls': (world) => receive(world, 'call', `peer ${Date.now()}`),
  accept: ({ calls }) => mayFail(calls.current?.accept()),
  'an app of the deployed kind calls': ({ engine }) =>
    engine.rtcManage.initRTCEngine({ caller: true, receiver: PEER_ID, callId: `app ${Date.now()}` }),
  'it answers': (world) => world.engine.rtcManage.initRTCEngine({ receiver: PEER_ID, callId: idOf(world), roomId: 77 }),
  'it mutes': ({ engine }) => {
    engine.rtcManage.muteLocalAudio(true);
    engine.rtcManage.muteLocalVideo(true);
  },
  'it ends': ({ engine }) => engine.rtcManage.destroy(),
  'peer picks up': (world) => receive(world, 'pickup', idOf(world)),
  'peer hangs up': (world) => receive(world, 'hangup', idOf(world), 'busy'),
  'hang up': ({ calls }) => calls.current?.hangUp(),
  'page is left': ({ page }) => page.dispatchEvent(new Event('pagehide')),
  'peer publishes': ({ janus }) => {
    janus.publishers = [BOB];
    janus.sayToRoom(-1, { publishers: [BOB] });
  },
  'peer leaves': ({ janus }) => {
    janus.publishers = [];
    janus.sayToRoom(-1, { leaving: PEER });
  },
  'media flows': (world) => {
    connections('connected');
    onHandles(world, { janus: 'webrtcup' });
  },
  'ways are lost': () => connections('disconnected'),
  'ways have failed': () => connections('failed'),
  'Janus ends a connection': ({ janus }) => janus.say(-1, { janus: 'hangup' }),
  'Janus ends the session': (world) => {
    world.janus.forget();
    onHandles(world, { janus: 'timeout' });
  },
  'room is destroyed': ({ janus }) => janus.sayToRoom(-1, { videoroom: 'destroyed' }),
  'user is put out': ({ janus }) => janus.sayToRoom(-1, { reason: 'kicked' }),
  'Janus is silent': (world) => setSilent(world, true),
  'Janus answers': (world) => setSilent(world, false),
  'join is refused': ({ janus }) => janus.refuse('join', 433),
  'id is taken': ({ janus }) => janus.refuse('join', 436),
  'no room': ({ janus }) => janus.refuse('create', 430),
  'no camera': ({ devices }) => devices.failures.camera.push('NotFoundError'),
  'no devices': ({ devices }) => {
    devices.failures.camera.push('NotAllowedError');
    devices.failures.microphone.push('NotAllowedError');
  },
  'camera off': ({ calls }) => mayFail(calls.current?.setCamera(false)),
  'camera on': ({ calls }) => mayFail(calls.current?.setCamera(true)),
  screen: ({ calls }) => mayFail(calls.current?.shareScreen()),
  offline: (world) => setOnline(world, false),
  online: (world) => setOnline(world, true),
  'a moment': async () => vi.advanceTimersByTimeAsync(50),
  'some seconds': async () => vi.advanceTimersByTimeAsync(6000),
  'half a minute': async () => vi.advanceTimersByTimeAsync(31_000),
};

test('no device, connection, room or timer is left', { timeout: 30_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...Object.keys(EVENTS)), { maxLength: 30 }),
      fc.boolean(),
      async (names, isCalling) => {
        const world = open();
        // Most orders would make no call at all.
        const before = isCalling
          ? ['start', 'a moment', 'peer picks up', 'a moment', 'peer publishes', 'media flows']
          : [];
        for (const name of [...before, ...names]) {
          await EVENTS[name]!(world);
          await vi.advanceTimersByTimeAsync(1);
          if (world.isInCall()) continue;
          expect([FakeConnection.open(), world.devices.live()]).toEqual([[], []]);
        }
        world.calls.current?.hangUp();
        setSilent(world, false);
        await vi.advanceTimersByTimeAsync(200_000);
        world.janus.refusals.clear();
        setOnline(world, true);
        await vi.advanceTimersByTimeAsync(200_000);
        expect(world.isInCall()).toBe(false);
        expect([FakeConnection.open(), world.devices.live()]).toEqual([[], []]);
        expect([...world.janus.rooms]).toEqual([]);
        // Janus ends a session of which it hears nothing more.
        if (!world.wasCut) expect([...world.janus.sessions]).toEqual([]);
        expect(vi.getTimerCount()).toBe(0);
      },
    ),
  );
});
