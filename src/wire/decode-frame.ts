import { decode, has, MAX_FRAME_BYTES, ReadBudget } from './codec.ts';
import { messageClass, readProvision, readUnreadDL, readXid } from './decode-messages.ts';
import { decodePage, decodeSyncUp } from './decode-page.ts';
import { FrameCommand, FrameCompressMethod, FrameEncryptMethod } from './enums.ts';
import type { Direction, DownFrame, SkippedMeta, UpFrame } from './frame-types.ts';
import { im } from './gen/xsync.js';
import type { INotice } from './message-types.ts';
import { unzipPayload } from './unzip-payload.ts';
import { WireError } from './wire-error.ts';

import xsync = im.floo.protobuf;

/**
 * A page of the server may be larger than other frames, because only its large item is left out and the page can be
 * acknowledged. A compressed one ends here.
 */
const MAX_UNZIPPED_PAGE_BYTES = 2 * MAX_FRAME_BYTES;

type Payload = NonNullable<(UpFrame | DownFrame)['payload']>;

/** A frame before its number is known to be one of ours. */
type AnyFrame = Omit<DownFrame, 'command' | 'payload'> & { command: number; payload?: Payload | null };

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
const DecodedNotice = messageClass<INotice>({ xid: null });

/** Decodes the payload of each command. A table is open: a newer server may use a number that is not in it. */
type PayloadTable = Readonly<Record<number, PayloadDecoder | undefined>>;
type PayloadDecoder = (bytes: Uint8Array, budget: ReadBudget, skipped: SkippedMeta[]) => Payload;

const decodeProvision: PayloadDecoder = (bytes, budget) => readProvision(decode(xsync.Provision, bytes, budget));

const PAYLOADS: Readonly<Record<Direction, PayloadTable>> = {
  up: {
    [FrameCommand.UNREAD]: (bytes, budget) => decode(xsync.UnreadUL, bytes, budget),
    [FrameCommand.SYNC]: decodeSyncUp,
    [FrameCommand.PROVISION]: decodeProvision,
  },
  down: {
    [FrameCommand.UNREAD]: (bytes, budget) => readUnreadDL(decode(xsync.UnreadDL, bytes, budget)),
    [FrameCommand.SYNC]: decodePage,
    [FrameCommand.NOTICE]: decodeNotice,
    [FrameCommand.PROVISION]: decodeProvision,
  },
};

/**
 * Decodes one frame. Only what was on the wire is an own property of the result. Everything else reads as its proto3
 * zero value: `"0"` for a 64-bit number, `null` for a message or bytes.
 *
 * An item of a page that cannot be decoded, or is larger than {@link MAX_FRAME_BYTES}, is left out of the page and listed in
 * `skipped`.
 *
 * @param bytes - one whole frame, without what the transport puts before it
 * @param direction - who sent it
 * @throws WireError when the bytes are no frame, the command is unknown, the frame is encrypted, or it is no page and larger than {@link MAX_FRAME_BYTES}
 */
export function decodeFrame(bytes: Uint8Array, direction: 'up'): UpFrame;
/**
 * Decodes one frame of the server.
 *
 * @param bytes - one whole frame, without what the transport puts before it
 * @param direction - who sent it
 * @throws WireError when the bytes are no frame, the command is unknown, the frame is encrypted, or it is no page and larger than {@link MAX_FRAME_BYTES}
 */
export function decodeFrame(bytes: Uint8Array, direction: 'down'): DownFrame;
/**
 * Decodes one frame of either side.
 *
 * @param bytes - one whole frame, without what the transport puts before it
 * @param direction - who sent it
 * @throws WireError when the bytes are no frame, the command is unknown, the frame is encrypted, or it is no page and larger than {@link MAX_FRAME_BYTES}
 */
export function decodeFrame(bytes: Uint8Array, direction: Direction): UpFrame | DownFrame;
export function decodeFrame(bytes: Uint8Array, direction: Direction): UpFrame | DownFrame {
  try {
    return readFrame(bytes, direction);
  } catch (error) {
    if (error instanceof WireError) throw error;
    throw new WireError('malformed', (error as Error).message, error);
  }
}

function readFrame(bytes: Uint8Array, direction: Direction): UpFrame | DownFrame {
  const budget = new ReadBudget();
  const wire = decode(xsync.Frame, bytes, budget);
  if (wire.encrypt_method !== FrameEncryptMethod.ENCRYPT_NONE) {
    throw new WireError('encrypted', `method ${wire.encrypt_method}`);
  }
  const decodePayload = PAYLOADS[direction][wire.command];
  if (!decodePayload) throw new WireError('unknown-command', `${wire.command} ${direction}`);
  const isPage = direction === 'down' && wire.command === FrameCommand.SYNC;
  if (bytes.length > MAX_FRAME_BYTES && !isPage) throw new WireError('too-large', `${bytes.length} bytes`);
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
    const limit = isPage ? MAX_UNZIPPED_PAGE_BYTES : MAX_FRAME_BYTES;
    frame.payload = decodePayload(isPlain ? wire.payload : unzipPayload(wire.payload, limit), budget, skipped);
    if (skipped.length > 0) frame.skipped = skipped;
  }
  // The tables give each command its own payload.
  return frame as UpFrame | DownFrame;
}

/** Some servers write the XID itself where the schema has a Notice with an XID (observed): its fields are varints. */
function decodeNotice(bytes: Uint8Array, budget: ReadBudget): INotice {
  const UID_TAG = 0x08;
  const DEVICE_SN_TAG = 0x10;
  const notice = new DecodedNotice();
  if (bytes[0] === UID_TAG || bytes[0] === DEVICE_SN_TAG) notice.xid = readXid(decode(xsync.XID, bytes, budget));
  else {
    const { xid } = decode(xsync.Notice, bytes, budget);
    if (xid) notice.xid = readXid(xid);
  }
  return notice;
}
