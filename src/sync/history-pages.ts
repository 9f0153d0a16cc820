import type { WriteStep } from '../chronicle/chronicle.ts';
import type { Id } from '../model/ids.ts';
import { nextId } from '../store/gaps.ts';
import { peerIdOf } from '../store/schema.ts';
import type { OutboxEntry } from '../store/schema.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import type { IMessageBody } from '../wire/message-types.ts';
import type { AnswerWaitDeps } from './answer-wait.ts';
import { applyPage, pageOf } from './apply.ts';
import type { CommitDeps } from './commit.ts';
import { EMIT_SCOPES, HistoryRequests } from './history.ts';
import { Holes } from './holes.ts';
import type { ReceivedPage } from './message-mapper.ts';
import { Numbering } from './numbering.ts';
import type { Outbox } from './outbox.ts';
import { stuck } from './progress.ts';
import { PageRequester } from './page-requester.ts';
import type { RequestSession } from './page-requester.ts';
import type { SyncEvent } from './sync-events.ts';
import { Withheld } from './withheld.ts';

interface HistoryPagesDeps extends CommitDeps, AnswerWaitDeps {
  session: RequestSession;
  self: Id;
  /** The serial that the server gave this device. */
  serial(): number;
  /** Whether the server may yet deliver messages of this queue. */
  isSyncing(queue: Id): boolean;
  write: WriteStep;
  outbox(): Pick<Outbox, 'settle' | 'push'>;
}

/**
 * Asks for pages of the server's history and stores them: those that the app wants, those that fill a hole, and those in which the
 * server ids of own messages are looked for.
 */
export class HistoryPages {
  readonly holes: Holes;
  readonly numbering: Numbering;
  private readonly deps: HistoryPagesDeps;
  private readonly requests: HistoryRequests;
  private readonly withheld: Withheld;

  constructor(deps: HistoryPagesDeps) {
    this.deps = deps;
    this.requests = new HistoryRequests(new PageRequester(deps, 'a history request'));
    this.withheld = new Withheld(deps, deps.isSyncing);
    this.holes = new Holes({
      reader: deps.store.reader,
      request: (queue, before, amount) => this.requests.request({ queue, before, amount, purpose: 'hole' }),
      write: deps.write,
      onStuck: (queue) => deps.emit([stuck(queue, 'history')]),
    });
    this.numbering = new Numbering({
      ...deps,
      deviceSN: deps.serial,
      request: (queue, before, amount) => this.requests.request({ queue, before, amount, purpose: 'numbers' }),
    });
  }

  online(): void {
    this.requests.online();
  }

  offline(): void {
    this.holes.reset();
    this.requests.offline();
  }

  /** The app asks for a page. All its messages are emitted. */
  request(queue: Id, before: Id, amount: number): void {
    this.requests.request({ queue, before, amount, purpose: 'app' });
  }

  /** Stores a page and emits no message. @returns false when the page cannot be fetched now */
  async load(queue: Id, before: Id, amount: number): Promise<boolean> {
    return new Promise((done) => this.requests.request({ queue, before, amount, purpose: 'read', done }));
  }

  /** Looks for what the server did not say about a row that arrived. The next socket looks again when this one finds nothing. */
  lookUp({ mid, message, meta, conversation }: OutboxEntry): void {
    const queue = peerIdOf(conversation);
    if (message) return this.numbering.search(queue);
    const { operation } = meta.payload as IMessageBody;
    void this.load(queue, nextId(operation!.mid!), 1).then((isShown) => {
      if (isShown) void this.deps.outbox().settle((tx) => withoutRow(tx, mid));
    });
  }

  /** The queues whose requests wait for an answer. */
  unanswered(): Id[] {
    return this.requests.unanswered();
  }

  async handle(queue: Id, answer: ReceivedPage): Promise<void> {
    const page = pageOf(queue, answer);
    const { purpose = 'read', before = '0' } = this.requests.current(queue) ?? {};
    const next = page.metas.length > 0 ? answer.next_key : '0';
    const isBeginning = next === '0';
    const isSearch = purpose === 'numbers';
    const isHeld = purpose !== 'app' && this.deps.isSyncing(queue);
    let fresh: SyncEvent[] = [];
    let held: SyncEvent[] = [];
    const outbox = this.deps.outbox();
    const stored = await outbox.settle(async (tx) => {
      const asked = { ...page, emit: EMIT_SCOPES[purpose], history: { before, isBeginning } };
      const events = await applyPage(tx, { ...asked, arrivalOf: () => 'history' }, this.deps);
      fresh = events.filter(({ type }) => type === 'message');
      const all = await this.numbering.apply(tx, { queue, metas: page.metas, isSearch, isBeginning }, events);
      held = isHeld ? all.filter((event) => fresh.includes(event)) : [];
      return all.filter((event) => !held.includes(event));
    });
    if (stored) this.withheld.hold(queue, held);
    if (purpose === 'app') this.deps.emit([{ type: 'history', queue, next }]);
    this.requests.answered(queue, stored);
    if (isSearch) outbox.push(this.numbering.stepped(queue, next, stored));
    if (purpose === 'hole' && stored) this.holes.filled(queue, fresh.length);
    else if (purpose === 'hole') this.holes.failed(queue);
  }

  /** No page comes for the request of this queue. */
  refused(queue: Id): void {
    const purpose = this.requests.current(queue)?.purpose;
    this.requests.answered(queue, false);
    if (purpose === 'numbers') this.numbering.stepped(queue, '0', false);
    if (purpose === 'hole') this.holes.failed(queue);
  }

  /** The server has delivered what it had of some queue. */
  delivered(): void {
    this.withheld.release();
  }
}

function withoutRow(tx: StoreTransaction, mid: Id): SyncEvent[] {
  tx.deleteOutbox(mid);
  return [];
}
