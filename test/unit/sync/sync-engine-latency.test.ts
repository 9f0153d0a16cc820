/** Order, exactly once, and stored before acknowledged: with every window and latency, wherever sockets and runs end. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { KvProvider } from '../../../src/platform/ports.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { compareIds } from '../../../src/model/ids.ts';
import type { SyncEngine } from '../../../src/sync/sync-engine.ts';
import type { SyncEvent } from '../../../src/sync/sync-events.ts';
import type { DownFrame, Meta, SyncUp, UpFrame } from '../../../src/wire/index.ts';
import { fc } from '../../support/property.ts';
import { createEngine, text } from './engine-harness.ts';
import { chat, openTestStore, overTheWire, SELF, TIME } from './harness.ts';
import type { TestStore } from './harness.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
});
afterEach(() => {
  vi.useRealTimers();
});

const PEERS = ['201', '202', '203', '204', '205', '206', '207'];
const DUPLICATED = { code: 2, reason: 'client msg id duplicated' };

/** Takes its values in turn, and begins again. */
function cycle(values: readonly number[]): () => number {
  let next = 0;
  return () => values[next++ % values.length]!;
}

/** One direction of a socket: what is sent comes in its order, however long each takes. */
function createLane(takesMs: () => number): (run: () => void) => void {
  let lastAt = 0;
  return (run) => {
    lastAt = Math.max(lastAt, Date.now() + takesMs());
    setTimeout(run, lastAt - Date.now());
  };
}

/** A server that keeps the messages of each user until they are acknowledged, and takes each client mid once. */
class Server {
  readonly all = new Map<string, Meta[]>(PEERS.map((peer) => [peer, []]));
  readonly mids = new Map<string, string>();
  private readonly acknowledged = new Map<string, string>();
  private lastId = 1000;
  constructor(
    private readonly pageSize: number,
    /** It says that it has so many times as much as it has. */
    private readonly boast: number,
  ) {}

  add(peer: string): void {
    this.all.get(peer)!.push(chat({ id: ++this.lastId, from: peer }));
  }

  private waiting(peer: string): Meta[] {
    const upTo = this.acknowledged.get(peer) ?? '0';
    return this.all.get(peer)!.filter(({ id, from }) => from?.uid === peer && compareIds(id!, upTo) > 0);
  }

  get hasWaiting(): boolean {
    return PEERS.some((peer) => this.waiting(peer).length > 0);
  }

  unread(): DownFrame {
    const unread = PEERS.map((uid) => ({ xid: { uid }, n: this.boast * this.waiting(uid).length, type: 1 }));
    return { command: 0, payload: { unread } };
  }

  answer({ xid, key = '0', meta, is_full_sync, full_sync_num = 0 }: SyncUp): DownFrame {
    if (meta) return { command: 1, payload: this.take(meta) };
    const peer = xid!.uid!;
    if (is_full_sync) {
      const older = this.all.get(peer)!.filter(({ id }) => key === '0' || compareIds(id!, key) < 0);
      const metas = older.slice(-full_sync_num).reverse();
      const next_key = metas.length < older.length ? metas[metas.length - 1]!.id! : '0';
      return { command: 1, payload: { xid: { uid: peer }, metas, next_key, is_full_sync } };
    }
    if (compareIds(key, this.acknowledged.get(peer) ?? '0') > 0) this.acknowledged.set(peer, key);
    const metas = this.waiting(peer).slice(0, this.pageSize);
    return { command: 1, payload: { xid: { uid: peer }, metas, next_key: metas[metas.length - 1]?.id ?? '0' } };
  }

  private take(meta: Meta): object {
    const client_mid = meta.id!;
    if (this.mids.has(client_mid)) return { client_mid, status: DUPLICATED };
    const id = String(++this.lastId);
    this.mids.set(client_mid, id);
    const messages = this.all.get(meta.to!.uid!)!;
    const prev_mid = messages[messages.length - 1]?.id ?? '0';
    messages.push({ ...meta, id });
    return { client_mid, server_mid: id, server_time: String(TIME), prev_mid };
  }
}

/** Databases whose batches take their time. Those of a run that was killed are lost. */
function slowProvider(inner: KvProvider, takesMs: () => number, isAlive: () => boolean): KvProvider {
  return {
    drop: (name) => inner.drop(name),
    async open(name) {
      const kv = await inner.open(name);
      return {
        ...kv,
        get: (key) => kv.get(key),
        range: (range) => kv.range(range),
        close: () => kv.close(),
        async commit(batch) {
          await new Promise<void>((resolve) => void setTimeout(resolve, takesMs()));
          if (!isAlive()) return new Promise(() => undefined);
          return kv.commit(batch);
        },
      };
    },
  };
}

const lateness = fc.array(fc.oneof(fc.nat(5), fc.nat(400), fc.nat(4000)), { minLength: 1, maxLength: 8 });

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('receive' as const), peer: fc.constantFrom(...PEERS) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const), peer: fc.constantFrom(...PEERS) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(1500) }) },
  // What is on its way to the server then may still arrive.
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'kill' as const), arrives: fc.boolean() }) },
);

