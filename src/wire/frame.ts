import {
  Conversation,
  Frame,
  GroupNotice,
  Info,
  MessageBody,
  Notice,
  Provision,
  RosterNotice,
  RtcSignal,
  SyncDL,
  SyncUL,
  UnreadDL,
  UnreadUL,
  UserNotice,
  XID,
} from './gen/codec.js';
import type { AnyMessage, IFrame, IMeta, INotice, ISyncDL } from './gen/codec.js';
import { FrameCommand, MetaNameSpace } from './enums.ts';
import type { Direction, DownFrame, Meta, SkippedMeta, UpFrame } from './frame-types.ts';
import { inflate } from './inflate.ts';
import type { Codec } from './proto-message.ts';
import { ProtoReader } from './proto-reader.ts';
import { ProtoWriter } from './proto-writer.ts';
import { WireError } from './wire-error.ts';

/** A frame, and what it inflates to, may have at most this many bytes. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

// The payload tables are open: a number a newer server adds must be looked up safely.
type AnyCodec = Codec<AnyMessage>;
type PayloadOf<F extends { payload?: unknown }> = NonNullable<F['payload']>;
type CodecTable = Readonly<Record<number, AnyCodec | undefined>>;

const PAYLOADS: Readonly<Record<Direction, CodecTable>> = {
  up: {
    [FrameCommand.UNREAD]: UnreadUL,
    [FrameCommand.SYNC]: SyncUL,
    [FrameCommand.PROVISION]: Provision,
  },
  down: {
    [FrameCommand.UNREAD]: UnreadDL,
    [FrameCommand.SYNC]: SyncDL,
    [FrameCommand.NOTICE]: Notice,
    [FrameCommand.PROVISION]: Provision,
  },
};

const META_PAYLOADS: CodecTable = {
  [MetaNameSpace.MESSAGE]: MessageBody,
  [MetaNameSpace.GROUP_NOTICE]: GroupNotice,
  [MetaNameSpace.ROSTER_NOTICE]: RosterNotice,
  [MetaNameSpace.USER_NOTICE]: UserNotice,
  [MetaNameSpace.INFO]: Info,
  [MetaNameSpace.CONVERSATION]: Conversation,
  [MetaNameSpace.PUSH]: MessageBody,
  [MetaNameSpace.RTC_SIGNAL]: RtcSignal,
};

/**
 * Read one frame. Only what was on the wire is an own property of the result; the rest reads as its proto3 zero value
 * (`"0"` for a 64-bit number).
 *
 * An item of a page that cannot be read is left out and listed in `skipped`.
 *
 * @throws {WireError} for bytes that are no frame, an unknown command, a frame over {@link MAX_FRAME_BYTES}, or an encrypted one.
 */
export function decodeFrame(bytes: Uint8Array, direction: 'up'): UpFrame;
export function decodeFrame(bytes: Uint8Array, direction: 'down'): DownFrame;
export function decodeFrame(bytes: Uint8Array, direction: Direction): UpFrame | DownFrame;
export function decodeFrame(bytes: Uint8Array, direction: Direction): UpFrame | DownFrame {
  if (bytes.length > MAX_FRAME_BYTES) throw new WireError('too-large', `${bytes.length} bytes`);
  try {
    return readFrame(bytes, direction);
  } catch (error) {
    if (error instanceof WireError) throw error;
    throw new WireError('malformed', (error as Error).message, error);
  }
}

function readFrame(bytes: Uint8Array, direction: Direction): UpFrame | DownFrame {
  const frame = Frame.decode(new ProtoReader(bytes));
  if (frame.encrypt_method !== 0) throw new WireError('encrypted', `method ${frame.encrypt_method}`);
  const codec = PAYLOADS[direction][frame.command];
  if (!codec) throw new WireError('unknown-command', `${frame.command} ${direction}`);
  const result = frame as unknown as { payload: AnyMessage; skipped?: SkippedMeta[] };
  if (frame.payload) {
    const skipped: SkippedMeta[] = [];
    const payload = frame.compress_method === 0 ? frame.payload : inflate(frame.payload, MAX_FRAME_BYTES);
    result.payload = readPayload(codec, payload, skipped);
    if (skipped.length > 0) result.skipped = skipped;
  }
  return result as unknown as UpFrame | DownFrame;
}

