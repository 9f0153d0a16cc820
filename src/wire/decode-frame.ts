import { decode, has, toId } from './codec.ts';
import {
  messageClass,
  readConversation,
  readGroupNotice,
  readMessageBody,
  readProvision,
  readRosterNotice,
  readStatus,
  readUnreadDL,
  readXid,
} from './decode-messages.ts';
import { FrameCommand, FrameCompressMethod, FrameEncryptMethod, MetaNameSpace } from './enums.ts';
import type { Direction, DownFrame, Meta, SkippedMeta, SyncDown, SyncUp, UpFrame } from './frame-types.ts';
import { im } from './gen/xsync.js';
import type { INotice } from './message-types.ts';
import { unzipPayload } from './unzip-payload.ts';
import { WireError } from './wire-error.ts';

import xsync = im.floo.protobuf;

/** The most bytes that a frame, and its payload after decompression, may have. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

type Payload = NonNullable<(UpFrame | DownFrame)['payload']>;
type MetaPayload = NonNullable<Meta['payload']>;

/** A frame or an item before its number is known to be one of ours. */
type AnyFrame = Omit<DownFrame, 'command' | 'payload'> & { command: number; payload?: Payload | null };
type AnyMeta = Omit<Meta, 'ns' | 'payload'> & { ns: number; payload?: MetaPayload | null };

const DecodedFrame = messageClass<Omit<AnyFrame, 'skipped'>>({
  vsn: 0,
  compress_method: 0,
  command: 0,
  payload: null,
  encrypt_method: 0,
  encrypt_key: null,
  check_sum: 0,
  tag: '',
});
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
const DecodedNotice = messageClass<INotice>({ xid: null });

/** Decodes the payload of each command. A table is open: a newer server may use a number that is not in it. */
type PayloadTable = Readonly<Record<number, ((bytes: Uint8Array, skipped: SkippedMeta[]) => Payload) | undefined>>;

const decodeProvision = (bytes: Uint8Array): Payload => readProvision(decode(xsync.Provision, bytes));

const PAYLOADS: Readonly<Record<Direction, PayloadTable>> = {
  up: {
    [FrameCommand.UNREAD]: (bytes) => decode(xsync.UnreadUL, bytes),
    [FrameCommand.SYNC]: decodeSyncUp,
    [FrameCommand.PROVISION]: decodeProvision,
  },
  down: {
    [FrameCommand.UNREAD]: (bytes) => readUnreadDL(decode(xsync.UnreadDL, bytes)),
    [FrameCommand.SYNC]: decodePage,
    [FrameCommand.NOTICE]: decodeNotice,
    [FrameCommand.PROVISION]: decodeProvision,
  },
};

const decodeMessageBody = (bytes: Uint8Array): MetaPayload => readMessageBody(decode(xsync.MessageBody, bytes));

/** Decodes the payload of each namespace. */
const META_PAYLOADS: Readonly<Record<number, ((bytes: Uint8Array) => MetaPayload) | undefined>> = {
  [MetaNameSpace.MESSAGE]: decodeMessageBody,
  [MetaNameSpace.GROUP_NOTICE]: (bytes) => readGroupNotice(decode(xsync.GroupNotice, bytes)),
  [MetaNameSpace.ROSTER_NOTICE]: (bytes) => readRosterNotice(decode(xsync.RosterNotice, bytes)),
  [MetaNameSpace.USER_NOTICE]: (bytes) => decode(xsync.UserNotice, bytes),
  [MetaNameSpace.INFO]: (bytes) => decode(xsync.Info, bytes),
  [MetaNameSpace.CONVERSATION]: (bytes) => readConversation(decode(xsync.Conversation, bytes)),
  [MetaNameSpace.PUSH]: decodeMessageBody,
  [MetaNameSpace.RTC_SIGNAL]: (bytes) => decode(xsync.RtcSignal, bytes),
};

/**
 * Decodes one frame. Only what was on the wire is an own property of the result. Everything else reads as its proto3
 * zero value: `"0"` for a 64-bit number, `null` for a message or bytes.
 *
 * An item of a page that cannot be decoded is left out of the page and listed in `skipped`.
 *
 * @param bytes - one whole frame, without what the transport puts before it
 * @param direction - who sent it
 * @throws WireError when the bytes are no frame, the command is unknown, the frame is encrypted, or it is larger than {@link MAX_FRAME_BYTES}
 */
export function decodeFrame(bytes: Uint8Array, direction: 'up'): UpFrame;
/**
 * Decodes one frame of the server.
 *
 * @param bytes - one whole frame, without what the transport puts before it
 * @param direction - who sent it
 * @throws WireError when the bytes are no frame, the command is unknown, the frame is encrypted, or it is larger than {@link MAX_FRAME_BYTES}
 */
