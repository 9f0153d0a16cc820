import type { Meta } from 'flooim/wire';
import type { AppData } from '../model/app-data.ts';
import type { QueueItem } from '../model/queues.ts';

/** The way to the sockets, as the rooms below them see it. */
export interface Delivery {
  /** Something new is in a queue: tell the user's online devices. */
  announce(app: AppData, userId: number, conversation: number, item: QueueItem): void;
  /** Give this, which is in no queue, to online devices: all, or those listed. */
  push(app: AppData, userId: number, conversation: number, meta: Meta, devices?: readonly number[]): void;
  /** End the connections of a user: of all devices, or of those listed. */
  disconnect(app: AppData, userId: number, devices?: readonly number[]): void;
  /** Serial numbers of the devices that are logged in now. */
  onlineDevices(app: AppData, userId: number): number[];
}
