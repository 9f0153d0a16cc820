// A network in front of a server of ours: TCP connections whose bytes take their time, share a thin line, or get lost and come
// again. The dev server sends its clients here after `admin.setDns({ extraHosts: [link.host] })`.
import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface LinkRules {
  /** One way, in ms. */
  delayMs?: number;
  /** Of the line, in each direction, shared by all connections. Default: no limit. */
  bytesPerSecond?: number;
  /** Part of the segments that get lost, 0 to 1. TCP repeats them, and what follows waits for them. */
  loss?: number;
  /** Of the losses: equal seeds lose equal segments. */
  seed?: number;
}

export interface SlowLink {
  /** `host:port`, in the place of the server's. */
  readonly host: string;
  /** Bytes and connections since the link was made. */
  readonly carried: { up: number; down: number; connections: number };
  /**
   * How many round trips the client has waited for, one after the other. What leaves after something came may be its answer; what
   * is under way at the same time counts once.
   */
  roundTrips(): number;
  set(rules: LinkRules): void;
  /** Carries nothing any more, and closes nothing: every socket is half open. */
  freeze(frozen: boolean): void;
  /** Ends every connection. */
  cut(): void;
  /** Ends every connection and refuses new ones, until it is back. */
  leave(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

const SEGMENT_BYTES = 1400;
/** TCP repeats a segment when nothing shows that it arrived, after this at least. */
const SHORTEST_REPEAT_MS = 200;

/** @param target - `host:port` of the server */
export async function createSlowLink(target: string, given: LinkRules = {}): Promise<SlowLink> {
  const [, port] = /:(\d+)$/.exec(target)!;
  let rules = given;
  let frozen = false;
  let random = randomFrom(given.seed ?? 1);
  const carried = { up: 0, down: 0, connections: 0 };
  const sockets = new Set<Socket>();
  /** When the line is free again, for each direction. */
  const freeAt = { up: 0, down: 0 };

  /** One-way trips, one after the other, of what came so far. */
  const trips = { client: 0, server: 0 };

  /** Carries the bytes of one direction of one connection, in order. @param openTrips - that opening it takes */
  function carry(from: Socket, to: Socket, direction: 'up' | 'down', openTrips: number): void {
    const [sender, receiver] = direction === 'up' ? (['client', 'server'] as const) : (['server', 'client'] as const);
    const openedTrips = trips[sender] + openTrips;
    const openedAt = performance.now() + openTrips * (rules.delayMs ?? 0);
    const at = createLane();
    let lastAt = openedAt;
    const send = (segment: Buffer): void => {
      const { delayMs = 0, bytesPerSecond = Infinity, loss = 0 } = rules;
      const begun = Math.max(performance.now(), freeAt[direction], openedAt);
      const sentAt = (freeAt[direction] = begun + (segment.length * 1000) / bytesPerSecond);
      let repeatMs = 0;
      while (random() < loss) repeatMs += Math.max(SHORTEST_REPEAT_MS, 2 * delayMs);
      lastAt = Math.max(lastAt, sentAt + delayMs + repeatMs);
      const trip = Math.max(trips[sender], openedTrips) + 1;
      at(lastAt, () => {
        if (frozen || to.destroyed) return;
        trips[receiver] = Math.max(trips[receiver], trip);
        to.write(segment);
      });
    };
    from.on('data', (bytes) => {
      carried[direction] += bytes.length;
      for (let start = 0; start < bytes.length; start += SEGMENT_BYTES)
        send(bytes.subarray(start, start + SEGMENT_BYTES));
    });
    from.on('end', () => at(lastAt, () => !frozen && to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => at(lastAt, () => !frozen && to.destroy()));
  }

  const server = createServer((client) => {
    carried.connections++;
    const upstream = connect(Number(port), '127.0.0.1');
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    // The client's socket is open before the other side could know: its first bytes wait for that round trip.
    carry(client, upstream, 'up', 2);
    carry(upstream, client, 'down', 0);
  });
  const listen = async (at: number): Promise<void> => new Promise((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const { port: ownPort } = server.address() as AddressInfo;
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  const leave = async (): Promise<void> => {
    const left = new Promise<void>((resolve) => server.close(() => resolve()));
    cut();
    await left;
  };
  return {
    host: `127.0.0.1:${ownPort}`,
    carried,
    roundTrips: () => trips.client / 2,
    set(next) {
      rules = next;
      random = randomFrom(next.seed ?? 1);
    },
    freeze: (on) => (frozen = on),
    cut,
    leave,
    comeBack: async () => listen(ownPort),
    close: leave,
  };
}

/** Runs steps at their times, in their order: timers of about the same time have none. */
function createLane(): (time: number, run: () => void) => void {
  const steps: { time: number; run: () => void }[] = [];
  let isWaiting = false;
  function next(): void {
    isWaiting = false;
    while (steps.length > 0 && steps[0]!.time <= performance.now()) steps.shift()!.run();
    if (steps.length === 0) return;
    isWaiting = true;
    setTimeout(next, Math.max(1, steps[0]!.time - performance.now()));
  }
  return (time, run) => {
    steps.push({ time, run });
    if (!isWaiting) next();
  };
}

/** Numbers from 0 to 1 that are the same in each run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
