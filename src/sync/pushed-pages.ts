import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import type { SkippedMeta } from '../wire/frame-types.ts';
import { applyPage, itemsOf, pageOf } from './apply.ts';
import { commit } from './commit.ts';
import type { CommitDeps } from './commit.ts';
import { EarlyPages } from './early-pages.ts';
import type { ReceivedPage } from './message-mapper.ts';
import { findConversation } from './operations.ts';
import { yieldOf } from './progress.ts';
import type { Pulls } from './pulls.ts';
import type { SyncEvent } from './sync-events.ts';

interface PushedPagesDeps extends CommitDeps {
  self: Id;
  clock: Clock;
}

/** Pages that the server sends unasked. When messages before such a page are missing, it waits until they are synced. */
export class PushedPages {
  private readonly deps: PushedPagesDeps;
  private readonly pulls: Pulls;
  private readonly early = new EarlyPages();

  constructor(deps: PushedPagesDeps, pulls: Pulls) {
    this.deps = deps;
    this.pulls = pulls;
  }

  /** @param before - the message before the page; `'0'` when it is not known, or is here */
  async handle(
    queue: Id,
    answer: ReceivedPage,
    skipped: readonly SkippedMeta[],
    before = answer.prev_mid,
  ): Promise<void> {
    let isEarly = false as boolean;
    let events: readonly SyncEvent[] = [];
    const page = pageOf(queue, answer);
    const stored = await commit(this.deps, async (tx) => {
      const newest = tx.conversation(findConversation(tx, queue))?.newestId ?? '0';
      // An own message, whose answer came before what the server held, may be the newest one here.
      const mayLack = compareIds(newest, before) < 0 || this.pulls.isSyncing(queue);
      isEarly = before !== '0' && mayLack && itemsOf(page.metas).length > 0;
      return isEarly ? [] : (events = await applyPage(tx, { ...page, isLast: false }, this.deps));
    });
    if (isEarly) {
      this.early.keep(queue, answer);
      this.pulls.request(queue);
    } else if (stored) this.pulls.pushed(queue, answer.next_key, yieldOf(page.metas, skipped, events));
  }

  /** What was missing is here. Pages that came too early can be handled; most of their items are stored already. */
  synced(queue: Id): void {
    for (const page of this.early.take(queue)) void this.handle(queue, page, [], '0');
  }

  /** The connection has ended: the next sync brings these pages again. */
  clear(): void {
    this.early.clear();
  }
}
