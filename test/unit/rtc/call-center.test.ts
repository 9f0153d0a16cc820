// Any order of events: one call at a time, one record for each, and nothing is left after its end.
import { expect, test } from 'vitest';
import type { CallMessage, CallPort } from '../../../src/call-port.ts';
import { FlooError } from '../../../src/errors.ts';
import { parseId } from '../../../src/model/ids.ts';
import type { ArrivedMessage } from '../../../src/model/message.ts';
import { CallCenter } from '../../../src/rtc/call-center.ts';
import type { CallMedia, CallMediaListener } from '../../../src/rtc/call-media.ts';
import type { Call } from '../../../src/rtc/call-types.ts';
import { fc } from '../../support/property.ts';

const [SELF, PEER, OTHER] = ['5', '7', '3'];
const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

interface Said {
  readonly to: string;
  readonly action: string;
  readonly callId: string;
  readonly content: string;
}

/** Time that a test moves. */
function createTime() {
  let now = 1_000_000;
  const timers = new Map<number, { at: number; run(): void }>();
  let last = 0;
  const clock: CallPort['clock'] = {
    now: () => now,
    setTimeout: (run, delayMs) => {
      timers.set(++last, { at: now + delayMs, run });
      return last;
    },
    clearTimeout: (timer) => void timers.delete(timer as number),
  };
  const advance = (ms: number): void => {
    const end = now + ms;
    for (;;) {
      const [due] = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (!due) break;
      timers.delete(due[0]);
      now = Math.max(now, due[1].at);
      due[1].run();
    }
    now = end;
  };
  return { clock, timers, advance };
}

/** The calls of a user with the id 5, whose peers have the ids 3 and 7. */
function openCenter() {
  const { clock, timers, advance } = createTime();
  const said: Said[] = [];
  const media: { isClosed: boolean; listener: CallMediaListener }[] = [];
  const plan = { fails: false, refuses: false };
  let listeners = 0;
  const parts = new Map<string, (() => void)[]>();
  const page = {
    addEventListener: (_: string, handler: () => void) => {
      listeners++;
      parts.set('pagehide', [handler]);
    },
    removeEventListener: () => void (listeners = Math.max(0, listeners - 1)),
  };
  const port: CallPort = {
    ...{ clock, logger: QUIET, parseId, parseJson: JSON.parse, reportError: () => undefined },
    serverNow: () => clock.now(),
    self: () => SELF,
    mediaServer: () => 'wss://rtc',
    sendSignal: async () => undefined,
    ...{ openChannel: () => undefined, lock: () => undefined, flush: () => undefined },
    createError: (reason, message, options) => new FlooError(reason, message, options),
    sendMessage: (to, { config, content }: CallMessage) => {
      const { action = 'camera', callId = '' } = (config ?? {}) as Partial<Said>;
      said.push({ to, action, callId, content });
      const message = { id: String(said.length * 10) } as ArrivedMessage;
      const refusal = plan.refuses ? Promise.reject(new FlooError('ServerTimeOut', 'no')) : undefined;
      refusal?.catch(() => undefined);
      return { mid: said.length, acknowledged: refusal ?? Promise.resolve(message) };
    },
  };
  const openMedia = (listener: CallMediaListener): CallMedia => {
    const own = { isClosed: false, listener };
    media.push(own);
    const step = async (): Promise<void> => {
      if (plan.fails) throw new FlooError('NotFound', 'no device');
    };
    return {
      local: { camera: null, microphone: null, screen: null, isMicrophoneOn: true },
      remote: { video: null, audio: null, screen: null },
      ...{ takeDevices: step, join: step },
      makeRoom: async () => step().then(() => ({ room: '1', pin: 'p', secret: 's' })),
      ...{ setMicrophone: step, setCamera: step, setSpeaker: step, shareScreen: step, stopSharing: () => undefined },
      ...{ attach: () => () => undefined, resumeAudio: step, stats: async () => ({}) },
      close: () => void (own.isClosed = true),
    };
  };
  const calls = { open: openMedia, handleOnline: () => undefined, handleSignal: () => undefined };
  const center = new CallCenter({ port, media: calls, page, ringMs: 60_000, mustHaveCalls: () => undefined });
  const ended: { call: Call; saidBefore: number; isOnline: boolean }[] = [];
  const world = {
    center,
    clock,
    timers,
    advance,
    said,
    media,
    plan,
    ended,
    isOnline: true,
    listeners: () => listeners,
  };
  center.events.on('callEnded', (call) => ended.push({ call, saidBefore: said.length, isOnline: world.isOnline }));
  center.handleOnline(true);
  return world;
}

type World = ReturnType<typeof openCenter>;

function receive(
  { center, clock }: World,
  action: string,
  callId: string,
  from: string,
  content = '',
  more = {},
): void {
  const isOwn = from === SELF;
  center.handleMessage({
    ...{ id: String(Math.floor(clock.now())), from, to: isOwn ? PEER : SELF, isOwn, content, ext: '', type: 'rtc' },
    ...{ timestamp: String(clock.now()), isHistory: false, arrival: 'live', toType: 'roster' },
    ...{ status: 0, is_system: false, isNative: false, isPlayed: false, editTimestamp: '0' },
    config: { action, callId, initiator: isOwn ? PEER : from, roomId: 1, type: 1, pin: 'p', ...more },
  });
}

