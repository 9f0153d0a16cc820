import type { Meta } from 'flooim/wire';
import type { Records } from '../records/records.ts';
import type { Device } from './devices.ts';
import { firstAtOrAfter } from './ids.ts';

// A new device gets the items of the last week, not the whole past.
const BACKLOG_MS = 7 * 24 * 3600 * 1000;

/** One item to deliver in one conversation of one user. */
export interface QueueItem {
  readonly id: bigint;
  readonly at: number;
  readonly meta: Meta;
  /** The device that sent the item and therefore does not get it. */
  readonly exceptDevice?: number;
  /** When set, only these devices get the item. */
  readonly onlyDevices?: readonly number[];
}

interface QueueRecord {
  readonly userId: number;
  readonly conversation: number;
  readonly item: QueueItem;
}

const TABLE = 'queues';

/** The items for each user and conversation, in the order of ids. Each device has its own position. */
export class Queues {
  readonly #records: Records;
  readonly #streams = new Map<number, Map<number, QueueItem[]>>();

  constructor(records: Records) {
    this.#records = records;
    for (const { userId, conversation, item } of records.load<QueueRecord>(TABLE))
      this.#add(userId, conversation, item);
  }

  put(userId: number, conversation: number, item: QueueItem): void {
    this.#add(userId, conversation, item);
    const record: QueueRecord = { userId, conversation, item };
    this.#records.put(TABLE, [userId, conversation, item.id], record);
  }

  #add(userId: number, conversation: number, item: QueueItem): void {
    let streams = this.#streams.get(userId);
    if (!streams) this.#streams.set(userId, (streams = new Map<number, QueueItem[]>()));
    const stream = streams.get(conversation);
    if (stream) stream.push(item);
    else streams.set(conversation, [item]);
  }

  /** Changes what an item that is in a queue says. */
  change(userId: number, conversation: number, id: bigint, change: (meta: Meta) => Meta): void {
    const stream = this.#streams.get(userId)?.get(conversation) ?? [];
    const index = firstAtOrAfter(stream, id);
    const item = stream[index];
    if (item?.id !== id) return;
    stream[index] = { ...item, meta: change(item.meta) };
    const record: QueueRecord = { userId, conversation, item: stream[index] };
    this.#records.put(TABLE, [userId, conversation, id], record);
  }

  conversationsOf(userId: number): number[] {
    return [...(this.#streams.get(userId)?.keys() ?? [])];
  }

  /** Items that the device has not acknowledged, oldest first, at most `limit`. */
  undelivered(device: Device, conversation: number, limit = Infinity): QueueItem[] {
    const stream = this.#streams.get(device.userId)?.get(conversation) ?? [];
    const start = firstAtOrAfter(stream, device.positions.get(conversation) ?? 0n);
    const items: QueueItem[] = [];
    for (let at = start; at < stream.length && items.length < limit; at++) {
      if (isMeantFor(stream[at]!, device)) items.push(stream[at]!);
    }
    return items;
  }

  /** Acknowledges everything before `key`. A smaller key than the last one changes nothing. */
  acknowledge(device: Device, conversation: number, key: bigint): void {
    if (key > (device.positions.get(conversation) ?? 0n)) device.positions.set(conversation, key);
  }
}

/** Whether this device gets the item at all. */
export function isMeantFor(item: QueueItem, device: Device): boolean {
  if (item.exceptDevice === device.sn) return false;
  if (item.onlyDevices && !item.onlyDevices.includes(device.sn)) return false;
  return item.at >= device.createdAt - BACKLOG_MS;
}
