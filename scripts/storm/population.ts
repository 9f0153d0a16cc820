import type { createHosts } from '../../src/bootstrap/hosts.ts';
import type { resolveOptions } from '../../src/options.ts';
import { createMemoryPreferences } from '../../src/platform/memory/index.ts';
import { createNodePlatform } from '../../src/platform/node/index.ts';
import type { LifecycleEvent } from '../../src/platform/ports.ts';
import type { Connection } from '../../src/session/connection.ts';
import { HEARTBEAT_MS, PROBE_TIMEOUT_MS } from '../../src/session/connection-settings.ts';
import type { SessionOwner } from '../../src/session/session-owner.ts';
import type { Chance } from '../../test/fuzz/random.ts';
import type { SimulatedServer } from './simulated-server.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The reconnects of one checkout: its state machine, its waits, its choice of hosts and its defaults. */
export interface Build {
  readonly Connection: typeof Connection;
  readonly createHosts: typeof createHosts;
  readonly resolveOptions: typeof resolveOptions;
}

/** In earlier versions the sync reported that it was idle, and only that ended the backoff. */
interface EarlierConnection {
  caughtUp?(): void;
}

interface World {
  readonly build: Build;
  readonly time: VirtualTime;
  readonly server: SimulatedServer;
  readonly chance: Chance;
  /** There is so much traffic that the sync is never idle. */
  readonly isBusy: boolean;
}

/** One client of the population: a connection without an app. */
export interface Inhabitant {
  readonly isOnline: boolean;
  /** When it lost its session, and was back, in ms; the last may lack its end. */
  readonly absences: readonly { readonly from: number; readonly to: number | undefined }[];
  emit(event: LifecycleEvent): void;
}

/** Makes a client and logs it in. */
export function createInhabitant({ build, time, server, chance, isBusy }: World, number: number): Inhabitant {
  const platform = { ...createNodePlatform(), clock: time, random: chance.next };
  const options = build.resolveOptions({ dnsServer: 'https://dns.example', transport: 'raw' }, platform, false);
  const { appId, dnsServer, requestTimeoutMs, transport, engine, connectTimeoutMs, answerTimeoutMs, backoff } = options;
  const hosts = build.createHosts({
    appId,
    dnsServer,
    requestTimeoutMs,
    http: server.http,
    clock: time,
    preferences: createMemoryPreferences(),
    requiresTls: true,
    write: () => undefined,
    onClearHost: () => undefined,
  });
  const listeners = new Set<(event: LifecycleEvent) => void>();
  const absences: { from: number; to: number | undefined }[] = [];
  const connection: Connection & EarlierConnection = new build.Connection(
    {
      hosts,
      sockets: server.sockets,
      clock: time,
      random: chance.next,
      write: () => undefined,
      lifecycle: {
        subscribe(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
      settings: {
        transport,
        engine,
        deviceInfo: platform.deviceInfo,
        connectTimeoutMs,
        provisionTimeoutMs: answerTimeoutMs,
        heartbeatMs: HEARTBEAT_MS,
        silenceTimeoutMs: answerTimeoutMs,
        probeTimeoutMs: PROBE_TIMEOUT_MS,
        backoff,
      },
    },
    {
      onState(state, previous) {
        if (state.name === 'online' && previous.name !== 'online') absences.at(-1)!.to = time.now();
        else if (previous.name === 'online' && state.name !== 'online')
          absences.push({ from: time.now(), to: undefined });
      },
      onProblem: (error) => {
        throw error;
      },
    },
  );
  const owner: SessionOwner = {
    sync: {
      handleFrame: () => {
        if (!isBusy) connection.caughtUp();
      },
      handleBadFrame: () => undefined,
      settled: async () => undefined,
    },
    device: { names: { guid: `${number}_1`, serial: 1 }, saveSerial: () => undefined, renew: async () => undefined },
  };
  connection.attach(owner);
  absences.push({ from: time.now(), to: undefined });
  connection.start({ uid: String(number), token: 'token' }, false);
  return {
    absences,
    get isOnline() {
      return connection.state.name === 'online';
    },
    emit: (event) => listeners.forEach((listener) => listener(event)),
  };
}
