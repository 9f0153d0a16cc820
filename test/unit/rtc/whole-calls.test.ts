// Calls with their media, at a media server in memory: whatever happens, no device, connection, room or timer is left.
import { afterEach, expect, test, vi } from 'vitest';
import type { CallMessage, CallPort } from '../../../src/call-port.ts';
import { FlooError } from '../../../src/errors.ts';
import type { ArrivedMessage } from '../../../src/model/message.ts';
import { CallCenter } from '../../../src/rtc/call-center.ts';
import { createCallsMedia } from '../../../src/rtc/create-call-media.ts';
import { fc } from '../../support/property.ts';
import { fake } from '../../support/fakes.ts';
import { FakeConnection, stubBrowser } from './fake-browser.ts';
import { FakeJanus, PEER } from './fake-janus.ts';

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
  janus.deliver = (content) => media.handleSignal(content);
  const center = new CallCenter({ port, media, page, ringMs: 60_000, mustHaveCalls: () => undefined });
  center.handleOnline(true);
  /** Whether Janus may not have got the end of a session. */
  return { center, janus, devices, page, wasCut: false };
}

type World = ReturnType<typeof open>;

function receive({ center }: World, action: string, callId: string, content = ''): void {
  const config = { action, callId, initiator: PEER, roomId: 77, type: 1, pin: 'p', v: 1 };
  const stamp = { timestamp: String(Date.now()), isHistory: false, arrival: 'live' as const };
  const message = { id: '1', from: PEER_ID, to: center.live?.model.id ?? '', isOwn: false, content, ext: '', config };
  center.handleMessage(fake<ArrivedMessage>({ ...message, ...stamp }));
}

const idOf = ({ center }: World): string => center.live?.model.id ?? 'none';
const mayFail = (promise: Promise<unknown> | undefined): void =>
  void promise?.catch((error: unknown) => expect(error).toBeInstanceOf(FlooError));
const connections = (state: string): void => FakeConnection.open().forEach((one) => one.become(state));
const onHandles = ({ janus }: World, event: object): void => {
  for (let handle = 1; handle <= FakeConnection.open().length; handle++) janus.say(-handle, event);
};
const setOnline = (world: World, isOnline: boolean): void => {
  world.wasCut ||= !isOnline;
  world.janus.isOnline = isOnline;
  world.center.handleOnline(isOnline);
};
const setSilent = (world: World, isSilent: boolean): void => {
  world.wasCut ||= isSilent;
  world.janus.isSilent = isSilent;
};

const EVENTS: Readonly<Record<string, (world: World) => unknown>> = {
  start: ({ center }) => mayFail(center.start({ id: `own ${Date.now()}`, peer: PEER_ID, video: true, media: {} })),
  'peer calls': (world) => receive(world, 'call', `peer ${Date.now()}`),
  accept: ({ center }) => mayFail(center.current?.accept()),
  'peer picks up': (world) => receive(world, 'pickup', idOf(world)),
  'peer hangs up': (world) => receive(world, 'hangup', idOf(world), 'busy'),
  'hang up': ({ center }) => center.current?.hangUp(),
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
  'camera off': ({ center }) => mayFail(center.current?.setCamera(false)),
  'camera on': ({ center }) => mayFail(center.current?.setCamera(true)),
  screen: ({ center }) => mayFail(center.current?.shareScreen()),
  offline: (world) => setOnline(world, false),
  online: (world) => setOnline(world, true),
  'a moment': async () => vi.advanceTimersByTimeAsync(50),
  'some seconds': async () => vi.advanceTimersByTimeAsync(6000),
  'half a minute': async () => vi.advanceTimersByTimeAsync(31_000),
};

test('no device, connection, room or timer is left', async () => {
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
          if (world.center.live) continue;
          expect([FakeConnection.open(), world.devices.live()]).toEqual([[], []]);
        }
        world.center.current?.hangUp();
        setSilent(world, false);
        await vi.advanceTimersByTimeAsync(200_000);
        world.janus.refusals.clear();
        setOnline(world, true);
        await vi.advanceTimersByTimeAsync(200_000);
        expect(world.center.live).toBeUndefined();
        expect([FakeConnection.open(), world.devices.live()]).toEqual([[], []]);
        expect([...world.janus.rooms]).toEqual([]);
        // Janus ends a session of which it hears nothing more.
        if (!world.wasCut) expect([...world.janus.sessions]).toEqual([]);
        expect(vi.getTimerCount()).toBe(0);
      },
    ),
  );
});
