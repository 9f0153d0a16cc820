import type { Id } from '../model/ids.ts';
import type { ReceivedPage } from './message-mapper.ts';

/** Pages that wait at once. More are dropped: the next sync brings them again. */
const MAX_EARLY_PAGES = 64;

/**
 * Pages that the server pushed while the messages before them were not here yet. They wait until their queue is synced.
 */
export class EarlyPages {
  private readonly pages = new Map<Id, ReceivedPage[]>();

  /** Keeps a page until its queue is synced. */
  keep(queue: Id, page: ReceivedPage): void {
    const count = [...this.pages.values()].reduce((sum, { length }) => sum + length, 0);
    if (count < MAX_EARLY_PAGES) this.pages.set(queue, [...(this.pages.get(queue) ?? []), page]);
  }

  /** Returns the pages of a queue that is synced, in their order, and forgets them. */
  take(queue: Id): readonly ReceivedPage[] {
    const pages = this.pages.get(queue) ?? [];
    this.pages.delete(queue);
    return pages;
  }

  /** Forgets all pages. Call it when the socket is lost: the next sync brings them again. */
  clear(): void {
    this.pages.clear();
  }
}
