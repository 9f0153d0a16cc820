/** The calls of a user in one or two tabs, in a time that the test moves. Any event can happen at any moment. */
import { expect } from 'vitest';
import type { CallMessage, CallPort } from '../../../src/call-port.ts';
import { FlooError } from '../../../src/errors.ts';
import { parseId } from '../../../src/model/ids.ts';
import type { ArrivedMessage } from '../../../src/model/message.ts';
import type { TabLock, Tabs } from '../../../src/platform/ports.ts';
import { CallCenter } from '../../../src/rtc/call-center.ts';
import type { CallMedia, CallMediaListener } from '../../../src/rtc/call-media.ts';
import type { Call } from '../../../src/rtc/call-types.ts';
import { createMemoryTabs } from '../../../testkit/src/memory-tabs.ts';

const [SELF, PEER, OTHER] = ['5', '7', '3'];
const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

interface Said {
  /** Number of the tab. */
  readonly by: number;
  readonly to: string;
  readonly action: string;
  readonly callId: string;
  readonly content: string;
  /** The server did not take it. */
  readonly isRefused: boolean;
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

/** What the tabs of a user share. */
interface Device {
  readonly tabs: Tabs | undefined;
  readonly time: ReturnType<typeof createTime>;
  readonly said: Said[];
  /** The server has a message of the user's, which all tabs see. */
  echo(message: ArrivedMessage): void;
}

type Arriving = Pick<ArrivedMessage, 'id' | 'from' | 'to' | 'content'> & { config: object; clientMid?: string };

const arrived = (time: Device['time'], { config, ...given }: Arriving): ArrivedMessage => ({
  ...{ ext: '', type: 'rtc', timestamp: String(time.clock.now()), isHistory: false, arrival: 'live' },
  ...{ toType: 'roster', status: 0, is_system: false, isNative: false, isPlayed: false, editTimestamp: '0' },
  ...{ isOwn: given.from === SELF, config: { ...config }, ...given },
});

/** A browser answers a little later. */
function slowly(lock: TabLock, clock: CallPort['clock']): TabLock {
  const pause = new Promise<void>((resolve) => void clock.setTimeout(resolve, 2));
  return { ...lock, isHeld: pause.then(async () => lock.isHeld) };
}

interface OpenMedia {
  readonly listener: CallMediaListener;
  isClosed: boolean;
}

function openTab(device: Device, by: number) {
  const { tabs, time, said, echo } = device;
  const { clock } = time;
  const media: OpenMedia[] = [];
  const plan = { fails: false, refuses: false };
  const handlers = new Set<() => void>();
  const page = {
    addEventListener: (_: string, handler: () => void) => void handlers.add(handler),
    removeEventListener: (_: string, handler: () => void) => void handlers.delete(handler),
  };
  const port: CallPort = {
    ...{ clock, logger: QUIET, parseId, parseJson: JSON.parse, reportError: () => undefined },
    serverNow: () => clock.now(),
    self: () => SELF,
    mediaServer: () => 'wss://rtc',
    sendSignal: async () => undefined,
    ...{ openChannel: (onMessage) => tabs?.open('calls', onMessage), flush: () => undefined },
    lock: (name, how) => tabs && slowly(tabs.lock(name, how), clock),
    createError: (reason, message, options) => new FlooError(reason, message, options),
    sendMessage: (to, { config = {}, content }: CallMessage) => {
      const { action = 'camera', callId = '' } = config as Partial<Said>;
      const { refuses: isRefused } = plan;
      said.push({ by, to, action, callId, content, isRefused });
      const mid = said.length;
      const clientMid = String(mid);
      const message = arrived(time, { id: String(mid * 10), from: SELF, to, content, config, clientMid });
      const acknowledged = Promise.resolve().then(() => {
        if (isRefused) throw new FlooError('ServerTimeOut', 'no');
        echo(message);
        return message;
      });
      acknowledged.catch(() => undefined);
      return { mid, acknowledged };
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
  const ended: { by: number; call: Call; saidBefore: number; isOnline: boolean }[] = [];
  const tab = { center, media, plan, ended, handlers, isOnline: true, page, clock };
  center.events.on('callEnded', (call) => ended.push({ by, call, saidBefore: said.length, isOnline: tab.isOnline }));
  center.handleOnline(true);
  return tab;
}

type Tab = ReturnType<typeof openTab>;

/** @param count - of tabs */
export function openCenters(count: 1 | 2, tabs: Tabs | undefined = count > 1 ? createMemoryTabs() : undefined) {
  const time = createTime();
  const said: Said[] = [];
  const all: Tab[] = [];
  const echo = (message: ArrivedMessage): void => all.forEach(({ center }) => center.handleMessage(message));
  for (let number = 0; number < count; number++) all.push(openTab({ tabs, time, said, echo }, number));
  return { ...time, said, all, tabs, echo };
}

export type World = ReturnType<typeof openCenters>;

function receive(world: World, action: string, callId: string, from: string, content = '', more = {}): void {
  const isOwn = from === SELF;
  const config = { action, callId, initiator: isOwn ? PEER : from, roomId: 1, type: 1, pin: 'p', ...more };
  const id = String(Math.floor(world.clock.now()));
  world.echo(arrived(world, { id, from, to: isOwn ? PEER : SELF, content, config }));
}

const onMedia = ({ media }: Tab, run: (listener: CallMediaListener) => void): void =>
  media.forEach(({ listener }) => run(listener));

const mayFail = (promise: Promise<unknown> | undefined): void =>
  void promise?.catch((error: unknown) => expect(error).toBeInstanceOf(FlooError));

const idIn = ({ all }: World): string => all.map(({ center }) => center.live?.model.id).find(Boolean) ?? 'none';

const start = ({ center, clock }: Tab, peer: string): void =>
  mayFail(center.start({ id: `own ${peer} ${clock.now()}`, peer, video: true, media: {} }));

/** What happens in one tab. */
export const IN_A_TAB: Readonly<Record<string, (tab: Tab) => void>> = {
  start: (tab) => start(tab, PEER),
  'start to the other': (tab) => start(tab, OTHER),
  accept: ({ center }) => mayFail(center.current?.accept()),
  decline: ({ center }) => center.current?.decline(),
  'hang up': ({ center }) => center.current?.hangUp(),
  up: (tab) => onMedia(tab, ({ onUp }) => onUp()),
  broken: (tab) => onMedia(tab, ({ onBroken }) => onBroken()),
  healed: (tab) => onMedia(tab, ({ onHealed }) => onHealed()),
  lost: (tab) => onMedia(tab, ({ onLost }) => onLost(new FlooError('ServerConnectFailed', 'gone'))),
  'peer leaves': (tab) => onMedia(tab, ({ onPeerLeft }) => onPeerLeft()),
  'peer is back': (tab) => onMedia(tab, ({ onPeerBack }) => onPeerBack()),
  'stands still': (tab) => onMedia(tab, ({ onQuality }) => onQuality('lost')),
  offline: (tab) => tab.center.handleOnline((tab.isOnline = false)),
  online: (tab) => tab.center.handleOnline((tab.isOnline = true)),
  'devices fail': ({ plan }) => void (plan.fails = true),
  'devices work': ({ plan }) => void (plan.fails = false),
  'server refuses': ({ plan }) => void (plan.refuses = true),
  'server accepts': ({ plan }) => void (plan.refuses = false),
  'session ends, and another begins': (tab) => {
    tab.center.handleSessionEnd();
    tab.center.handleOnline((tab.isOnline = true));
  },
  'page is left': ({ handlers }) => [...handlers].forEach((handler) => handler()),
};

/** What happens to the user. */
export const TO_THE_USER: Readonly<Record<string, (world: World) => void>> = {
  'peer calls': (world) => receive(world, 'call', `peer ${world.clock.now()}`, PEER, '', { v: 1 }),
  'deployed peer calls': (world) => receive(world, 'call', `peer ${world.clock.now()}`, PEER),
  'other calls': (world) => receive(world, 'call', `other ${world.clock.now()}`, OTHER),
  'peer picks up': (world) => receive(world, 'pickup', idIn(world), PEER),
  'peer hangs up': (world) => receive(world, 'hangup', idIn(world), PEER, 'rejected'),
  'peer is busy': (world) => receive(world, 'hangup', idIn(world), PEER, 'busy'),
  'peer drops': (world) => receive(world, 'hangup', idIn(world), PEER, '100', { peerDrop: true }),
  'peer records': (world) => receive(world, 'record', idIn(world), PEER, '100'),
  'other picks up': (world) => receive(world, 'pickup', idIn(world), OTHER),
  'own device picks up': (world) => receive(world, 'pickup', idIn(world), SELF),
  'own device declines': (world) => receive(world, 'hangup', idIn(world), SELF, 'rejected'),
  'a moment': ({ advance }) => advance(50),
  'some seconds': ({ advance }) => advance(6000),
  'a minute': ({ advance }) => advance(61_000),
};

/** Everything that needs no time is done. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
};
