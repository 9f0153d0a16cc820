import { FlooError } from '../errors.ts';
import { compareIds, higherId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';
import type { SyncEvent } from './sync-events.ts';

/**
 * Pages of one sync, or syncs of one conversation, that may bring nothing new in a row. A page may be empty when its items
 * expired, and a notice late when the page was pushed; a server that goes on like that has nothing to give.
 */
const MAX_FRUITLESS = 20;
const MAX_FRUITLESS_AGAIN = 2;

/** The first pause of a conversation, which doubles with each further one. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 60_000;

/** Conversations that are remembered: the others are as if they were new. */
const MAX_REMEMBERED = 1000;

interface Standing {
  /** The highest item that came. */
  highest: Id;
  /** Syncs without a higher one. */
  fruitless: number;
  pauses: number;
  /** ms since 1970 until when it is left alone. */
  until: number;
}

/** What a page brought. */
export interface Yield {
  /** Its highest item; `'0'` when it has none. */
  highest: Id;
  /** It brought something that this device did not have. */
  isNew: boolean;
  items: number;
}

export const NOTHING: Yield = { highest: '0', isNew: false, items: 0 };

/** The pages of one sync. Each one must bring something new, or a higher item than those before. */
export class SyncedPages {
  /** What all pages brought together. */
  total = NOTHING;
  private fruitless = 0;
  private readonly patience: number;

  /** @param patience - pages in a row that may bring nothing */
  constructor(patience: number) {
    this.patience = patience;
  }

  /** @returns whether the sync may go on */
  add({ highest, isNew, items }: Yield): boolean {
    const isHigher = compareIds(highest, this.total.highest) > 0;
    this.fruitless = isNew || isHigher ? 0 : this.fruitless + 1;
    const { total } = this;
    this.total = {
      highest: higherId(highest, total.highest),
      isNew: isNew || total.isNew,
      items: items + total.items,
    };
    return this.fruitless < this.patience;
  }
}

/**
 * Knows which conversations bring something new, and pauses those that do not. However often the server names such a
 * conversation, it is asked for at a slowing pace.
 */
export class Progress {
  private readonly clock: Clock;
  private readonly onReady: (queue: Id) => void;
  private readonly standings = new Map<Id, Standing>();
  /** Conversations that were named while they pause. */
  private readonly held = new Set<Id>();
  private readonly timers: Timers<'pause'>;

  /** @param onReady - a conversation that was held may be synced now */
  constructor(clock: Clock, onReady: (queue: Id) => void) {
    this.clock = clock;
    this.onReady = onReady;
    this.timers = new Timers(clock);
  }

  /** Whether the conversation must wait; `onReady` is called for it then. */
  holds(queue: Id): boolean {
    const left = (this.standings.get(queue)?.until ?? 0) - this.clock.now();
    // A longer time than any pause: the clock was set back.
    if (left <= 0 || left > LONGEST_PAUSE_MS) return false;
    this.held.add(queue);
    this.schedule();
    return true;
  }

  /** Begins a sync. After one that brought nothing, the next one gets less patience. */
  begin(queue: Id): SyncedPages {
    return new SyncedPages(this.standings.get(queue)?.pauses ? MAX_FRUITLESS_AGAIN : MAX_FRUITLESS);
  }

  /** A sync ended, or a page was pushed. */
  came(queue: Id, { highest, isNew }: Yield): void {
    const standing = this.standingOf(queue);
    if (isNew || compareIds(highest, standing.highest) > 0) {
      standing.highest = higherId(highest, standing.highest);
      Object.assign(standing, { fruitless: 0, pauses: 0, until: 0 });
    } else if (++standing.fruitless >= MAX_FRUITLESS) this.pause(queue);
  }

  /** @returns whether it is the first pause since something new came */
  pause(queue: Id): boolean {
    const standing = this.standingOf(queue);
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(standing.pauses, 16));
    standing.until = this.clock.now() + pauseMs;
    return standing.pauses++ === 0;
  }

  stop(): void {
    this.timers.clearAll();
    this.held.clear();
  }

  private standingOf(queue: Id): Standing {
    const standing = this.standings.get(queue) ?? { highest: '0', fruitless: 0, pauses: 0, until: 0 };
    // The one that was used last comes last.
    this.standings.delete(queue);
    this.standings.set(queue, standing);
    if (this.standings.size > MAX_REMEMBERED) this.standings.delete(this.standings.keys().next().value!);
    return standing;
  }

  private schedule(): void {
    if (this.timers.has('pause') || this.held.size === 0) return;
    const next = Math.min(...[...this.held].map((queue) => this.standings.get(queue)?.until ?? 0));
    this.timers.set('pause', Math.max(1, next - this.clock.now()), () => this.release());
  }

  private release(): void {
    const now = this.clock.now();
    for (const queue of [...this.held]) {
      if ((this.standings.get(queue)?.until ?? 0) > now) continue;
      this.held.delete(queue);
      this.onReady(queue);
    }
    this.schedule();
  }
}

/** What a page brought. @param skipped - its items that could not be read */
export function yieldOf(
  metas: readonly { id: Id }[],
  skipped: readonly { id: Id }[],
  events: readonly SyncEvent[],
): Yield {
  const highest = [...metas, ...skipped].reduce((high, { id }) => higherId(high, id), '0');
  return { highest, isNew: events.some(({ type }) => NEWS.has(type)), items: metas.length + skipped.length };
}

/** The events of items that this device did not have. */
const NEWS: ReadonlySet<SyncEvent['type']> = new Set([
  ...(['message', 'operation', 'normal', 'roster-notice', 'group-notice', 'user-notice'] as const),
]);

/** The server goes on about a conversation and brings nothing. @param what - goes on */
export function stuck(queue: Id, what: string): SyncEvent {
  const detail = `${what} of ${queue} goes on and brings nothing`;
  return {
    type: 'problem',
    error: new FlooError('ServerResponseInvalid', detail, { details: { conversation: queue } }),
  };
}
