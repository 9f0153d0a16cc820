import type { Meta } from 'flooim/wire';
import type { AppData } from '../model/app-data.ts';
import type { QueueItem } from '../model/queues.ts';

/** Reaches the devices of users. The sockets implement it for the rooms that do not know them. */
export interface Delivery {
  /** Notifies the user's online devices of a new item in a queue. */
  notify(app: AppData, userId: number, conversation: number, item: QueueItem): void;
  /** Sends an item that is in no queue to online devices: all, or the listed ones. */
  push(app: AppData, userId: number, conversation: number, meta: Meta, devices?: readonly number[]): void;
  /** Ends the connections of a user: of all devices, or of the listed ones. */
  disconnect(app: AppData, userId: number, devices?: readonly number[]): void;
  /** Serial numbers of the devices that are logged in now. */
  onlineDevices(app: AppData, userId: number): number[];
}

/** Puts an item into one queue of each recipient and notifies their devices. */
export function post(
  app: AppData,
  delivery: Delivery,
  recipients: Iterable<readonly [userId: number, conversation: number, item: QueueItem]>,
): void {
  const posted = [...recipients];
  // All queues are filled first, because a device that syncs at once must not see half of the effects of one event.
  for (const [userId, conversation, item] of posted) app.queues.put(userId, conversation, item);
  for (const [userId, conversation, item] of posted) delivery.notify(app, userId, conversation, item);
}
