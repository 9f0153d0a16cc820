import type { UpFrame } from 'flooim/wire';
import { Ring } from '../ring.ts';
import type { Connection } from './connection.ts';

/** A frame that came up, as tests read it back. */
export interface ReceivedFrame {
  /** ms since 1970. */
  readonly at: number;
  readonly transport: string;
  /** Who was logged in on the connection when the frame came. */
  readonly uid?: number;
  readonly deviceSN?: number;
  readonly frame?: UpFrame;
  /** Why there is no frame. */
  readonly error?: string;
}

/** The last frames received, over all connections. */
export class FrameLog extends Ring<ReceivedFrame> {
  record(connection: Connection, content: { frame: UpFrame } | { error: string }): void {
    const { session, channel } = connection;
    const who = session && { uid: session.user.id, deviceSN: session.device.sn };
    this.push({ at: Date.now(), transport: channel.transport, ...who, ...content });
  }
}
