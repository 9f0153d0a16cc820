import { FrameCommand, decodeFrame, encodeFrame } from 'flooim/wire';
import type { DownFrame, UpFrame } from 'flooim/wire';
import type { Faults, RequestKind } from '../faults.ts';
import type { AppData } from '../model/app-data.ts';
import type { Device } from '../model/devices.ts';
import type { User } from '../model/users.ts';
import { AnswerQueue } from './answer-queue.ts';
import type { Channel, ChannelListener } from './channel.ts';

/** Who a connection speaks for, once its provision was accepted. */
export interface Session {
  readonly app: AppData;
  readonly user: User;
  readonly device: Device;
}

/** A frame on its way down: `frame` without compression, which the connection decides. */
export interface Answer {
  readonly kind: RequestKind;
  readonly frame: DownFrame;
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
  compressPagesOver: number;
  listener: ConnectionListener;
}

/** One client socket: frames in, answers and notices out in order, with the faults that tests asked for. */
export class Connection implements ChannelListener {
  readonly channel: Channel;
  session: Session | undefined;
  readonly #deps: Deps;
  readonly #queue: AnswerQueue;
  #open = true;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.channel = deps.channel;
    this.#queue = new AnswerQueue(() => deps.faults.delayMs);
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
    this.#queue.clear();
    this.#deps.listener.onClose(this);
  }

  /** Answer a request; compressed when the request was. */
  answer({ kind, frame }: Answer, compressed: boolean): void {
    if (this.#deps.faults.takeDrop(kind)) return;
    const isPage = kind === 'sync' && frame.command === FrameCommand.SYNC && (frame.payload?.metas?.length ?? 0) > 0;
    const times = isPage && this.#deps.faults.takeDuplicatePage() ? 2 : 1;
    for (let i = 0; i < times; i++) this.push(frame, compressed);
  }

  /** Send a frame nobody asked for. */
  push(frame: DownFrame, compressed = false): void {
    this.#queue.put(() => {
      this.channel.send(this.#encode(frame, compressed));
      this.#deps.listener.onSent(this, frame);
    });
  }

  /** Send bytes that may be no frame at all. */
  pushBytes(bytes: Uint8Array): void {
    this.#queue.put(() => this.channel.send(bytes));
  }

  /** Cut the connection; it counts as closed from now on, whenever the transport library notices. */
  drop(midFrame: boolean): void {
    this.channel.drop(midFrame);
    this.onClose();
  }

  /** Close, after what was put before. */
  end(): void {
    this.#queue.put(() => this.channel.end());
  }

  #encode(frame: DownFrame, compressed: boolean): Uint8Array {
    const plain = encodeFrame(frame, 'down');
    if (!compressed && plain.length <= this.#deps.compressPagesOver) return plain;
    return encodeFrame({ ...frame, compress_method: 1 }, 'down');
  }
}
