/** Worlds of calls: clients whose media is a fake, users that are scripts, and the server in memory. */
import { createClient } from '../../src/entries/node.ts';
import type { CallPort, CallsPlugin, FlooClient } from '../../src/entries/node.ts';
import { createCallsEngine } from '../../src/rtc/calls-engine.ts';
import type { CallMedia, CallMediaListener, CallRoom } from '../../src/rtc/call-media.ts';
import type { Call, Calls, LocalMedia } from '../../src/rtc/calls.ts';
import { openMemoryServer } from '../../testkit/src/test-server.ts';
import type { TestUser } from '../../testkit/src/test-user.ts';

/** Media that does what a test says. */
export interface FakeMedia extends CallMedia {
  readonly listener: CallMediaListener;
  /** What was asked of it. */
  readonly log: string[];
  isClosed: boolean;
}

/** What all media of a client does. */
export interface MediaPlan {
  readonly made: FakeMedia[];
  /** Steps that fail, by their names. */
  readonly failures: Partial<Record<'takeDevices' | 'makeRoom' | 'join', Error>>;
  /** Whether this page can make calls. */
  isSupported: boolean;
  /** Steps that wait for this. */
  gate: Promise<void> | undefined;
}

const STREAM = {} as MediaStream;

function createFakeMedia(listener: CallMediaListener, plan: MediaPlan): FakeMedia {
  const log: string[] = [];
  const local: LocalMedia = { camera: null, microphone: null, screen: null, isMicrophoneOn: false };
  const does = async (step: keyof MediaPlan['failures'], entry: string): Promise<void> => {
    log.push(entry);
    await plan.gate;
    const failure = plan.failures[step];
    if (failure) throw failure;
  };
  const media: FakeMedia = {
    listener,
    log,
    isClosed: false,
    local,
    remote: { video: null, audio: null, screen: null },
    takeDevices: async ({ video }) => {
      await does('takeDevices', `devices ${video ? 'video' : 'audio'}`);
      Object.assign(local, { camera: video ? STREAM : null, microphone: STREAM, isMicrophoneOn: true });
    },
    makeRoom: async () => {
      await does('makeRoom', 'makes a room');
      return { room: '4711', pin: 'the pin', secret: 'the secret' };
    },
    join: async ({ room, pin }: CallRoom) => does('join', `joins ${room} ${pin}`),
    handleOnline: (isOnline) => void log.push(isOnline ? 'online' : 'offline'),
    handleSignal: (content) => void log.push(`signal ${content}`),
    setMicrophone: async (to) => void Object.assign(local, { isMicrophoneOn: to !== false }),
    setCamera: async (to) => void Object.assign(local, { camera: to === false ? null : STREAM }),
    setSpeaker: async () => undefined,
    shareScreen: async (hasSecondPicture) => void log.push(`screen ${hasSecondPicture ? 'beside' : 'instead'}`),
    stopSharing: () => undefined,
    attach: () => () => undefined,
    resumeAudio: async () => undefined,
    stats: async () => ({}),
    close: () => {
      log.push('closes');
      media.isClosed = true;
    },
  };
  plan.made.push(media);
  return media;
}

/** The calls of one client, on fake media. */
export interface Phone {
  readonly client: FlooClient & { readonly calls: Calls };
  readonly uid: string;
  readonly plan: MediaPlan;
  readonly port: CallPort;
  readonly page: EventTarget;
  /** The events of its calls, in their order. */
  readonly heard: string[];
  /** Timers of its calls that have not run. */
  readonly timers: Set<unknown>;
  /** Ends as a tab that crashes does: no timer of its calls runs any more, and it says nothing. */
  die(): void;
  /** The media made last. */
  media(): FakeMedia;
  current(): Call;
}

const open: FlooClient[] = [];

/** Ends all clients. */
export const closePhones = async (): Promise<void> => {
  await Promise.all(open.splice(0).map(async (client) => client.dispose()));
};

export const RING_MS = 60_000;

/** The words of a message of a call: `call`, `hangup busy`, `camera off`. */
function wordsOf({ content, config, ext }: ReturnType<TestUser['messages']>[number]): string {
  const { action, peerDrop } = (config ?? {}) as { action?: string; peerDrop?: boolean };
  if (action === undefined) return `camera ${ext.includes('true') ? 'off' : 'on'}`;
  return [action, content, peerDrop === true ? 'drop' : ''].filter(Boolean).join(' ');
}

/** A port whose timers are counted, and stop when the tab's life is over. */
function mortal(port: CallPort, timers: Set<unknown>, life: { isOver: boolean }): CallPort {
  const clock: CallPort['clock'] = {
    now: () => port.clock.now(),
    setTimeout: (run, delayMs) => {
      const timer = port.clock.setTimeout(() => {
        timers.delete(timer);
        if (!life.isOver) run();
      }, delayMs);
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer) => {
      timers.delete(timer);
      port.clock.clearTimeout(timer);
    },
  };
  return { ...port, clock };
}

/** Makes a server in memory with the friends alice, bob and carol, in this order of their ids. */
export function openCallWorld() {
  const memory = openMemoryServer();
  const { server } = memory;
  const [alice, bob, carol] = [server.addUser('alice'), server.addUser('bob'), server.addUser('carol')];
  server.befriend('alice', 'bob');
  server.befriend('alice', 'carol');
  server.befriend('bob', 'carol');
  const users = { alice, bob, carol };

  async function openPhone(name: keyof typeof users, place: { device?: string; tab?: string } = {}): Promise<Phone> {
    const plan: MediaPlan = { made: [], failures: {}, isSupported: true, gate: undefined };
    const page = new EventTarget();
    const ports: CallPort[] = [];
    const timers = new Set<unknown>();
    const life = { isOver: false };
    const support = {
      isSupported: () => plan.isSupported,
      listDevices: async () => [],
      watchDevices: () => () => undefined,
    };
    const rtc: CallsPlugin<Calls> = {
      create: (whole) => {
        const port = mortal(whole, timers, life);
        ports.push(port);
        const createMedia = (listener: CallMediaListener): CallMedia => createFakeMedia(listener, plan);
        return createCallsEngine({ port, createMedia, page, ringMs: RING_MS, support });
      },
    };
    const options = server.clientOptions({ device: name, ...place });
    const client = createClient({ ...options, rtc, logLevel: 'error' });
    open.push(client);
    const heard: string[] = [];
    client.calls.on('incomingCall', (call) => heard.push(`incoming ${call.id}`));
    client.calls.on('current', (call) => {
      heard.push(call ? `current ${call.state}` : 'current none');
      call?.on('state', (state) => heard.push(state));
    });
    client.calls.on('callEnded', (call) => heard.push(`ended ${String(call.reason)}`));
    await client.login(users[name].credentials);
    await server.settled();
    return {
      ...{ client, uid: users[name].id, plan, page, heard, timers, port: ports[0]! },
      die: () => void (life.isOver = true),
      media: () => plan.made[plan.made.length - 1]!,
      current: () => client.calls.current!,
    };
  }

  /** What the two wrote about calls, oldest first. */
  function chat(one: keyof typeof users, other: keyof typeof users): string[] {
    return users[one]
      .messages(other)
      .map((message) => `${message.from === users[one].id ? one : other}: ${wordsOf(message)}`);
  }

  return { ...memory, ...users, openPhone, chat, advance: async (ms: number) => server.clock.advance(ms) };
}
