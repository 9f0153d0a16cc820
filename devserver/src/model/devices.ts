import type { Records } from '../records/records.ts';
import { Table } from './table.ts';

/** What is known about a device. */
interface DeviceRecord {
  readonly userId: number;
  readonly sn: number;
  readonly guid: string;
  readonly createdAt: number;
  readonly platform: number;
  readonly userAgent: string;
  /** The token of its last socket login, revoked when the device is kicked. */
  readonly token: string;
  /** Where the vendor's push service would reach it. */
  readonly pushToken?: string | undefined;
}

/** One device of one user: its names, and its position in each conversation. */
export interface Device extends DeviceRecord {
  /** Conversation → everything with a smaller id is acknowledged. */
  readonly positions: Table<number, bigint>;
  /** Client mid → the server's id for it. */
  readonly sentMids: Table<string, bigint>;
  /** Conversation → newest message at the time this device deleted the conversation for itself. */
  readonly hiddenUpTo: Table<number, bigint>;
}

/** The parts of a device that a login or an endpoint sets. */
type DeviceChanges = Partial<Pick<DeviceRecord, 'platform' | 'userAgent' | 'token' | 'pushToken'>>;

const TABLE = 'devices';

/** The devices of one app, found by their guid. */
export class Devices {
  readonly #records: Records;
  readonly #byUser = new Map<number, Device[]>();

  constructor(records: Records) {
    this.#records = records;
    for (const record of records.load<DeviceRecord>(TABLE)) this.#add(record);
  }

  of(userId: number): readonly Device[] {
    return this.#byUser.get(userId) ?? [];
  }

  /** Finds the device with this guid, or adds it with the user's next serial number. */
  open(userId: number, guid: string, now: number): { device: Device; isNew: boolean } {
    const known = this.of(userId).find((device) => device.guid === guid);
    if (known) return { device: known, isNew: false };
    const sn = (this.of(userId).at(-1)?.sn ?? 0) + 1;
    const device = this.#add({ userId, sn, guid, createdAt: now, platform: 0, userAgent: '', token: '' });
    this.change(device, {});
    return { device, isNew: true };
  }

  change(device: Device, changes: DeviceChanges): void {
    Object.assign(device, changes);
    const { positions: _positions, sentMids: _sentMids, hiddenUpTo: _hiddenUpTo, ...record } = device;
    this.#records.put(TABLE, [device.userId, device.sn], record satisfies DeviceRecord);
  }

  #add(record: DeviceRecord): Device {
    const { userId, sn } = record;
    const device: Device = {
      ...record,
      positions: new Table(this.#records, `positions ${userId} ${sn}`),
      sentMids: new Table(this.#records, `sent ${userId} ${sn}`),
      hiddenUpTo: new Table(this.#records, `hidden ${userId} ${sn}`),
    };
    this.#byUser.set(userId, [...this.of(userId), device]);
    return device;
  }
}
