import { MESSAGE_TYPES } from '../model/message.ts';
import type { Arrival, DeliveryStatus } from '../model/message.ts';
import type { KvValue } from '../platform/ports.ts';
import { compareIds } from '../model/ids.ts';
import { isMessageOps, isObject, isStoredId, isText } from './record-shapes.ts';
import { isMessage } from './schema.ts';
import type { StoredItem, StoredMessage, Stub } from './schema.ts';
import { parseList } from './table.ts';

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

/** The items of a stored segment. */
interface UnpackedItems {
  /** Those that can be read, ascending. */
  items: StoredItem[];
  /** Some items of the segment are lost. */
  isDamaged: boolean;
}

/** Unpacks what {@link packItems} packed. */
export const unpackItems = (record: KvValue | undefined): StoredItem[] => unpackSegment(record).items;

/** Unpacks what {@link packItems} packed, and checks it: the items of a damaged record are what is left of it. */
export function unpackSegment(record: KvValue | undefined): UnpackedItems {
  const rows = record === undefined ? [] : parseList(record);
  const items: StoredItem[] = [];
  for (const row of rows ?? []) {
    const item = isRow(row) ? fromRow(row) : isStub(row) ? row : undefined;
    const last = items[items.length - 1];
    if (item && (!last || compareIds(last.id, item.id) < 0)) items.push(item);
  }
  return { items, isDamaged: items.length !== rows?.length };
}

function isRow(row: unknown): row is Row {
  if (!Array.isArray(row)) return false;
  const [id, from, to, content, type, ext, status, timestamp, flags, editTimestamp, extras] = row as unknown[];
  return (
    isStoredId(id) &&
    isText(from) &&
    isText(to) &&
    isText(content) &&
    Number.isInteger(type) &&
    isText(ext) &&
    (status === 0 || status === 1 || status === 2) &&
    isText(timestamp) &&
    Number.isInteger(flags) &&
    isText(editTimestamp) &&
    (extras === undefined || hasExtras(extras))
  );
}

function hasExtras(extras: unknown): boolean {
  if (!isObject(extras)) return false;
  const { clientMid, attach, config, ops } = extras;
  return (
    (clientMid === undefined || isStoredId(clientMid)) &&
    (attach === undefined || isObject(attach)) &&
    (config === undefined || isObject(config)) &&
    (ops === undefined || isMessageOps(ops))
  );
}

function isStub(row: unknown): row is Stub {
  if (!isObject(row) || !isStoredId(row['id']) || 'content' in row) return false;
  const { removed, ops } = row;
  return (removed === undefined || removed === true) && (ops === undefined || isMessageOps(ops));
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
