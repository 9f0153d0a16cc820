/** Worlds of calls: clients whose media is a fake, users that are scripts, and the server in memory. */
import { createClient } from '../../src/entries/node.ts';
import type { CallPort, CallsPlugin, FlooClient } from '../../src/entries/node.ts';
import { createCallsEngine } from '../../src/rtc/calls-engine.ts';
import type { Call } from '../../src/rtc/call-types.ts';
import type { Calls } from '../../src/rtc/calls.ts';
import type { KvProvider, TabLock } from '../../src/platform/ports.ts';
import { openMemoryServer } from '../../testkit/src/test-server.ts';
import type { TestUser } from '../../testkit/src/test-user.ts';
import { createPlan, fakeCallsMedia, fakeDevices, RING_MS } from './fake-call-media.ts';
import type { FakeMedia, MediaPlan } from './fake-call-media.ts';

export { RING_MS };

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
  /** Ends as a tab that crashes does: no timer of its calls runs any more, it says nothing, and its locks are free. */
  die(): void;
  /** From now on nothing is stored: the page is being left. */
  storeNothing(): void;
  /** The media made last. */
  media(): FakeMedia;
  current(): Call;
}

/** What becomes of a tab. */
interface Life {
  isOver: boolean;
  readonly locks: Set<TabLock>;
  /** What is to be stored waits for this. */
  pause: Promise<void> | undefined;
  resume(): void;
}

const open: { client: FlooClient; life: Life }[] = [];

/** Ends all clients. */
export const closePhones = async (): Promise<void> => {
  await Promise.all(
    open.splice(0).map(async ({ client, life }) => {
      life.resume();
      await client.dispose();
    }),
  );
};

/** The words of a message of a call: `call`, `hangup busy`, `camera off`. */
function wordsOf({ content, config, ext }: ReturnType<TestUser['messages']>[number]): string {
  const { action, peerDrop } = (config ?? {}) as { action?: string; peerDrop?: boolean };
  if (action === undefined) return `camera ${ext.includes('true') ? 'off' : 'on'}`;
  return [action, content, peerDrop === true ? 'drop' : ''].filter(Boolean).join(' ');
}

/** A port whose timers are counted, and stop when the tab's life is over. */
function mortal(port: CallPort, timers: Set<unknown>, life: Life): CallPort {
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
  const lock: CallPort['lock'] = (name, how) => {
    const asked = port.lock(name, how);
    if (asked) life.locks.add(asked);
    return asked;
  };
  return { ...port, clock, lock };
}

const pausable = (kv: KvProvider, life: Life): KvProvider => ({
  ...kv,
  open: async (name) => {
    const store = await kv.open(name);
    const commit: typeof store.commit = async (...given) => {
      await life.pause;
      return store.commit(...given);
    };
    return { ...store, commit };
  },
});

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
    const plan = createPlan();
    const page = new EventTarget();
    const ports: CallPort[] = [];
    const timers = new Set<unknown>();
    const life: Life = { isOver: false, locks: new Set(), pause: undefined, resume: () => undefined };
    const rtc: CallsPlugin<Calls> = {
      create: (whole) => {
        const port = mortal(whole, timers, life);
        ports.push(port);
        return createCallsEngine({
          ...{ port, page, ringMs: RING_MS, support: fakeDevices(plan) },
          media: fakeCallsMedia(plan),
        });
      },
    };
    const options = server.clientOptions({ device: name, ...place });
    const kv = pausable(options.platform.kv!, life);
    const client = createClient({ ...options, platform: { ...options.platform, kv }, rtc, logLevel: 'error' });
    open.push({ client, life });
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
      die: () => {
        life.isOver = true;
        for (const lock of life.locks) lock.release();
      },
      storeNothing: () => void (life.pause = new Promise((resolve) => (life.resume = resolve))),
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