const withMedia = ({ media }: World, run: (listener: CallMediaListener) => void): void =>
  media.forEach(({ listener }) => run(listener));
const currentId = ({ center }: World): string => center.live?.model.id ?? 'none';

const EVENTS: Readonly<Record<string, (world: World) => void>> = {
  start: ({ center, clock }) =>
    void center
      .start({ id: `own ${clock.now()}`, peer: PEER, video: true, media: {} })
      .catch((error: unknown) => expect(error).toBeInstanceOf(FlooError)),
  'peer calls': (world) => receive(world, 'call', `peer ${world.clock.now()}`, PEER),
  'other calls': (world) => receive(world, 'call', `other ${world.clock.now()}`, OTHER),
  accept: ({ center }) =>
    void center.current?.accept().catch((error: unknown) => expect(error).toBeInstanceOf(FlooError)),
  decline: ({ center }) => center.current?.decline(),
  'hang up': ({ center }) => center.current?.hangUp(),
  'peer picks up': (world) => receive(world, 'pickup', currentId(world), PEER),
  'peer hangs up': (world) => receive(world, 'hangup', currentId(world), PEER, 'rejected'),
  'peer is busy': (world) => receive(world, 'hangup', currentId(world), PEER, 'busy'),
  'peer drops': (world) => receive(world, 'hangup', currentId(world), PEER, '100', { peerDrop: true }),
  'peer records': (world) => receive(world, 'record', currentId(world), PEER, '100'),
  'own device picks up': (world) => receive(world, 'pickup', currentId(world), SELF),
  'own device declines': (world) => receive(world, 'hangup', currentId(world), SELF, 'rejected'),
  up: (world) => withMedia(world, ({ onUp }) => onUp()),
  broken: (world) => withMedia(world, ({ onBroken }) => onBroken()),
  healed: (world) => withMedia(world, ({ onHealed }) => onHealed()),
  lost: (world) => withMedia(world, ({ onLost }) => onLost(new FlooError('ServerConnectFailed', 'gone'))),
  'peer leaves': (world) => withMedia(world, ({ onPeerLeft }) => onPeerLeft()),
  'peer is back': (world) => withMedia(world, ({ onPeerBack }) => onPeerBack()),
  'stands still': (world) => withMedia(world, ({ onQuality }) => onQuality('lost')),
  offline: (world) => world.center.handleOnline((world.isOnline = false)),
  online: (world) => world.center.handleOnline((world.isOnline = true)),
  'devices fail': ({ plan }) => void (plan.fails = true),
  'devices work': ({ plan }) => void (plan.fails = false),
  'server refuses': ({ plan }) => void (plan.refuses = true),
  'server accepts': ({ plan }) => void (plan.refuses = false),
  'session ends': ({ center }) => center.handleSessionEnd(),
  'a moment': ({ advance }) => advance(50),
  'some seconds': ({ advance }) => advance(6000),
  'a minute': ({ advance }) => advance(61_000),
};

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 12; turn++) await Promise.resolve();
};

async function run(world: World, names: readonly string[]): Promise<void> {
  for (const name of names) {
    EVENTS[name]!(world);
    await settle();
    world.advance(1);
  }
  world.center.current?.hangUp();
  EVENTS['online']!(world);
  await settle();
  world.advance(200_000);
  await settle();
}

test('whatever happens, nothing is left after the end: no timer, no media, no handler of the page', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(EVENTS)), { maxLength: 40 }), async (names) => {
      const world = openCenter();
      await run(world, names);
      expect([world.center.live, world.center.current]).toEqual([undefined, null]);
      expect(world.timers.size).toBe(0);
      expect(world.media.filter(({ isClosed }) => !isClosed)).toEqual([]);
      expect(world.listeners()).toBe(0);
    }),
  );
});

/** Ends after which the caller, or whoever noticed it, writes a record. */
const RECORDED = ['hungUp', 'canceled', 'timeout', 'peerDeclined', 'busy'];

test('whatever happens, there is one record for a call, and no message of it after its end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(EVENTS)), { maxLength: 40 }), async (names) => {
      const world = openCenter();
      await run(world, names);
      for (const { call, saidBefore, isOnline } of world.ended) {
        const own = world.said.filter(({ callId }) => callId === call.id);
        const records = own.filter(({ action }) => action === 'record');
        expect(own.filter(({ action }) => action === 'hangup').length).toBeLessThanOrEqual(1);
        expect(records.length).toBeLessThanOrEqual(1);
        const isPeers = names.includes('peer records') || names.includes('peer drops');
        if (!isPeers && call.direction === 'outgoing' && RECORDED.includes(String(call.reason)))
          expect(records).toHaveLength(1);
        const after = world.said.slice(saidBefore).filter(({ callId }) => callId === call.id);
        // A record may be owed by a client that was offline.
        expect(after.filter(({ action }) => isOnline || action !== 'record')).toEqual([]);
      }
    }),
  );
});
