// A sync engine whose server is the test.
import { vi } from 'vitest';
import type { KvProvider } from '../../../src/platform/ports.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { ClientMids } from '../../../src/sync/client-mid.ts';
import { SyncEngine } from '../../../src/sync/sync-engine.ts';
import type { SyncEvent } from '../../../src/sync/sync-events.ts';
import type { IUnreadDL, Meta, SyncDown, SyncUp } from '../../../src/wire/index.ts';
import { DURABLE, openTestStore, overTheWire, PEER, SELF } from './harness.ts';
import type { TestStore } from './harness.ts';

export const KEY = `r${PEER}`;

export interface Harness extends TestStore {
  engine: SyncEngine;
  /** SyncUL frames, in order. */
  sent: SyncUp[];
  /** The sent frames as text: `sync 200`, `sync 200 key 5`, `history 200 0`, `text`, `READ_ACK 5 to 200`. */
  words(): string[];
  events: SyncEvent[];
  heard: string[];
  setOnline(online: boolean): void;
  settle(): Promise<void>;
  sync(page: SyncDown): Promise<void>;
  unread(list: IUnreadDL): Promise<void>;
  notice(uid?: string): void;
}

function word({ xid, key, is_full_sync, meta }: SyncUp): string {
  if (!meta) {
    const uid = xid!.uid!;
    return is_full_sync ? `history ${uid} ${key!}` : key === undefined ? `sync ${uid}` : `sync ${uid} key ${key}`;
  }
  const payload = meta.payload as { type: number; content: string; operation: { type: number; mid: string } };
  if (payload.type !== 1) return payload.content || 'typing';
  return `${payload.operation.type === 1 ? 'READ_ACK' : 'READ_ALL'} ${payload.operation.mid} to ${meta.to!.uid!}`;
}

interface EngineOptions {
  session: ConstructorParameters<typeof SyncEngine>[0]['session'];
  /** Takes what the engine emits. */
  events: SyncEvent[];
  sendExpiryMs: number;
}

export const createEngine = (
  { store }: Pick<TestStore, 'store'>,
  { session, events, sendExpiryMs }: EngineOptions,
): SyncEngine =>
  new SyncEngine({
    session,
    store,
    clock: systemClock,
    mids: new ClientMids({ clock: systemClock, random: () => 0 }),
    self: SELF,
    deviceSN: () => 12,
    durability: DURABLE,
    emit: (more) => events.push(...more),
    emitHere: (more) => events.push(...more),
    beforeStored: () => undefined,
    write: () => undefined,
    answerTimeoutMs: 20_000,
    sendExpiryMs,
    maxMessageBytes: Infinity,
  });

export async function create({
  online = true,
  provider,
}: { online?: boolean; provider?: KvProvider } = {}): Promise<Harness> {
  const opened = await openTestStore(provider);
  const sent: SyncUp[] = [];
  const events: SyncEvent[] = [];
  const heard: string[] = [];
  let isOnline = online;
  const engine = createEngine(opened, {
    ...{ events, sendExpiryMs: 1000 },
    session: {
      send(frame) {
        if (isOnline) sent.push(frame.payload as SyncUp);
        return isOnline;
      },
      patience: 1,
      caughtUp: () => undefined,
      unresponsive: (detail) => heard.push(detail),
    },
  });
  const settle = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(0);
  };
  if (online) engine.online();
  return {
    ...opened,
    engine,
    sent,
    words: () => sent.map(word),
    events,
    heard,
    setOnline(value) {
      isOnline = value;
      if (value) engine.online();
      else engine.offline();
    },
    settle,
    async sync(page) {
      engine.handleFrame(overTheWire({ command: 1, payload: page }));
      await settle();
    },
    async unread(list) {
      engine.handleFrame(overTheWire({ command: 0, payload: list }));
      await settle();
    },
    notice: (uid) =>
      engine.handleFrame(overTheWire({ command: 2, payload: uid === undefined ? {} : { xid: { uid } } })),
  };
}

export const page = (metas: Meta[], next_key = '0', queue = PEER): SyncDown => ({
  xid: { uid: queue },
  metas,
  next_key,
});
export const text = (content = 'hi') => ({ content, type: 'text' }) as const;
