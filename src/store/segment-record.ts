import { MESSAGE_TYPES } from '../model/message.ts';
import type { DeliveryStatus } from '../model/message.ts';
import type { KvValue } from '../platform/ports.ts';
import { readList } from './read-list.ts';
import { isMessage } from './schema.ts';
import type { StoredItem, StoredMessage, Stub } from './schema.ts';

/** Fields that few messages have. */
type Extras = Pick<StoredMessage, 'clientMid' | 'attach' | 'config' | 'ops'>;

/** A message without the names of its fields. New fields go last, and must stand absent in what is stored already. */
type Row = [
  id: string,
  from: string,
  to: string,
  content: string,
  /** Index in MESSAGE_TYPES; -1: unknown. */
  type: number,
  ext: string,
  status: DeliveryStatus,
  timestamp: string,
  /** The sum of {@link FLAGS}. */
  flags: number,
  editTimestamp: string,
  extras?: Extras,
];

const FLAGS = { group: 1, system: 2, history: 4, native: 8, played: 16 } as const;

/**
 * The items of a segment as JSON text of rows: one short string is copied into and out of a database many times faster
 * than a hundred objects with fifteen named fields each, and how much is written is what storing waits for.
 */
export function packItems(items: readonly StoredItem[]): string {
  return JSON.stringify(items.map((item) => (isMessage(item) ? toRow(item) : item)));
}

/** What {@link packItems} packed; nothing where a record is damaged, so that the other segments can be read. */
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
    (message.isPlayed ? FLAGS.played : 0);
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
  return extras ? Object.assign(message, extras) : message;
}
