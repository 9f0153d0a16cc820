import { MetaNameSpace, UserNoticeType } from 'flooim/wire';
import type { IMessageBody, Meta } from 'flooim/wire';
import type { AppData } from '../model/app-data.ts';
import type { Group } from '../model/groups.ts';
import { SYSTEM_UID, toXid } from '../model/ids.ts';
import type { Clock } from '../ports.ts';
import type { Delivery } from './delivery.ts';
import { post } from './delivery.ts';

interface Notice {
  type: number;
  from: number;
  to: readonly number[];
  content?: string;
  /** The users whose system queues get the notice, each once. */
  recipients: Iterable<number>;
}

/** These notices end the session, so they must not wait in a queue for the next one. */
const ENDS_SESSION: ReadonlySet<number> = new Set([
  UserNoticeType.PASSWORD_CHANGED,
  UserNoticeType.FROZEN,
  UserNoticeType.REMOVED,
  UserNoticeType.KICK_BY_SAME_DEVICE,
  UserNoticeType.KICKED_BY_OTHER_DEVICE,
  UserNoticeType.DEVICE_REMOVED,
]);

/** Writes roster, group and user notices into the system queues. */
export class Notices {
  readonly #delivery: Delivery;
  readonly #clock: Clock;

  constructor(delivery: Delivery, clock: Clock) {
    this.#delivery = delivery;
    this.#clock = clock;
  }

  roster(app: AppData, { type, from, to, content = '', recipients }: Notice): void {
    this.#postAll(app, recipients, from, (head) => ({
      ...head,
      ns: MetaNameSpace.ROSTER_NOTICE,
      payload: { type, from: toXid(from), to: to.map((uid) => toXid(uid)), content },
    }));
  }

  group(app: AppData, group: Group, { type, from, to, content = '', recipients }: Notice): void {
    this.#postAll(app, recipients, from, (head) => ({
      ...head,
      ns: MetaNameSpace.GROUP_NOTICE,
      payload: { type, gid: toXid(group.id), from: toXid(from), to: to.map((uid) => toXid(uid)), content },
    }));
  }

  /**
   * Notifies devices of a user about its account. A notice that ends a session is pushed to the online devices, which
   * are then disconnected; every other notice is queued.
   */
  user(
    app: AppData,
    userId: number,
    type: number,
    { content = '', devices }: { content?: string; devices?: readonly number[] } = {},
  ): void {
    const id = app.ids.itemId();
    const at = this.#clock.now();
    const meta = { ...metaHead(id, SYSTEM_UID, userId, at), ns: MetaNameSpace.USER_NOTICE, payload: { type, content } };
    if (ENDS_SESSION.has(type)) {
      this.#delivery.push(app, userId, SYSTEM_UID, meta, devices);
      this.#delivery.disconnect(app, userId, devices);
    } else if (!devices || devices.length > 0) {
      post(app, this.#delivery, [[userId, SYSTEM_UID, { id, at, meta, ...(devices && { onlyDevices: devices }) }]]);
    }
  }

  /** Sends a push notification to those of the devices that are online. It is not queued. */
  push(app: AppData, userId: number, payload: IMessageBody, devices: readonly number[]): void {
    const head = metaHead(app.ids.itemId(), SYSTEM_UID, userId, this.#clock.now());
    this.#delivery.push(app, userId, SYSTEM_UID, { ...head, ns: MetaNameSpace.PUSH, payload }, devices);
  }

  #postAll(app: AppData, recipients: Iterable<number>, from: number, build: (head: MetaHead) => Meta): void {
    const id = app.ids.itemId();
    const at = this.#clock.now();
    post(
      app,
      this.#delivery,
      [...new Set(recipients)].map(
        (userId) => [userId, SYSTEM_UID, { id, at, meta: build(metaHead(id, from, userId, at)) }] as const,
      ),
    );
  }
}

type MetaHead = Pick<Meta, 'id' | 'from' | 'to' | 'timestamp'>;

function metaHead(id: bigint, from: number, to: number, at: number): MetaHead {
  return { id: String(id), from: toXid(from), to: toXid(to), timestamp: String(at) };
}