function readPayload(codec: AnyCodec, bytes: Uint8Array, skipped: SkippedMeta[]): AnyMessage {
  if (codec === Notice) return readNotice(bytes);
  if (codec === SyncDL) return readPage(bytes, skipped);
  const payload = codec.decode(new ProtoReader(bytes));
  const { meta } = payload as { meta?: IMeta | null };
  if (meta) readMetaPayload(meta);
  return payload;
}

/** Some servers write the XID itself where the schema says Notice {xid}: field 1 is then a varint. */
function readNotice(bytes: Uint8Array): INotice {
  const FIELD_1_VARINT = 8;
  const FIELD_2_VARINT = 16;
  if (bytes[0] !== FIELD_1_VARINT && bytes[0] !== FIELD_2_VARINT) return Notice.decode(new ProtoReader(bytes));
  const notice = new Notice();
  notice.xid = XID.decode(new ProtoReader(bytes));
  return notice;
}

function readPage(bytes: Uint8Array, skipped: SkippedMeta[]): ISyncDL {
  const skip = (error: unknown, id = '0', ns = 0): void => void skipped.push({ id, ns, reason: String(error) });
  const page = SyncDL.decode(new ProtoReader(bytes), undefined, skip);
  page.metas = page.metas.filter((meta) => {
    try {
      readMetaPayload(meta);
      return true;
    } catch (error) {
      skip(error, meta.id, meta.ns);
      return false;
    }
  });
  return page;
}

function readMetaPayload(meta: IMeta): void {
  const codec = META_PAYLOADS[meta.ns!];
  if (codec && meta.payload) (meta as { payload: AnyMessage }).payload = codec.decode(new ProtoReader(meta.payload));
}

/**
 * Write one frame; own properties that are not null or undefined go on the wire.
 *
 * @param deflate compresses the payload when `compress_method` is 1; without it such a frame is refused.
 * @throws {WireError} for a 64-bit field that is no decimal uint64, or an unknown command.
 */
export function encodeFrame(
  frame: UpFrame | DownFrame,
  direction: Direction,
  deflate?: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const codec = PAYLOADS[direction][frame.command];
  if (!codec) throw new WireError('unknown-command', `${String(frame.command)} ${direction}`);
  const { payload } = frame;
  if (!payload) return finish(frame as IFrame);
  const writePayload = writing(codec, withMetaWriters(payload));
  if (!frame.compress_method) return finish({ ...frame, payload: writePayload });
  if (!deflate) throw new WireError('malformed', 'no deflate function');
  return finish({ ...frame, payload: deflate(writePayload(new ProtoWriter()).finish()) });
}

type WritePayload = (writer: ProtoWriter) => ProtoWriter;

/** Instead of bytes, what writes the message they are. */
type Written<T extends { payload?: unknown }> = Omit<T, 'payload'> & { payload?: Uint8Array | WritePayload | null };

function finish(frame: Written<IFrame>): Uint8Array {
  return Frame.encode(frame as IFrame, new ProtoWriter()).finish();
}

/** A message that is written in place, as the bytes of the message around it. */
function writing(codec: AnyCodec, message: AnyMessage): WritePayload {
  return (writer) => codec.encode(message, writer);
}

function withMetaWriters(payload: PayloadOf<UpFrame | DownFrame>): AnyMessage {
  const { meta, metas } = payload as { meta?: Meta | null; metas?: Meta[] };
  if (meta) return { ...payload, meta: withPayloadWriter(meta) as IMeta };
  if (metas) return { ...payload, metas: metas.map(withPayloadWriter) as IMeta[] };
  return payload;
}

function withPayloadWriter(meta: Meta): Written<IMeta> {
  const { payload } = meta;
  if (!payload || payload instanceof Uint8Array) return meta as IMeta;
  const codec = META_PAYLOADS[meta.ns];
  return { ...meta, payload: codec ? writing(codec, payload) : null };
}
