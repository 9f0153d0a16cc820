import { createMemoryKvProvider, createMemoryPreferences } from '../../src/platform/memory/index.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { openNodeSocket } from '../../src/platform/node/sockets.ts';
import type {
  Clock,
  FileTransfer,
  HttpClient,
  KvProvider,
  KvStore,
  KvWrite,
  LifecycleEvent,
  Platform,
  SocketFactory,
  Timer,
} from '../../src/platform/ports.ts';
import { systemClock } from '../../src/platform/web-api/system.ts';
import { fetchHttp } from '../../src/platform/web-api/http.ts';
import { decodeFrame } from '../../src/wire/index.ts';
import type { UpFrame } from '../../src/wire/index.ts';

/** The ways of a device to its server. */
export interface DeviceNetwork {
  readonly sockets: SocketFactory;
  readonly http: HttpClient;
  readonly files: FileTransfer;
}

/** The network of this machine. */
const REAL_NETWORK: DeviceNetwork = { sockets: openNodeSocket, http: fetchHttp, files: nodeFiles };

/** A device under the control of a test: a platform in memory that records what the client does with it. */
export interface Device {
  readonly platform: Platform;
  /** Moves the device to another network and to its time, before it has a client. Its frames are not packed there. */
  moveTo(network: DeviceNetwork, clock?: Clock): void;
  /** Timers that are set and neither ran nor were cleared, with their delays. */
  readonly timers: Map<Timer, number>;
  /** Delays of all timers ever set, in order. */
  readonly delays: number[];
  /** Number of open sockets. */
  openSockets(): number;
  /** Number of HTTP requests without an answer. */
  openRequests(): number;
  /** What the client has logged as errors. */
  readonly errors: unknown[];
  /** Emits a lifecycle event: the network or the page comes or goes. */
  emit(event: LifecycleEvent): void;
  /** `commit <keys>` when a batch is stored, `frame <json>` when one leaves on a raw socket, and what tests add. */
  readonly trace: string[];
  /** Replaces how batches are stored. */
  commit: (store: KvStore, batch: readonly KvWrite[]) => Promise<void>;
  /** Divides every delay, so that a heartbeat of 50 s comes in a second. */
  haste: number;
}

export function createDevice(): Device {
  const timers = new Map<Timer, number>();
  const delays: number[] = [];
  const trace: string[] = [];
  const errors: unknown[] = [];
  const listeners = new Set<(event: LifecycleEvent) => void>();
  let network = REAL_NETWORK;
  let time: Clock = systemClock;
  let sockets = 0;
  let requests = 0;
  const memory = createMemoryKvProvider();
  const kv: KvProvider = {
    drop: (name) => memory.drop(name),
    async open(name) {
      const store = await memory.open(name);
      return {
        get: (key) => store.get(key),
        range: (range) => store.range(range),
        close: () => store.close(),
        async commit(batch) {
          await device.commit(store, batch);
          trace.push(`commit ${batch.map((write) => ('key' in write ? write.key : write.from)).join(' ')}`);
        },
      };
    },
  };
  const platform: Platform = {
    sockets(url, listener) {
      let open = true;
      sockets++;
      const gone = (): void => {
        if (open) sockets--;
        open = false;
      };
      const socket = network.sockets(url, {
        ...listener,
        onOpen: () => listener.onOpen(),
        onMessage: (data) => listener.onMessage(data),
        onClose(detail) {
          gone();
          listener.onClose(detail);
        },
      });
      return {
        send(data) {
          if (typeof data !== 'string' && !url.includes('socket.io'))
            trace.push(`frame ${nameOf(decodeFrame(data, 'up'))}`);
          socket.send(data);
        },
        close() {
          gone();
          socket.close();
        },
      };
    },
    async http(request) {
      requests++;
      try {
        return await network.http(request);
      } finally {
        requests--;
      }
    },
    files: nodeFiles,
    kv,
    preferences: createMemoryPreferences(),
    clock: {
      now: () => time.now(),
      setTimeout(run, delayMs) {
        delays.push(delayMs);
        const timer = time.setTimeout(() => {
          timers.delete(timer);
          run();
        }, delayMs / device.haste);
        timers.set(timer, delayMs);
        return timer;
      },
      clearTimeout(timer) {
        timers.delete(timer);
        time.clearTimeout(timer);
      },
    },
    random: Math.random,
    lifecycle: {
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (message, details) => void errors.push([message, details]),
    },
    transport: 'socket.io',
    deviceInfo: 'Web',
  };
  const device: Device = {
    platform,
    moveTo(other, clock = systemClock) {
      network = other;
      time = clock;
      Object.assign(platform, { files: other.files, transport: 'raw' });
    },
    timers,
    delays,
    trace,
    errors,
    openSockets: () => sockets,
    openRequests: () => requests,
    emit: (event) => listeners.forEach((listener) => listener(event)),
    commit: async (store, batch) => store.commit(batch),
    haste: 1,
  };
  return device;
}

/** `unread`, `provision`, `send <client mid>`, `history`, `sync <queue>` or `sync <queue> key`. */
function nameOf(frame: UpFrame): string {
  if (frame.command === 0) return 'unread';
  if (frame.command === 3) return 'provision';
  const { meta, xid, key, is_full_sync } = (frame.payload ?? {}) as {
    meta?: { id?: string };
    xid?: { uid?: string };
    key?: string;
    is_full_sync?: boolean;
  };
  if (meta) return `send ${meta.id}`;
  if (is_full_sync) return 'history';
  return `sync ${xid?.uid ?? '0'}${key && key !== '0' ? ' key' : ''}`;
}
