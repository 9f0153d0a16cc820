import { FrameCommand, FrameCompressMethod, StatusErrorCode, decodeFrame, encodeFrame } from 'flooim/wire';
import type { DownFrame, IStatus, SyncDown, UpFrame } from 'flooim/wire';
import type { Faults, RequestKind } from '../faults.ts';
import type { AppData } from '../model/app-data.ts';
import type { Device } from '../model/devices.ts';
import type { User } from '../model/users.ts';
import type { Clock } from '../ports.ts';
import type { Journal } from '../records/records.ts';
import { AnswerQueue } from './answer-queue.ts';
import type { Channel, ChannelListener } from './channel.ts';

/** The user and device of a connection, once its provision was accepted. */
export interface Session {
  readonly app: AppData;
  readonly user: User;
  readonly device: Device;
}

/** An answer to a request. `frame` is not compressed; the connection decides about that. */
export interface Answer {
  readonly kind: RequestKind;
  readonly frame: DownFrame;
}

export const OK: IStatus = { code: StatusErrorCode.OK };

export function syncFrame(payload: SyncDown): DownFrame {
  return { command: FrameCommand.SYNC, payload };
}

export interface ConnectionListener {
  onFrame(connection: Connection, frame: UpFrame): void;
  onUndecodable(connection: Connection, bytes: Uint8Array, error: unknown): void;
  onClose(connection: Connection): void;
  onSent(connection: Connection, frame: DownFrame): void;
}

interface Deps {
  channel: Channel;
  faults: Faults;
  journal: Journal;
  clock: Clock;
  compressPagesOver: number;
  listener: ConnectionListener;
}

/** One client socket: receives frames and sends answers and notices in order, with the faults that tests have set. */
export class Connection implements ChannelListener {
  readonly channel: Channel;
  session: Session | undefined;
  readonly #deps: Deps;
  readonly #queue: AnswerQueue;
  #open = true;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.channel = deps.channel;
    const { journal, clock, faults } = deps;
    this.#queue = new AnswerQueue({ journal, clock, delayMs: () => faults.delayMs });
  }

  onBytes(bytes: Uint8Array): void {
    let frame: UpFrame;
    try {
      frame = decodeFrame(bytes, 'up');
    } catch (error) {
      return this.#deps.listener.onUndecodable(this, bytes, error);
    }
    this.#deps.listener.onFrame(this, frame);
  }

  onClose(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#queue.close();
    this.#deps.listener.onClose(this);
  }

  /** Answers a request, compressed if the request was. */
  answer({ kind, frame }: Answer, compressed: boolean): void {
    if (this.#deps.faults.takeDrop(kind)) return;
    const isPage = kind === 'sync' && frame.command === FrameCommand.SYNC && (frame.payload?.metas?.length ?? 0) > 0;
    const times = isPage && this.#deps.faults.takeDuplicatePage() ? 2 : 1;
    for (let i = 0; i < times; i++) this.push(frame, compressed);
  }

  /** Sends a frame that is no answer. */
  push(frame: DownFrame, compressed = false): void {
    this.#queue.put(() => {
      this.channel.send(this.#encode(frame, compressed));
      this.#deps.listener.onSent(this, frame);
    });
  }

  /** Sends any bytes, a valid frame or not. */
  pushBytes(bytes: Uint8Array): void {
    this.#queue.put(() => this.channel.send(bytes));
  }

  /** Cuts the connection. It counts as closed at once, although the transport library may notice later. */
  drop(midFrame: boolean): void {
    this.channel.drop(midFrame);
    this.onClose();
  }

  /** Closes the connection after everything that waits to be sent. */
  end(): void {
    this.#queue.put(() => this.channel.end());
  }

  /** A frame that has no form costs its receiver an answer, and nobody the server. */
  #encode(frame: DownFrame, compressed: boolean): Uint8Array {
    let plain: Uint8Array;
    try {
      plain = encodeFrame(frame, 'down');
    } catch (error) {
      const status = { code: StatusErrorCode.FAIL, reason: `the server failed: ${String(error)}` };
      return encodeFrame(syncFrame({ status }), 'down');
    }
    if (!compressed && plain.length <= this.#deps.compressPagesOver) return plain;
    return encodeFrame({ ...frame, compress_method: FrameCompressMethod.ZLIB }, 'down');
  }
}
