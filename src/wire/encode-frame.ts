import { encode } from './codec.ts';
import {
  longOf,
  own,
  writeConversation,
  writeGroupNotice,
  writeInfo,
  writeMessageBody,
  writeNotice,
  writeProvision,
  writeRosterNotice,
  writeRtcSignal,
  writeStatus,
  writeUnreadDL,
  writeUserNotice,
  xidOf,
} from './encode-messages.ts';
import { FrameCommand, FrameCompressMethod, MetaNameSpace } from './enums.ts';
import type { Direction, DownFrame, Meta, SyncDown, SyncUp, UpFrame } from './frame-types.ts';
import { im } from './gen/xsync.js';
import { WireError } from './wire-error.ts';

import xsync = im.floo.protobuf;

/**
 * Encodes one frame. Own properties that are not null or undefined go on the wire.
 *
 * @param frame - the frame; its ids are decimal uint64 texts
 * @param direction - who sends it
 * @param deflate - compresses the payload when `compress_method` is ZLIB; without it such a frame is refused
 * @throws {WireError} when an id is not a decimal uint64, or the command is unknown
 */
export function encodeFrame(
  frame: UpFrame | DownFrame,
  direction: Direction,
  deflate?: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  // A frame does not carry its direction. The overloads in index.ts pair the argument with the type of the frame.
  const payload = direction === 'up' ? encodeUpPayload(frame as UpFrame) : encodeDownPayload(frame);
  if (!payload || !frame.compress_method) return encode(xsync.Frame, writeFrame(frame, payload));
  if (frame.compress_method !== FrameCompressMethod.ZLIB || !deflate) {
    throw new WireError('malformed', `no compression by method ${frame.compress_method}`);
  }
  return encode(xsync.Frame, writeFrame(frame, deflate(payload)));
}

function encodeUpPayload(frame: UpFrame): Uint8Array | null {
  switch (frame.command) {
    case FrameCommand.UNREAD:
      return frame.payload ? encode(xsync.UnreadUL, frame.payload) : null;
    case FrameCommand.SYNC:
      return frame.payload ? encode(xsync.SyncUL, writeSyncUp(frame.payload)) : null;
    case FrameCommand.PROVISION:
      return frame.payload ? encode(xsync.Provision, writeProvision(frame.payload)) : null;
    default:
      return unknownCommand(frame, 'up');
  }
}

function encodeDownPayload(frame: DownFrame): Uint8Array | null {
  switch (frame.command) {
    case FrameCommand.UNREAD:
      return frame.payload ? encode(xsync.UnreadDL, writeUnreadDL(frame.payload)) : null;
    case FrameCommand.SYNC:
      return frame.payload ? encode(xsync.SyncDL, writeSyncDown(frame.payload)) : null;
    case FrameCommand.NOTICE:
      return frame.payload ? encode(xsync.Notice, writeNotice(frame.payload)) : null;
    case FrameCommand.PROVISION:
      return frame.payload ? encode(xsync.Provision, writeProvision(frame.payload)) : null;
    default:
      return unknownCommand(frame, 'down');
  }
}

/** Only a caller in JavaScript gets here. */
function unknownCommand(frame: never, direction: Direction): never {
  throw new WireError('unknown-command', `${String((frame as { command?: unknown }).command)} ${direction}`);
}

function writeFrame(frame: UpFrame | DownFrame, payload: Uint8Array | null): Required<xsync.IFrame> {
  return {
    vsn: own(frame, 'vsn'),
    compress_method: own(frame, 'compress_method'),
    command: own(frame, 'command'),
    payload,
    encrypt_method: own(frame, 'encrypt_method'),
    encrypt_key: own(frame, 'encrypt_key'),
    check_sum: own(frame, 'check_sum'),
    tag: own(frame, 'tag'),
  };
}

function writeSyncUp(sync: SyncUp): Required<xsync.ISyncUL> {
  return {
    xid: xidOf(sync.xid),
    key: longOf(sync, 'key'),
    meta: sync.meta ? writeMeta(sync.meta) : null,
    is_full_sync: own(sync, 'is_full_sync'),
    full_sync_num: own(sync, 'full_sync_num'),
  };
}

function writeSyncDown(page: SyncDown): Required<xsync.ISyncDL> {
  return {
    status: page.status ? writeStatus(page.status) : null,
    metas: page.metas?.map(writeMeta) ?? null,
    next_key: longOf(page, 'next_key'),
    xid: xidOf(page.xid),
    client_mid: longOf(page, 'client_mid'),
    server_mid: longOf(page, 'server_mid'),
    server_time: longOf(page, 'server_time'),
    is_full_sync: own(page, 'is_full_sync'),
    prev_mid: longOf(page, 'prev_mid'),
    is_eager_sync: own(page, 'is_eager_sync'),
    edit_timestamp: longOf(page, 'edit_timestamp'),
  };
}

function writeMeta(meta: Meta): Required<xsync.IMeta> {
  return {
    id: longOf(meta, 'id'),
    from: xidOf(meta.from),
    to: xidOf(meta.to),
    timestamp: longOf(meta, 'timestamp'),
    ns: own(meta, 'ns'),
    payload: encodeMetaPayload(meta),
  };
}

function encodeMetaPayload(meta: Meta): Uint8Array | null {
  // A payload that was not decoded goes out as it came.
  if (!meta.payload || meta.payload instanceof Uint8Array) return meta.payload ?? null;
  switch (meta.ns) {
    case MetaNameSpace.MESSAGE:
    case MetaNameSpace.PUSH:
      return encode(xsync.MessageBody, writeMessageBody(meta.payload));
    case MetaNameSpace.GROUP_NOTICE:
      return encode(xsync.GroupNotice, writeGroupNotice(meta.payload));
    case MetaNameSpace.ROSTER_NOTICE:
      return encode(xsync.RosterNotice, writeRosterNotice(meta.payload));
    case MetaNameSpace.USER_NOTICE:
      return encode(xsync.UserNotice, writeUserNotice(meta.payload));
    case MetaNameSpace.INFO:
      return encode(xsync.Info, writeInfo(meta.payload));
    case MetaNameSpace.CONVERSATION:
      return encode(xsync.Conversation, writeConversation(meta.payload));
    case MetaNameSpace.RTC_SIGNAL:
      return encode(xsync.RtcSignal, writeRtcSignal(meta.payload));
    default:
      return null;
  }
}
