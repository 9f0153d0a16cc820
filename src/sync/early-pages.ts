import type { Id } from '../model/ids.ts';
import type { IMessageBody } from '../wire/message-types.ts';
import type { ReceivedPage } from './message-mapper.ts';

/** Pages that wait at once, and characters of their messages. More are dropped: the next sync brings them again. */
const MAX_EARLY_PAGES = 64;
const MAX_EARLY_TEXT = 4_000_000;

/**
 * Pages that the server pushed while the messages before them were not here yet. They wait until their queue is synced.
 */
export class EarlyPages {
  private readonly pages = new Map<Id, ReceivedPage[]>();
  private count = 0;
  private length = 0;

  /** Keeps a page until its queue is synced. */
  keep(queue: Id, page: ReceivedPage): void {
    const length = textLength(page);
    if (this.count >= MAX_EARLY_PAGES || this.length + length > MAX_EARLY_TEXT) return;
    this.count++;
    this.length += length;
    this.pages.set(queue, [...(this.pages.get(queue) ?? []), page]);
  }

  /** Returns the pages of a queue that is synced, in their order, and forgets them. */
  take(queue: Id): readonly ReceivedPage[] {
    const pages = this.pages.get(queue) ?? [];
    this.pages.delete(queue);
    for (const page of pages) {
      this.count--;
      this.length -= textLength(page);
    }
    return pages;
  }

  /** Forgets all pages. Call it when the socket is lost: the next sync brings them again. */
  clear(): void {
    this.pages.clear();
    this.count = this.length = 0;
  }
}

/** Characters in the items of a page, each of which costs some hundred bytes beside its text. */
const textLength = ({ metas }: ReceivedPage): number =>
  metas.reduce((sum, { payload }) => {
    const { content = '', config = '', attachment = '', ext = '' } = (payload ?? {}) as Partial<IMessageBody>;
    return sum + 100 + content.length + config.length + attachment.length + ext.length;
  }, 0);
