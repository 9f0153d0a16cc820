import { FrameCommand, FrameCompressMethod, StatusErrorCode, UserNoticeType, WireError } from 'flooim/wire';
import type { DownFrame, IStatus, SyncUp, UpFrame } from 'flooim/wire';
import type { Faults } from '../faults.ts';
import type { Notices } from '../mail/notices.ts';
import type { Messaging } from '../messaging/messaging.ts';
import type { DevData } from '../model/dev-data.ts';
import { fromXid } from '../model/ids.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Clock } from '../ports.ts';
import type { Journal } from '../records/records.ts';
import { Ring } from '../ring.ts';
import type { RtcRelay } from '../rtc/relay.ts';
import type { Channel, ChannelListener } from './channel.ts';
import { Connection, syncFrame } from './connection.ts';
import type { Answer, ConnectionListener, Session } from './connection.ts';
import { history } from './history.ts';
import type { Hub } from './hub.ts';
import { provision, notifyOtherDevices } from './provision.ts';
import { isSignal, send, sendSignal } from './send.ts';
import { sync } from './sync.ts';
import { unread } from './unread.ts';

/** A received frame, as tests read it. */
export interface ReceivedFrame {
  /** ms since 1970. */
  readonly at: number;
  readonly transport: string;
  /** The user who was logged in on the connection when the frame came. */
  readonly uid?: number;
  readonly deviceSN?: number;
  readonly frame?: UpFrame;
  /** Why there is no frame. */
  readonly error?: string;
}

/** The last frames received, over all connections. */
export class FrameLog extends Ring<ReceivedFrame> {
  readonly #clock: Clock;

  constructor(size: number, clock: Clock) {
    super(size);
    this.#clock = clock;
  }

  record(connection: Connection, content: { frame: UpFrame } | { error: string }): void {
    const { session, channel } = connection;
    const who = session && { uid: session.user.id, deviceSN: session.device.sn };
    this.push({ at: this.#clock.now(), transport: channel.transport, ...who, ...content });
  }
}

interface Deps {
  data: DevData;
  journal: Journal;
  clock: Clock;
  faults: Faults;
  hub: Hub;
  notices: Notices;
  messaging: Messaging;
  frames: FrameLog;
  relay: RtcRelay;
  options: ResolvedOptions;
  /** Undefined if nothing is logged. */
  log: ((line: string) => void) | undefined;
}

const LOGIN_FIRST: IStatus = { code: StatusErrorCode.UNAUTHORIZED, reason: 'you must login first' };

/** Answers the frames of all connections, over both transports. */
export class XsyncServer implements ConnectionListener {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Opens a connection on a new socket. The result gets the socket's bytes. */
  open(channel: Channel): ChannelListener {
    const { faults, hub, journal, clock, options } = this.#deps;
    const connection = new Connection({
      channel,
      faults,
      journal,
      clock,
      compressPagesOver: options.compressPagesOver,
      listener: this,
    });
    hub.add(connection);
    return connection;
  }

