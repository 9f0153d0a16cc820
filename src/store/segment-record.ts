import { MESSAGE_TYPES } from '../model/message.ts';
import type { Arrival, DeliveryStatus } from '../model/message.ts';
import type { KvValue } from '../platform/ports.ts';
import { isMessage } from './schema.ts';
import type { StoredItem, StoredMessage, Stub } from './schema.ts';
import { readList } from './table.ts';

/** Fields that few messages have. */
type Extras = Pick<StoredMessage, 'clientMid' | 'attach' | 'config' | 'ops'>;

/**
 * A message as it is stored: its fields in this order, without their names. The order is that of all databases in use. A new
 * field goes last, and must be optional, because stored rows do not have it.
 */
type Row = [
  /** The server's message id. */
  id: string,
  /** User id of the sender. */
  from: string,
  /** Id of the user or group that it was sent to. */
  to: string,
  content: string,
  /** Index in MESSAGE_TYPES; -1 when the type is unknown. */
  type: number,
  /** JSON text of the app. */
  ext: string,
  /** 0 unread, 1 delivered, 2 read. */
  status: DeliveryStatus,
  /** ms since 1970. */
  timestamp: string,
  /** The sum of the {@link FLAGS} that hold, and of {@link ARRIVAL_UNIT} times the index in {@link ARRIVALS}. */
  flags: number,
  /** ms since 1970 of the last edit; `'0'` for none. */
  editTimestamp: string,
  /** Absent when the message has none of them. */
  extras?: Extras,
];

/** `group`: sent to a group; `system`: `is_system`; the others are `isHistory`, `isNative` and `isPlayed`. */
const FLAGS = { group: 1, system: 2, history: 4, native: 8, played: 16 } as const;

const ARRIVALS: readonly (Arrival | undefined)[] = [undefined, 'live', 'waiting', 'history'];
const ARRIVAL_UNIT = 32;

/**
 * Packs the items of a segment as JSON text of rows. One short string is copied into and out of a database many times faster
 * than a hundred objects with fifteen named fields each, and storing takes as long as the bytes it writes.
 */
export function packItems(items: readonly StoredItem[]): string {
  return JSON.stringify(items.map((item) => (isMessage(item) ? toRow(item) : item)));
}

/** Unpacks what {@link packItems} packed; a damaged record has no items, so that the other segments can be read. */
export function unpackItems(record: KvValue | undefined): StoredItem[] {
  return readList<Row | Stub>(record).map((row) => (Array.isArray(row) ? fromRow(row) : row));
}

function toRow(message: StoredMessage): Row {
  const { id, from, to, content, type, ext, status, timestamp, editTimestamp, clientMid, attach, config, ops } =
    message;
  const flags =
    (message.toType === 'group' ? FLAGS.group : 0) +
    (message.is_system ? FLAGS.system : 0) +
    (message.isHistory ? FLAGS.history : 0) +
    (message.isNative ? FLAGS.native : 0) +
    (message.isPlayed ? FLAGS.played : 0) +
    ARRIVALS.indexOf(message.arrival) * ARRIVAL_UNIT;
  const typeIndex = type ? MESSAGE_TYPES.indexOf(type) : -1;
  const row: Row = [id, from, to, content, typeIndex, ext, status, timestamp, flags, editTimestamp];
  // JSON leaves out what is undefined.
  if (clientMid !== undefined || attach || config || ops) row.push({ clientMid, attach, config, ops } as Extras);
  return row;
}

function fromRow([
  id,
  from,
  to,
  content,
  type,
  ext,
  status,
  timestamp,
  flags,
  editTimestamp,
  extras,
]: Row): StoredMessage {
  const message: StoredMessage = {
    id,
    from,
    to,
    content,
    type: MESSAGE_TYPES[type],
    ext,
    status,
    timestamp,
    toType: flags & FLAGS.group ? 'group' : 'roster',
    is_system: (flags & FLAGS.system) !== 0,
    isHistory: (flags & FLAGS.history) !== 0,
    isNative: (flags & FLAGS.native) !== 0,
    isPlayed: (flags & FLAGS.played) !== 0,
    editTimestamp,
  };
  const arrival = ARRIVALS[Math.floor(flags / ARRIVAL_UNIT)];
  if (arrival) message.arrival = arrival;
  return extras ? Object.assign(message, extras) : message;
}