export function decodeFrame(bytes: Uint8Array, direction: 'down'): DownFrame;
/**
 * Decodes one frame of either side.
 *
 * @param bytes - one whole frame, without what the transport puts before it
 * @param direction - who sent it
 * @throws WireError when the bytes are no frame, the command is unknown, the frame is encrypted, or it is larger than {@link MAX_FRAME_BYTES}
 */
export function decodeFrame(bytes: Uint8Array, direction: Direction): UpFrame | DownFrame;
export function decodeFrame(bytes: Uint8Array, direction: Direction): UpFrame | DownFrame {
  if (bytes.length > MAX_FRAME_BYTES) throw new WireError('too-large', `${bytes.length} bytes`);
  try {
    return readFrame(decode(xsync.Frame, bytes), direction);
  } catch (error) {
    if (error instanceof WireError) throw error;
    throw new WireError('malformed', (error as Error).message, error);
  }
}

function readFrame(wire: xsync.Frame, direction: Direction): UpFrame | DownFrame {
  if (wire.encrypt_method !== FrameEncryptMethod.ENCRYPT_NONE) {
    throw new WireError('encrypted', `method ${wire.encrypt_method}`);
  }
  const decodePayload = PAYLOADS[direction][wire.command];
  if (!decodePayload) throw new WireError('unknown-command', `${wire.command} ${direction}`);
  const frame: AnyFrame = new DecodedFrame();
  if (has(wire, 'vsn')) frame.vsn = wire.vsn;
  if (has(wire, 'compress_method')) frame.compress_method = wire.compress_method;
  if (has(wire, 'command')) frame.command = wire.command;
  if (has(wire, 'encrypt_method')) frame.encrypt_method = wire.encrypt_method;
  if (has(wire, 'encrypt_key')) frame.encrypt_key = wire.encrypt_key;
  if (has(wire, 'check_sum')) frame.check_sum = wire.check_sum;
  if (has(wire, 'tag')) frame.tag = wire.tag;
  if (has(wire, 'payload')) {
    const isPlain = wire.compress_method === FrameCompressMethod.NONE;
    const skipped: SkippedMeta[] = [];
    frame.payload = decodePayload(isPlain ? wire.payload : unzipPayload(wire.payload, MAX_FRAME_BYTES), skipped);
    if (skipped.length > 0) frame.skipped = skipped;
  }
  // The tables give each command its own payload.
  return frame as UpFrame | DownFrame;
}

function decodeSyncUp(bytes: Uint8Array): SyncUp {
  const wire = decode(xsync.SyncUL, bytes);
  const sync = new DecodedSyncUp();
  if (wire.xid) sync.xid = readXid(wire.xid);
  if (has(wire, 'key')) sync.key = toId(wire.key);
  if (wire.meta) sync.meta = readMeta(wire.meta);
  if (has(wire, 'is_full_sync')) sync.is_full_sync = wire.is_full_sync;
  if (has(wire, 'full_sync_num')) sync.full_sync_num = wire.full_sync_num;
  return sync;
}

function decodePage(bytes: Uint8Array, skipped: SkippedMeta[]): SyncDown {
  const wire = decode(xsync.SyncPage, bytes);
  const page = new DecodedSyncDown();
  if (wire.status) page.status = readStatus(wire.status);
  page.metas = decodeMetas(wire.metas, skipped);
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

function decodeMetas(items: readonly Uint8Array[], skipped: SkippedMeta[]): Meta[] {
  const metas: Meta[] = [];
  for (const item of items) {
    let wire: xsync.Meta | undefined;
    try {
      wire = decode(xsync.Meta, item);
      metas.push(readMeta(wire));
    } catch (error) {
      skipped.push({ id: wire ? toId(wire.id) : '0', ns: wire?.ns ?? 0, reason: String(error) });
    }
  }
  return metas;
}

function readMeta(wire: xsync.IMeta): Meta {
  const meta = new DecodedMeta();
  if (has(wire, 'id')) meta.id = toId(wire.id);
  if (wire.from) meta.from = readXid(wire.from);
  if (wire.to) meta.to = readXid(wire.to);
  if (has(wire, 'timestamp')) meta.timestamp = toId(wire.timestamp);
  if (has(wire, 'ns')) meta.ns = wire.ns;
  if (has(wire, 'payload')) meta.payload = META_PAYLOADS[meta.ns]?.(wire.payload) ?? wire.payload;
  // The table gives each namespace its own payload.
  return meta as Meta;
}

/** Some servers write the XID itself where the schema has a Notice with an XID (observed): its fields are varints. */
function decodeNotice(bytes: Uint8Array): INotice {
  const UID_TAG = 0x08;
  const DEVICE_SN_TAG = 0x10;
  const notice = new DecodedNotice();
  if (bytes[0] === UID_TAG || bytes[0] === DEVICE_SN_TAG) notice.xid = readXid(decode(xsync.XID, bytes));
  else {
    const { xid } = decode(xsync.Notice, bytes);
    if (xid) notice.xid = readXid(xid);
  }
  return notice;
}
