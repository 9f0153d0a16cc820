import { decode, has, MAX_FRAME_BYTES, splitRepeated, toId } from './codec.ts';
import type { ReadBudget } from './codec.ts';
import {
  messageClass,
  readConversation,
  readGroupNotice,
  readMessageBody,
  readRosterNotice,
  readStatus,
  readXid,
} from './decode-messages.ts';
import { MetaNameSpace } from './enums.ts';
import type { Meta, SkippedMeta, SyncDown, SyncUp } from './frame-types.ts';
import { im } from './gen/xsync.js';
import { WireError } from './wire-error.ts';

import xsync = im.floo.protobuf;

/** Items of a page that are read. Servers send some hundreds; each costs microseconds from here to the database. */
const MAX_ITEMS = 10_000;

/** Skipped items that are listed one by one. */
const MAX_LISTED = 100;

const METAS_FIELD = 2;

type MetaPayload = NonNullable<Meta['payload']>;

/** An item before its namespace is known to be one of ours. */
type AnyMeta = Omit<Meta, 'ns' | 'payload'> & { ns: number; payload?: MetaPayload | null };

const DecodedMeta = messageClass<AnyMeta>({ id: '0', from: null, to: null, timestamp: '0', ns: 0, payload: null });
const DecodedSyncUp = messageClass<SyncUp>({ xid: null, key: '0', meta: null, is_full_sync: false, full_sync_num: 0 });
const DecodedSyncDown = messageClass<SyncDown>({
  status: null,
  metas: [],
  next_key: '0',
  xid: null,
  client_mid: '0',
  server_mid: '0',
  server_time: '0',
  is_full_sync: false,
  prev_mid: '0',
  is_eager_sync: false,
  edit_timestamp: '0',
});

type PayloadDecoder = (bytes: Uint8Array, budget: ReadBudget) => MetaPayload;

const decodeMessageBody: PayloadDecoder = (bytes, budget) => readMessageBody(decode(xsync.MessageBody, bytes, budget));

/** Decodes the payload of each namespace. */
const META_PAYLOADS: Readonly<Record<number, PayloadDecoder | undefined>> = {
  [MetaNameSpace.MESSAGE]: decodeMessageBody,
  [MetaNameSpace.GROUP_NOTICE]: (bytes, budget) => readGroupNotice(decode(xsync.GroupNotice, bytes, budget)),
  [MetaNameSpace.ROSTER_NOTICE]: (bytes, budget) => readRosterNotice(decode(xsync.RosterNotice, bytes, budget)),
  [MetaNameSpace.USER_NOTICE]: (bytes, budget) => decode(xsync.UserNotice, bytes, budget),
  [MetaNameSpace.INFO]: (bytes, budget) => decode(xsync.Info, bytes, budget),
  [MetaNameSpace.CONVERSATION]: (bytes, budget) => readConversation(decode(xsync.Conversation, bytes, budget)),
  [MetaNameSpace.PUSH]: decodeMessageBody,
  [MetaNameSpace.RTC_SIGNAL]: (bytes, budget) => decode(xsync.RtcSignal, bytes, budget),
};

/** Decodes a request of a client. */
export function decodeSyncUp(bytes: Uint8Array, budget: ReadBudget): SyncUp {
  const wire = decode(xsync.SyncUL, bytes, budget);
  const sync = new DecodedSyncUp();
  if (wire.xid) sync.xid = readXid(wire.xid);
  if (has(wire, 'key')) sync.key = toId(wire.key);
  if (wire.meta) sync.meta = readMeta(wire.meta, budget);
  if (has(wire, 'is_full_sync')) sync.is_full_sync = wire.is_full_sync;
  if (has(wire, 'full_sync_num')) sync.full_sync_num = wire.full_sync_num;
  return sync;
}

/**
 * Decodes a page, or the answer to an item.
 *
 * @param skipped - the items that cannot be decoded are put here
 */
export function decodePage(bytes: Uint8Array, budget: ReadBudget, skipped: SkippedMeta[]): SyncDown {
  const { values, left, others } = splitRepeated(bytes, METAS_FIELD, MAX_ITEMS, budget);
  const wire = decode(xsync.SyncPage, others, budget);
  const page = new DecodedSyncDown();
  if (wire.status) page.status = readStatus(wire.status);
  page.metas = decodeMetas(values, left, budget, skipped);
  if (has(wire, 'next_key')) page.next_key = toId(wire.next_key);
  if (wire.xid) page.xid = readXid(wire.xid);
  if (has(wire, 'client_mid')) page.client_mid = toId(wire.client_mid);
  if (has(wire, 'server_mid')) page.server_mid = toId(wire.server_mid);
  if (has(wire, 'server_time')) page.server_time = toId(wire.server_time);
  if (has(wire, 'is_full_sync')) page.is_full_sync = wire.is_full_sync;
  if (has(wire, 'prev_mid')) page.prev_mid = toId(wire.prev_mid);
  if (has(wire, 'is_eager_sync')) page.is_eager_sync = wire.is_eager_sync;
  if (has(wire, 'edit_timestamp')) page.edit_timestamp = toId(wire.edit_timestamp);
  return page;
}

/** @param left - how many items the page has beside these */
function decodeMetas(items: readonly Uint8Array[], left: number, budget: ReadBudget, skipped: SkippedMeta[]): Meta[] {
  const metas: Meta[] = [];
  let unlisted = left;
  for (const item of items) {
    let wire: xsync.Meta | undefined;
    try {
      wire = decode(xsync.Meta, item, budget);
      metas.push(readMeta(wire, budget));
    } catch (error) {
      if (skipped.length === MAX_LISTED) unlisted++;
      else skipped.push({ id: wire ? toId(wire.id) : '0', ns: wire?.ns ?? 0, reason: String(error) });
    }
  }
  if (unlisted > 0) skipped.push({ id: '0', ns: 0, reason: `${unlisted} more items` });
  return metas;
}

function readMeta(wire: xsync.IMeta, budget: ReadBudget): Meta {
  const meta = new DecodedMeta();
  if (has(wire, 'id')) meta.id = toId(wire.id);
  if (wire.from) meta.from = readXid(wire.from);
  if (wire.to) meta.to = readXid(wire.to);
  if (has(wire, 'timestamp')) meta.timestamp = toId(wire.timestamp);
  if (has(wire, 'ns')) meta.ns = wire.ns;
  if (has(wire, 'payload')) {
    const { length } = wire.payload;
    if (length > MAX_FRAME_BYTES) throw new WireError('too-large', `an item of ${length} bytes`);
    meta.payload = META_PAYLOADS[meta.ns]?.(wire.payload, budget) ?? wire.payload;
  }
  // The table gives each namespace its own payload.
  return meta as Meta;
}