test(
  'every message is stored once and emitted once a run, in order, and none is lost',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          ...{
            up: lateness,
            down: lateness,
            handling: lateness,
            disk: fc.array(fc.nat(400), { minLength: 1, maxLength: 5 }),
          },
          ...{ pageSize: fc.constantFrom(1, 2, 5), boast: fc.constantFrom(1, 50, 400), held: fc.nat(12) },
          steps: fc.array(step, { minLength: 3, maxLength: 40 }),
        }),
        async ({ up, down, handling, disk, pageSize, boast, held, steps }) => {
          const provider = createMemoryKvProvider();
          const server = new Server(pageSize, boast);
          for (let at = 0; at < held; at++) server.add(PEERS[at % PEERS.length]!);
          const [upMs, downMs, handlingMs, diskMs] = [cycle(up), cycle(down), cycle(handling), cycle(disk)];
          let [run, socket, made] = [0, 0, 0];
          /** The first socket whose bytes still arrive. */
          let firstHeard = 0;
          let opened: TestStore;
          let engine: SyncEngine;
          let events: SyncEvent[] = [];
          let notice: (peer: string) => void = () => undefined;

          const endRun = (): void => {
            const perPeer = new Map<string, string[]>();
            for (const event of events)
              if (event.type === 'message' && event.message.from !== SELF)
                perPeer.set(event.key, [...(perPeer.get(event.key) ?? []), event.message.id]);
            for (const ids of perPeer.values()) {
              expect(ids).toEqual([...new Set(ids)].sort(compareIds));
            }
            events = [];
          };
          const connect = (): void => {
            const current = ++socket;
            const ifHeard = (handle: () => void) => (): void => {
              if (current >= firstHeard) handle();
            };
            const ifOpen = (handle: () => void) => (): void => {
              if (current === socket) handle();
            };
            const [upLane, downLane] = [createLane(upMs), createLane(downMs)];
            // Different conversations may be handled by different machines, each in its order.
            const handlers = new Map<string, ReturnType<typeof createLane>>();
            const deliver = (frame: DownFrame): void => downLane(ifOpen(() => engine.handleFrame(overTheWire(frame))));
            send = (frame) =>
              upLane(
                ifHeard(() => {
                  const { xid, meta } = frame.payload as SyncUp;
                  const name = meta ? 'sends' : xid!.uid!;
                  const lane = handlers.get(name) ?? createLane(handlingMs);
                  handlers.set(name, lane);
                  lane(() => deliver(server.answer(frame.payload as SyncUp)));
                }),
              );
            notice = (peer) => deliver({ command: 2, payload: { xid: { uid: peer } } });
            engine.online();
            upLane(ifOpen(() => deliver(server.unread())));
          };
          let send: (frame: UpFrame) => void;
          const end = (arrives: boolean): void => {
            socket++;
            if (!arrives) firstHeard = socket;
          };
          const cut = (arrives: boolean): void => {
            end(arrives);
            engine.offline();
            connect();
          };
          const start = async (): Promise<void> => {
            const current = ++run;
            opened = await openTestStore(slowProvider(provider, diskMs, () => run === current));
            engine = createEngine(opened, {
              ...{ events, sendExpiryMs: 1e9 },
              session: {
                send(frame) {
                  send(frame);
                  return true;
                },
                patience: 1,
                caughtUp: () => undefined,
                unresponsive() {
                  if (run === current) cut(true);
                },
              },
            });
            connect();
          };
          const opening = start();
          await vi.advanceTimersByTimeAsync(1000);
          await opening;
          for (const next of steps) {
            if (next.do === 'receive') {
              server.add(next.peer);
              notice(next.peer);
            } else if (next.do === 'send') {
              made++;
              engine!.commands.send(`r${next.peer}`, text(`mine ${made}`));
            } else if (next.do === 'wait') await vi.advanceTimersByTimeAsync(next.ms);
            else if (next.do === 'cut') cut(next.arrives);
            else {
              // Its timers, and what is being stored, are of a run that is over. Only the network goes on.
              endRun();
              run++;
              end(next.arrives);
              engine!.close();
              const again = start();
              await vi.advanceTimersByTimeAsync(1000);
              await again;
            }
          }
          // The list that comes with each heartbeat names what is left.
          for (let tries = 0; tries < 20 && (server.hasWaiting || opened!.store.reader.outbox().length > 0); tries++) {
            await vi.advanceTimersByTimeAsync(30_000);
            engine!.handleFrame(overTheWire(server.unread()));
          }
          expect(server.hasWaiting).toBe(false);
          endRun();
          expect(opened!.store.reader.outbox()).toEqual([]);
          for (const peer of PEERS) {
            const stored = await opened!.store.query.before(`r${peer}`, '99999', 1000);
            expect(stored.map(({ id }) => id)).toEqual(server.all.get(peer)!.map(({ id }) => id));
          }
          vi.clearAllTimers();
        },
      ),
    );
  },
);
