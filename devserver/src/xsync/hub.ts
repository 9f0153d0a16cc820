import { FrameCommand } from 'flooim/wire';
import type { Meta } from 'flooim/wire';
import type { Faults } from '../faults.ts';
import type { Delivery } from '../mail/delivery.ts';
import type { AppData } from '../model/app-data.ts';
import { isMeantFor } from '../model/queues.ts';
import type { QueueItem } from '../model/queues.ts';
import { toXid } from '../model/ids.ts';
import type { Connection, Session } from './connection.ts';
import { OK, syncFrame } from './connection.ts';
import { nextPage } from './sync.ts';

/** All open connections, and the frames sent on them without a request. */
export class Hub implements Delivery {
  /** Is called when the server ends a session. */
  onEnded: ((session: Session) => void) | undefined;
  readonly #connections = new Set<Connection>();
  readonly #faults: Faults;
  readonly #pageSize: number;

  constructor(faults: Faults, pageSize: number) {
    this.#faults = faults;
    this.#pageSize = pageSize;
  }

  add(connection: Connection): void {
    this.#connections.add(connection);
  }

  delete(connection: Connection): void {
    this.#connections.delete(connection);
  }

  /** Every connection, or those of one user. */
  connections(userId?: number): Connection[] {
    return [...this.#connections].filter(({ session }) => userId === undefined || session?.user.id === userId);
  }

  notify(app: AppData, userId: number, conversation: number, item: QueueItem): void {
    for (const { connection, sn } of this.#online(app, userId)) {
      const session = connection.session!;
      if (!isMeantFor(item, session.device)) continue;
      const { eager } = this.#faults;
      if (eager === 'off') {
        connection.push({ command: FrameCommand.NOTICE, payload: { xid: toXid(conversation) } });
      } else if (eager === 'item') {
        const prevMid = app.messages.newestId(app.historyView(userId, conversation), item.id);
        this.push(app, userId, conversation, item.meta, [sn], String(prevMid));
      } else {
        const page = nextPage(session, conversation, { pageSize: this.#pageSize, reversed: this.#faults.reversePages });
        connection.push(syncFrame({ ...page.payload, is_eager_sync: true }));
      }
    }
  }

  push(
    app: AppData,
    userId: number,
    conversation: number,
    meta: Meta,
    devices?: readonly number[],
    prevMid = '0',
  ): void {
    const frame = syncFrame({
      status: OK,
      xid: toXid(conversation, 0),
      metas: [meta],
      next_key: '0',
      is_eager_sync: true,
      ...(prevMid !== '0' && { prev_mid: prevMid }),
    });
    for (const { connection } of this.#online(app, userId, devices)) connection.push(frame);
  }

  disconnect(app: AppData, userId: number, devices?: readonly number[]): void {
    for (const { connection } of this.#online(app, userId, devices)) {
      const { session } = connection;
      // The session ends now: it gets nothing that happens before the socket is closed.
      connection.session = undefined;
      if (session) this.onEnded?.(session);
      connection.end();
    }
  }

  onlineDevices(app: AppData, userId: number): number[] {
    return [...new Set(this.#online(app, userId).map(({ sn }) => sn))];
  }

  #online(app: AppData, userId: number, devices?: readonly number[]): { connection: Connection; sn: number }[] {
    const online: { connection: Connection; sn: number }[] = [];
    for (const connection of this.#connections) {
      const { session } = connection;
      if (session?.app !== app || session.user.id !== userId) continue;
      if (!devices || devices.includes(session.device.sn)) online.push({ connection, sn: session.device.sn });
    }
    return online;
  }
}
