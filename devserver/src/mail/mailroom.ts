import type { AppData } from '../model/app-data.ts';
import type { QueueItem } from '../model/queues.ts';
import type { Delivery } from './delivery.ts';

/** Put an item into one queue of each recipient and tell their devices. */
export function post(
  app: AppData,
  delivery: Delivery,
  recipients: Iterable<readonly [userId: number, conversation: number, item: QueueItem]>,
): void {
  const posted = [...recipients];
  // All queues first: a device that syncs at once must not see half of what one event did.
  for (const [userId, conversation, item] of posted) app.queues.put(userId, conversation, item);
  for (const [userId, conversation, item] of posted) delivery.announce(app, userId, conversation, item);
}
