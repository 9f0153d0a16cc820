import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { Clock, KvProvider, KvStore } from '../../../src/platform/ports.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import type { Arrival } from '../../../src/model/message.ts';
import { KEYS } from '../../../src/store/schema.ts';
import { readable } from '../../support/stored-records.ts';
import { openStore } from '../../../src/store/store.ts';
import type { Store } from '../../../src/store/store.ts';
import { Durability } from '../../../src/sync/durability.ts';
import { applyPage, pageOf } from '../../../src/sync/apply.ts';
import type { Page } from '../../../src/sync/apply.ts';
import type { ReceivedMeta, ReceivedPage } from '../../../src/sync/message-mapper.ts';
import type { SyncEvent } from '../../../src/sync/sync-events.ts';
import { decodeFrame, encodeFrame } from '../../../src/wire/index.ts';
import type { DownFrame, IMessageBody, IMessageOperation, Meta, SyncDown } from '../../../src/wire/index.ts';

/** A disk that never fails. */
export const DURABLE = new Durability({ clock: systemClock, answerTimeoutMs: 1000, changeDevice: () => undefined });

export const SELF = '100';
export const PEER = '200';
export const GROUP = '300';
export const TIME = 1_700_000_000_000;

/** A frame after encoding and decoding: absent fields read as their zero values. */
export function overTheWire<F extends DownFrame>(frame: F): F {
  return decodeFrame(encodeFrame(frame, 'down'), 'down') as F;
}

export interface MetaParts extends IMessageBody {
  id: string | number;
  from?: string;
  to?: string;
}

/** A message of a user to us, or in a group when `to` is the id of a group. */
export function chat({ id, from = PEER, to = SELF, ...body }: MetaParts): Meta {
  return {
    id: String(id),
    from: { uid: from, deviceSN: 1 },
    to: { uid: to, deviceSN: 0 },
    timestamp: String(TIME + Number(BigInt(id) % 1_000_000n)),
    ns: 1,
    payload: { type: to === GROUP ? 3 : 2, content: `text ${id}`, ...body },
  };
}

/** An operation of `from`, default the peer, sent to `to`, default us. */
export function operation(id: string | number, operation: IMessageOperation, from = PEER, to = SELF): Meta {
  const payload = { type: 1, ctype: 6, operation };
  return { id: String(id), from: { uid: from, deviceSN: 1 }, to: { uid: to, deviceSN: 0 }, ns: 1, payload };
}

/** Metas after encoding and decoding. */
export function received(...metas: Meta[]): ReceivedMeta[] {
  return answered({ metas }).metas;
}

/** An answer after encoding and decoding. */
export function answered(answer: SyncDown): ReceivedPage {
  return overTheWire({ command: 1, payload: answer }).payload as ReceivedPage;
}

export type PageParts = Partial<Page> & {
  /** A page of history from the newest that reaches no beginning. */
  isHistory?: boolean;
};

export interface TestStore {
  store: Store;
  kv: KvStore;
  provider: KvProvider;
  /** Applies a page. @returns the events that it emits */
  apply(metas: readonly Meta[], page?: PageParts): Promise<SyncEvent[]>;
  /** The same data, opened again. */
  reopen(): Promise<TestStore>;
}

/** @param clock without one, changes that may wait are stored with the next batch. */
export async function openTestStore(
  provider: KvProvider = createMemoryKvProvider(),
  clock?: Clock,
): Promise<TestStore> {
  const kv = await provider.open('user');
  const store = await openStore(kv, { clock });
  return {
    store,
    kv,
    provider,
    apply: async (metas, { isHistory, ...page } = {}) =>
      store.update(async (tx) => {
        const history = isHistory ? { history: { before: '0', isBeginning: false } } : {};
        const arrivalOf = (): Arrival => (isHistory ? 'history' : 'live');
        const { metas: ascending } = pageOf(PEER, answered({ metas: [...metas] }));
        const rest = { emit: 'new', prevMid: '0', isLast: false, arrivalOf, ...history, ...page } as const;
        const events: SyncEvent[] = [];
        const queues = new Set(page.queue === undefined ? ascending.map(queueOf) : [page.queue]);
        for (const queue of queues.size > 0 ? queues : [PEER]) {
          const items = page.queue === undefined ? ascending.filter((meta) => queueOf(meta) === queue) : ascending;
          events.push(...(await applyPage(tx, { ...rest, queue, metas: items }, { self: SELF, clock: systemClock })));
        }
        return events;
      }),
    reopen: async () => openTestStore(provider),
  };
}

/** The queue in which a server puts an item: its group's, another peer's, or that of {@link PEER}. */
function queueOf({ from, to, ns }: ReceivedMeta): string {
  if (to?.uid === GROUP) return GROUP;
  const peer = from?.uid === SELF ? to?.uid : from?.uid;
  return ns === 1 && peer !== undefined && peer !== SELF && peer !== '0' ? peer : PEER;
}

/** Everything in the database but its version. */
export async function dump(kv: KvStore): Promise<Record<string, unknown>> {
  const entries = await kv.range({ from: '', to: '\uffff' });
  return Object.fromEntries(entries.flatMap(({ key, value }) => (key === KEYS.schema ? [] : readable(key, value))));
}

/** The events as text, one line each. Operations are left out: their effects have events. */
export function emitted(events: readonly SyncEvent[]): string[] {
  return events.flatMap((event) => {
    switch (event.type) {
      case 'message':
        return `message ${event.key} ${event.message.id}${event.message.isHistory ? ' history' : ''}`;
      case 'status':
        return `status ${event.key} ${event.mid}`;
      case 'recalled':
      case 'deleted':
      case 'cancelled':
        return `${event.type} ${event.key} ${event.mid}`;
      case 'edited':
        return `edited ${event.key} ${event.message.id}: ${event.message.content}`;
      case 'unread':
        return `unread ${event.key}`;
      case 'sending':
      case 'sent':
        return `${event.type} ${event.mid}${event.message.id === event.mid ? '' : ` as ${event.message.id}`}`;
      case 'failed':
        return `failed ${event.mid} ${event.error.reason}`;
      case 'problem':
        return `problem ${event.error.reason}`;
      case 'history':
        return `history ${event.queue} next ${event.next}`;
      case 'operation':
        return [];
      case 'typing':
        return `typing ${event.from}`;
      default:
        return event.type;
    }
  });
}

/** Without fields that have their zero value: on the wire they may be left out. */
export function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutZeros);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withoutZeros(item)] as const);
  return Object.fromEntries(
    entries.filter(([, item]) => !(item === 0 || item === '0' || item === '' || item === false || item === undefined)),
  );
}
