import { expect, vi } from 'vitest';
import { Hosts } from '../../../src/bootstrap/hosts.ts';
import type { DnsAnswer } from '../../../src/bootstrap/dns-answer.ts';
import { createChronicle } from '../../../src/chronicle/chronicle.ts';
import type { FlooError } from '../../../src/errors.ts';
import type { Step } from '../../../src/chronicle/step.ts';
import { createMemoryPreferences } from '../../../src/platform/memory/index.ts';
import type { LifecycleEvent } from '../../../src/platform/ports.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { Connection } from '../../../src/session/connection.ts';
import type { ConnectionSettings } from '../../../src/session/connection-settings.ts';
import type { SessionDevice } from '../../../src/session/session-owner.ts';
import type { DeviceNames } from '../../../src/model/device.ts';
import { decodeFrame, encodeFrame } from '../../../src/wire/index.ts';
import type { DownFrame, IProvision, UpFrame } from '../../../src/wire/index.ts';
import { createFakeSockets, fromHex, toHex } from '../../support/fake-socket.ts';
import type { FakeSocket } from '../../support/fake-socket.ts';

export const UID = '6597478514528';
export const IDENTITY = { uid: UID, token: 'TOKEN.abc' };

const SETTINGS: ConnectionSettings = {
  transport: 'raw',
  engine: 3,
  deviceInfo: 'Web',
  connectTimeoutMs: 10_000,
  provisionTimeoutMs: 20_000,
  heartbeatMs: 50_000,
  silenceTimeoutMs: 20_000,
  probeTimeoutMs: 5_000,
  backoff: { baseMs: 1_000, capMs: 8_000 },
};

/** A DNS answer of these socket hosts, one list a cluster. */
export const dnsAnswer = (...clusters: string[][]): DnsAnswer => ({
  clusters: clusters.map((hosts, index) => ({
    ratel: [`https://r${index}`],
    fireplace: hosts.map((host) => `https://${host}`),
    rtc: [],
  })),
  appStatus: 'normal',
  accountVerification: {},
  dnsServers: [],
  linkServers: [],
  serverIp: '',
});

export interface SessionHarness {
  connection: Connection;
  device: SessionDevice & { names: DeviceNames };
  hosts: Hosts;
  /** Answers of DNS, in turn; the last one stays. An Error is a failure. */
  dns: (DnsAnswer | Error)[];
  /** Questions asked of DNS. */
  asked(): number;
  sockets: FakeSocket[];
  /** The newest socket. */
  socket(): FakeSocket;
  /** Names of the states so far. */
  states: string[];
  causes: FlooError[];
  frames: DownFrame[];
  problems: FlooError[];
  /** What the connection and its hosts wrote. */
  steps(): Step[];
  lifecycle(event: LifecycleEvent): void;
  /** Lets promises and timers due now run. */
  settle(): Promise<void>;
  /** Brings a new socket online. */
  login(eager?: boolean): Promise<FakeSocket>;
}

/** A connection whose DNS, sockets and clock are the test's. Delays are half of their maximum. */
export function createSession(...clusters: string[][]): SessionHarness {
  const preferences = createMemoryPreferences();
  const dns: (DnsAnswer | Error)[] = [dnsAnswer(...(clusters.length > 0 ? clusters : [['a']]))];
  let asked = 0;
  const { write, steps } = createChronicle(systemClock);
  const hosts = new Hosts({
    ask: async () => {
      asked++;
      const answer = dns.length > 1 ? dns.shift()! : dns[0]!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    // The race for the fastest cluster: the first one.
    http: async () => ({ status: 200, body: '' }),
    clock: systemClock,
    preferences,
    cacheKey: 'dns',
    write,
  });
  const device: SessionHarness['device'] = {
    names: { guid: `${UID}_1073741824`, serial: 12 },
    saveSerial: (serial) => void (device.names = { ...device.names, serial }),
    renew: async () => void (device.names = { ...device.names, guid: `${UID}_2` }),
  };
  const { factory, opened } = createFakeSockets();
  const listeners = new Set<(event: LifecycleEvent) => void>();
  const states: string[] = [];
  const causes: FlooError[] = [];
  const frames: DownFrame[] = [];
  const problems: FlooError[] = [];
  const connection = new Connection(
    {
      hosts,
      sockets: factory,
      clock: systemClock,
      random: () => 0.5,
      lifecycle: {
        subscribe(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
      settings: SETTINGS,
      write,
    },
    {
      onState(state) {
        states.push(state.name);
        if ('cause' in state) causes.push(state.cause);
      },
      onProblem: (error) => problems.push(error),
    },
  );
  const sync = {
    handleFrame: (frame: DownFrame) => void frames.push(frame),
    handleBadFrame: () => undefined,
    settled: async () => undefined,
  };
  connection.attach({ sync, device });
  const settle = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(0);
  };
  const socket = (): FakeSocket => opened[opened.length - 1]!;
  return {
    connection,
    device,
    hosts,
    dns,
    asked: () => asked,
    sockets: opened,
    socket,
    states,
    causes,
    frames,
    problems,
    steps,
    lifecycle: (event) => listeners.forEach((listener) => listener(event)),
    settle,
    async login(eager = true) {
      connection.start(IDENTITY, eager);
      await settle();
      socket().open();
      answerProvision(socket(), { status: { code: 1 }, xid: { uid: UID, deviceSN: 12 } });
      return socket();
    },
  };
}

export function answer(socket: FakeSocket, frame: DownFrame): void {
  socket.bytes(toHex(encodeFrame(frame, 'down')));
}

export function answerProvision(socket: FakeSocket, payload: IProvision): void {
  answer(socket, { command: 3, payload });
}

export const accept = (socket: FakeSocket): void => answerProvision(socket, { status: { code: 1 } });

export const sentFrames = (socket: FakeSocket): UpFrame[] => socket.sent.map((hex) => decodeFrame(fromHex(hex), 'up'));

/** The heartbeat, as hex of its bytes. */
export const UNREAD = '080010001800';

/** Checks that an ended session does nothing and leaves no timer, whatever comes late. */
export async function expectQuiet({ connection, sockets, states, lifecycle, settle }: SessionHarness): Promise<void> {
  expect(vi.getTimerCount()).toBe(0);
  const opened = sockets.length;
  const before = states.length;
  const sent = sockets.map((socket) => socket.sent.length);
  for (const socket of sockets) {
    expect(socket.isClosed).toBe(true);
    socket.open();
    accept(socket);
  }
  lifecycle('online');
  lifecycle('show');
  connection.unresponsive('late');
  await vi.advanceTimersByTimeAsync(600_000);
  await settle();
  expect(sockets.length).toBe(opened);
  expect(states.length).toBe(before);
  expect(sockets.map((socket) => socket.sent.length)).toEqual(sent);
  expect(vi.getTimerCount()).toBe(0);
}
