import type { HttpClient, SocketFactory } from '../../src/platform/ports.ts';
import { decodeFrame, encodeFrame, FrameCommand } from '../../src/wire/index.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface ServerRules {
  /** How many sockets a second it can open, one after the other. The others wait in its queue. */
  opensPerSecond?: number;
  /** How long after its acceptance it drops a session. Default: never. */
  sessionMs?: () => number;
  /** Whether it sends anything in an accepted session. Default: always. */
  isTalking?: () => boolean;
  /** While it is away nothing answers, and TCP repeats the question; else connections are refused. Default: false. */
  isSilent?: boolean;
}

/** One way between clients and servers. */
const ONE_WAY_MS = 25;
/** When TCP sends its first packet to a host that does not answer. */
const FIRST_PACKETS_MS = [0, 1000, 3000, 7000];
/** Connections that wait for a process which is busy (Node's default). The next ones are refused. */
const BACKLOG = 511;

export const HOST = 'im.example';

const DNS_ANSWER = JSON.stringify({
  code: 200,
  data: {
    dns_list: [
      {
        group_level: 0,
        clusters: [
          { ratel: [{ protocol: 'https', host: 'rest.example' }], webim: [{ protocol: 'https', host: HOST }] },
        ],
      },
    ],
    app_status: 'normal',
  },
});

const ACCEPTED = encodeFrame({ command: FrameCommand.PROVISION, payload: { status: { code: 1 } } }, 'down');
const NOTHING_UNREAD = encodeFrame({ command: FrameCommand.UNREAD, payload: { unread: [] } }, 'down');

/** A socket server and a DNS server behind a network, in simulated time. DNS is always there. */
export class SimulatedServer {
  /** When clients tried to connect, in ms. */
  readonly connects: number[] = [];
  /** When they asked DNS, in ms. */
  readonly questions: number[] = [];

  private readonly time: VirtualTime;
  private readonly rules: Required<ServerRules>;
  private isUp = true;
  private readonly drops = new Set<() => void>();
  /** When it has opened the sockets that wait. */
  private freeAt = 0;

  constructor(time: VirtualTime, rules: ServerRules) {
    this.time = time;
    this.rules = {
      opensPerSecond: Infinity,
      sessionMs: () => Infinity,
      isTalking: () => true,
      isSilent: false,
      ...rules,
    };
  }

  /** Drops every socket, and refuses new ones. */
  stop(): void {
    this.isUp = false;
    this.freeAt = 0;
    for (const drop of [...this.drops]) drop();
  }

  start(): void {
    this.isUp = true;
  }

  readonly http: HttpClient = async () =>
    new Promise((resolve) => {
      this.time.setTimeout(() => {
        this.questions.push(this.time.now());
        this.time.setTimeout(() => resolve({ status: 200, body: DNS_ANSWER }), ONE_WAY_MS);
      }, ONE_WAY_MS);
    });

  readonly sockets: SocketFactory = (_url, listener) => {
    const { time, rules, drops } = this;
    let isOver = false;
    const after = (delayMs: number, run: () => void): void =>
      void time.setTimeout(() => {
        if (!isOver) run();
      }, delayMs);
    const end = (detail: string): void => {
      isOver = true;
      drops.delete(drop);
      listener.onClose(detail);
    };
    const drop = (): void => after(ONE_WAY_MS, () => end('1006 '));

    const arrive = (packet: number): void => {
      if (isOver) return;
      if (rules.isSilent && !this.isUp) {
        const next = FIRST_PACKETS_MS[packet + 1];
        if (next !== undefined) time.setTimeout(() => arrive(packet + 1), next - FIRST_PACKETS_MS[packet]!);
        return;
      }
      this.connects.push(time.now());
      const queueMs = this.queue();
      if (queueMs === undefined) return after(ONE_WAY_MS, () => end('refused'));
      drops.add(drop);
      // TCP, then the upgrade.
      after(queueMs + 3 * ONE_WAY_MS, () => listener.onOpen());
    };
    time.setTimeout(() => arrive(0), ONE_WAY_MS);

    return {
      send: (data) =>
        after(ONE_WAY_MS, () => {
          const { command } = decodeFrame(data as Uint8Array, 'up');
          const answer = (bytes: Uint8Array): void => after(ONE_WAY_MS, () => listener.onMessage(bytes));
          if (command !== FrameCommand.PROVISION) return rules.isTalking() ? answer(NOTHING_UNREAD) : undefined;
          answer(ACCEPTED);
          const sessionMs = rules.sessionMs();
          if (sessionMs < Infinity) after(sessionMs, drop);
        }),
      close: () => {
        if (!isOver) end('closed by client');
      },
    };
  };

  /** Takes a place in the queue. @returns how long it takes to open the socket, in ms; undefined when it is refused */
  private queue(): number | undefined {
    if (!this.isUp) return undefined;
    const now = this.time.now();
    const openMs = 1000 / this.rules.opensPerSecond;
    if (openMs > 0 && (this.freeAt - now) / openMs > BACKLOG) return undefined;
    // It also opens those whose client has left meanwhile.
    this.freeAt = Math.max(this.freeAt, now) + openMs;
    return this.freeAt - now;
  }
}
