import type { FollowedBatch, StoreFollower } from '../store/store-follower.ts';
import type { SyncReport } from '../sync/commit.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import { flatMap } from '../util/es2019.ts';
import type { LeaderMessage, PackedReport, SharedBatch, TabId } from './messages.ts';
import { packEvents } from './packing.ts';
import type { ReportLog } from './report-log.ts';

/** What the database has of the last batch: its number, and the last change of each tab that is stored. */
interface Followed {
  readonly number: number;
  readonly changes: readonly (readonly [TabId, number])[];
  /** Its events: when a tab ends while it stores a batch, what it sent last may not arrive. */
  readonly reports: readonly PackedReport[];
}

interface SharedBatchesDeps {
  log: ReportLog;
  /** Whether any tab follows. */
  isFollowed(): boolean;
  send(message: LeaderMessage): void;
  /** A batch is visible here, and not in the other tabs yet. */
  onVisible(batch: SharedBatch): void;
}

/** Tabs whose last changes are remembered: far more than are open at once. */
const MAX_TABS = 100;

/** Names a change of a tab in the reports of a batch. */
export const callName = (tab: TabId, number: number): string => `${tab}:${number}`;

function parseCallName(name: string): [TabId, number] {
  const [tab = '', number] = name.split(':');
  return [tab, Number(number)];
}

/**
 * Numbers the batches of the leading tab and shows them to the others: each before it is stored, and once more when it is. So when
 * this tab ends in between, the next one reads in the database whether it is.
 */
export class SharedBatches implements StoreFollower {
  /** The batch that is being stored. */
  storing: SharedBatch | undefined;
  private readonly deps: SharedBatchesDeps;
  private number = 0;
  private changes = new Map<TabId, number>();
  private last: readonly PackedReport[] | undefined;
  /** The events of the batch that is being stored. */
  private events: readonly SyncEvent[] = [];
  /** Events of batches that are visible. They are emitted a moment later. */
  private readonly visible = new WeakSet<SyncEvent>();
  private isOver = false;

  constructor(deps: SharedBatchesDeps) {
    this.deps = deps;
  }

  get isStrict(): boolean {
    return this.deps.isFollowed();
  }

  /** The number of the last batch that is stored. */
  get stored(): number {
    return this.storing ? this.number - 1 : this.number;
  }

  /** Whether this change of a tab is stored. */
  hasStored(tab: TabId, number: number): boolean {
    return (this.changes.get(tab) ?? 0) >= number;
  }

  onOpen(stored: unknown): void {
    const { number, changes, reports } = Object(stored) as Partial<Followed>;
    if (typeof number === 'number' && Number.isSafeInteger(number)) this.number = number;
    this.last = isReports(reports) ? reports : undefined;
    if (!Array.isArray(changes)) return;
    for (const change of changes) {
      const [tab, last] = (Array.isArray(change) ? change : []) as unknown[];
      if (typeof tab === 'string' && typeof last === 'number') this.changes.set(tab, last);
    }
  }

  /** Another tab leads: what becomes visible here from now on is of no account. */
  close(): void {
    this.isOver = true;
  }

  /** Whether the batch of an event was visible while this tab led: no other tab emits the event here again. */
  wasVisible(event: SyncEvent): boolean {
    return this.visible.has(event);
  }

  /** Remembers the events of the last batch of the tab that led before. */
  logLast(): void {
    if (this.last) this.deps.log.add({ number: this.number, reports: this.last });
    this.last = undefined;
  }

  onBatch({ changes, reports }: FollowedBatch): Followed | undefined {
    // Sync alone makes reports.
    this.events = flatMap(reports as readonly SyncReport[], ({ events }) => events);
    const packed = (reports as readonly SyncReport[]).map(({ events, call }) => ({ events: packEvents(events), call }));
    const batch = { number: ++this.number, changes, reports: packed };
    this.storing = batch;
    this.deps.send({ type: 'batch', batch });
    // A tab that is alone has nobody who needs to know.
    if (!this.isStrict) return undefined;
    return { number: batch.number, changes: [...this.withChangesOf(batch)], reports: packed };
  }

  onStored(): void {
    if (this.storing) {
      this.changes = this.withChangesOf(this.storing);
      this.deps.log.add(this.storing);
      this.deps.onVisible(this.storing);
      if (!this.isOver) for (const event of this.events) this.visible.add(event);
    }
    this.storing = undefined;
    this.deps.send({ type: 'stored' });
  }

  onRefused(): void {
    this.storing = undefined;
    this.number--;
    this.deps.send({ type: 'refused' });
  }

  private withChangesOf({ reports }: SharedBatch): Map<TabId, number> {
    const changes = new Map(this.changes);
    for (const { call } of reports) {
      if (call === undefined) continue;
      const [tab, number] = parseCallName(call);
      changes.delete(tab);
      changes.set(tab, number);
    }
    for (const tab of changes.keys()) {
      if (changes.size <= MAX_TABS) break;
      changes.delete(tab);
    }
    return changes;
  }
}

/** Whether a database has what a tab has stored there. */
const isReports = (stored: unknown): stored is readonly PackedReport[] =>
  Array.isArray(stored) && stored.every((report) => Array.isArray((Object(report) as { events?: unknown }).events));