  onFrame(connection: Connection, frame: UpFrame): void {
    const { frames, log } = this.#deps;
    frames.record(connection, { frame });
    log?.(`${nameOf(connection)} → ${describe(frame)}`);
    const isCompressed = frame.compress_method === FrameCompressMethod.ZLIB;
    const meta = frame.command === FrameCommand.SYNC ? frame.payload?.meta : undefined;
    if (meta && isSignal(meta) && connection.session)
      sendSignal(this.#deps, connection, meta, (answer) => connection.answer(answer, isCompressed));
    else connection.answer(this.#answerSafely(connection, frame), isCompressed);
    if (frame.command === FrameCommand.PROVISION && connection.session) this.#deps.relay.loggedIn(connection);
  }

  /** A frame that makes the server fail costs its sender an answer, and nobody else the server. */
  #answerSafely(connection: Connection, frame: UpFrame): Answer {
    try {
      return this.#answer(connection, frame);
    } catch (error) {
      this.#deps.log?.(`${nameOf(connection)} → failed: ${String(error)}`);
      const mid = frame.command === FrameCommand.SYNC ? frame.payload?.meta?.id : undefined;
      const status = { code: StatusErrorCode.FAIL, reason: 'the server failed' };
      return { kind: 'send', frame: syncFrame({ status, ...(mid !== undefined && { client_mid: mid }) }) };
    }
  }

  onUndecodable(connection: Connection, _bytes: Uint8Array, error: unknown): void {
    const reason = error instanceof WireError ? error.message : String(error);
    this.#deps.frames.record(connection, { error: reason });
    this.#deps.log?.(`${nameOf(connection)} → undecodable: ${reason}`);
    const unknown = error instanceof WireError && error.reason === 'unknown-command';
    connection.push(
      syncFrame({
        status: { code: unknown ? StatusErrorCode.UNKNOWN_COMMAND : StatusErrorCode.PB_PARSER_ERROR, reason },
      }),
    );
  }

  onSent(connection: Connection, frame: DownFrame): void {
    this.#deps.log?.(`${nameOf(connection)} ← ${describe(frame)}`);
  }

  onClose(connection: Connection): void {
    const { hub, notices, relay, log } = this.#deps;
    hub.delete(connection);
    relay.lost(connection);
    log?.(`${nameOf(connection)} closed`);
    if (connection.session)
      notifyOtherDevices({ notices, delivery: hub }, connection.session, UserNoticeType.DEVICE_LOGOUT);
  }

  #answer(connection: Connection, frame: UpFrame): Answer {
    if (frame.command === FrameCommand.PROVISION) {
      // A second login on a connection must not find the first one as an older connection of the device.
      connection.session = undefined;
      const { answer, session } = provision({ ...this.#deps, delivery: this.#deps.hub }, frame.payload ?? {});
      connection.session = session;
      return answer;
    }
    const { session } = connection;
    if (frame.command === FrameCommand.UNREAD) {
      if (session) return unread(session);
      return { kind: 'unread', frame: { command: FrameCommand.UNREAD, payload: { status: LOGIN_FIRST } } };
    }
    return this.#answerSync(session, frame.payload ?? {});
  }

  #answerSync(session: Session | undefined, request: SyncUp): Answer {
    const { faults, options } = this.#deps;
    if (!session) {
      const mid = request.meta?.id;
      return {
        kind: request.meta ? 'send' : 'sync',
        frame: syncFrame({ status: LOGIN_FIRST, ...(mid !== undefined && { client_mid: mid }) }),
      };
    }
    if (request.meta) return send(this.#deps, session, request.meta);
    if (fromXid(request.xid) < 0) {
      const status = { code: StatusErrorCode.INVALID_PARAMETER, reason: 'no such conversation' };
      const { xid = null, is_full_sync = false } = request;
      return { kind: is_full_sync ? 'history' : 'sync', frame: syncFrame({ status, xid, is_full_sync }) };
    }
    if (request.is_full_sync) return history(session, request);
    return sync(session, request, { pageSize: options.pageSize, reversed: faults.reversePages });
  }
}

function nameOf({ session, channel }: Connection): string {
  return session ? `${session.user.username}#${session.device.sn}` : `${channel.transport} socket`;
}

function describe(frame: UpFrame | DownFrame): string {
  const [name] = Object.entries(FrameCommand).find(([, number]) => number === frame.command) ?? [String(frame.command)];
  if (frame.command !== FrameCommand.SYNC) return name;
  const { meta, metas, xid, key, next_key, client_mid, status, is_full_sync, is_eager_sync } = {
    ...frame.payload,
  } as Record<string, unknown>;
  // Contents of messages and tokens stay out of the log.
  const facts = {
    xid: (xid as { uid?: string } | undefined)?.uid,
    key,
    next_key,
    client_mid,
    is_full_sync,
    is_eager_sync,
    status,
  };
  return `${name} ${JSON.stringify({ ...facts, meta: (meta as { id?: string } | undefined)?.id, metas: (metas as unknown[] | undefined)?.length })}`;
}
