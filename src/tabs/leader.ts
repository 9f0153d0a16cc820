import type { LocalAccount } from '../account/local-account.ts';
import { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { Clock, Random, TabLock, Tabs } from '../platform/ports.ts';
import { LANES } from '../sync/client-mid.ts';
import type { ClientMids } from '../sync/client-mid.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import { conversationOfSegment } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import { flatMap } from '../util/es2019.ts';
import { nextTurn } from '../util/slices.ts';
import type { SentCall } from './calls.ts';
import { carryOutChange, carryOutRequest } from './carry-out.ts';
import { TABS_PROTOCOL } from './messages.ts';
import type { LeaderMessage, News, SharedBatch, TabId, TabState } from './messages.ts';
import { packError } from './packing.ts';
import { recordSlices } from './record-slices.ts';
import type { ReportLog } from './report-log.ts';
import { callName, SharedBatches } from './shared-batches.ts';
import type { TabLinks } from './tab-links.ts';

interface LeaderDeps {
  tabs: Tabs;
  links: TabLinks;
  clock: Clock;
  random: Random;
  mids: ClientMids;
  log: ReportLog;
  /** The name of the lock that a tab holds as long as it lives. */
  presenceOf(tab: TabId): string;
  /** A tab that followed is gone. */
  onGone(tab: TabId): void;
}

/** A tab that follows. */
interface FollowingTab {
  readonly lane: number;
  /** As it said last. */
  state: TabState;
  /** Resolves when the tab ends. */
  readonly end: TabLock;
  /** It gets what happens from now on; before, it waits for its welcome. */
  isWelcome: boolean;
  /** The conversations whose newest messages it has got: batches change them. */
  readonly tails: Set<ConversationKey>;
}

/** Conversations whose newest messages are sent at once. */
const TAILS_AT_ONCE = 8;

/** Takes others along: sends them the data and what happens, and carries out their calls. */
export class Leader {
  readonly batches: SharedBatches;
  private readonly deps: LeaderDeps;
  private readonly following = new Map<TabId, FollowingTab>();
  private account: LocalAccount | undefined;
  /** Changes that are being stored. */
  private readonly running = new Map<string, Promise<void>>();

  constructor(deps: LeaderDeps) {
    this.deps = deps;
    this.batches = new SharedBatches({
      log: deps.log,
      isFollowed: () => this.following.size > 0,
      send: (message) => this.sendAll(message),
      onVisible: (batch) => this.sendNewTails(batch),
    });
  }

  /** The data is open. Tabs that came before are served now. */
  open(account: LocalAccount): void {
    this.account = account;
    for (const tab of this.following.keys()) void this.welcome(tab, account);
  }

  /** The tabs that follow. */
  get tabs(): readonly TabId[] {
    return [...this.following.keys()];
  }

  /** A tab wants to follow, or begins again: until its new welcome it gets what happens as before. */
  add(tab: TabId, state: TabState): void {
    const known = this.following.get(tab);
    if (known) known.state = state;
    else this.following.set(tab, this.follow(tab, state));
    if (this.account) void this.welcome(tab, this.account);
  }

  private follow(tab: TabId, state: TabState): FollowingTab {
    const end = this.deps.tabs.lock(this.deps.presenceOf(tab), 'wait');
    void end.isHeld.then((isGone) => {
      if (!isGone || this.following.get(tab)?.end !== end) return;
      this.remove(tab);
      this.deps.onGone(tab);
    });
    return { lane: this.freeLane(state.lane), state, end, isWelcome: false, tails: new Set() };
  }

  /** A tab is frozen: it gets nothing until it comes back. */
  away(tab: TabId): void {
    const known = this.following.get(tab);
    if (known) known.isWelcome = false;
  }

  remove(tab: TabId): void {
    this.following.get(tab)?.end.release();
    this.following.delete(tab);
    this.deps.links.forget(tab);
  }

  send(tab: TabId, message: LeaderMessage): void {
    if (this.following.has(tab)) this.deps.links.send(tab, message);
  }

  /** Sends what happens beside the batches. */
  shareNews(news: News): void {
    this.sendAll({ type: 'news', news });
  }

  /** Carries out a call of another tab. */
  async answer(tab: TabId, call: SentCall): Promise<void> {
    const { number } = call;
    try {
      const value = await this.carryOut(tab, call, []);
      this.send(tab, { type: 'reply', number, value });
    } catch (error) {
      this.send(tab, { type: 'failure', number, error: packError(FlooError.from(error, 'DbOperationFailed')) });
    }
  }

  /** @param emitted the events of the call that this tab emitted before, when it is a call of its own */
  async carryOut(tab: TabId, call: SentCall, emitted: readonly SyncEvent[]): Promise<unknown> {
    const account = this.account!;
    if (call.kind === 'request') return carryOutRequest(account, call.request);
    const { change, number, mids } = call;
    // It was carried out before: by the tab that led then, or here, and the tab has begun again.
    if (this.batches.hasStored(tab, number)) return undefined;
    const name = callName(tab, number);
    const running =
      this.running.get(name) ??
      carryOutChange(account, change, { ...{ call: name, mids, emitted }, nextMid: () => this.deps.mids.next() });
    this.running.set(name, running);
    return running.finally(() => this.running.delete(name));
  }

  /** Takes nobody along any more. */
  close(): void {
    for (const tab of this.tabs) this.remove(tab);
  }

  private sendAll(message: LeaderMessage): void {
    for (const [tab, { isWelcome }] of this.following) if (isWelcome) this.deps.links.send(tab, message);
  }

  private async welcome(tab: TabId, account: LocalAccount): Promise<void> {
    const following = this.following.get(tab);
    await account.store.loaded;
    // What waits in memory is stored first. It fails only when the account closes.
    await account.store.update(() => undefined).catch(() => undefined);
    if (!following || this.following.get(tab) !== following || !account.isOpen) return;
    following.isWelcome = true;
    following.tails.clear();
    const { stored, storing } = this.batches;
    const { lastBatch = stored } = following.state;
    const missed = this.deps.log.since(lastBatch, stored);
    this.send(tab, {
      ...{ type: 'welcome', protocol: TABS_PROTOCOL, lane: following.lane, stored, storing, missed },
      device: account.device.names,
      aheadMs: account.sync.aheadMs,
      uploads: uploadsOf(account),
    });
    await this.sendRecords(tab, following, account);
  }

  private async sendRecords(tab: TabId, following: FollowingTab, { store }: LocalAccount): Promise<void> {
    let isFirst = true;
    for (const slice of recordSlices(store.records)) {
      if (this.following.get(tab) !== following) return;
      this.send(tab, { type: 'records', ...slice, isFirst });
      if (isFirst) this.sendTails(tab, store);
      isFirst = false;
      // The next slice is made after this: what is sent is always the newest.
      if (!slice.isLast) await nextTurn(this.deps.clock);
    }
  }

  /** Sends the newest messages of conversations in the batch that a tab does not have, such as a new one. */
  private sendNewTails({ changes }: SharedBatch): void {
    if (this.following.size === 0) return;
    const keys = new Set(
      flatMap(changes.segments, (change) => (change.op === 'put' ? [conversationOfSegment(change.key)] : [])),
    );
    for (const key of keys) {
      const tail = this.account?.store.records.tails.get(key);
      if (!tail) continue;
      for (const [tab, { isWelcome, tails }] of this.following) {
        if (!isWelcome || tails.has(key)) continue;
        tails.add(key);
        this.deps.links.send(tab, { type: 'tails', tails: [[key, tail]] });
      }
    }
  }

  private sendTails(tab: TabId, { records }: LocalAccount['store']): void {
    const tails = [...records.tails.entries()];
    for (const [key] of tails) this.following.get(tab)?.tails.add(key);
    for (let from = 0; from < tails.length; from += TAILS_AT_ONCE)
      this.send(tab, { type: 'tails', tails: tails.slice(from, from + TAILS_AT_ONCE) });
  }

  private freeLane(wanted: number | undefined): number {
    const taken = new Set([this.deps.mids.lane, ...[...this.following.values()].map(({ lane }) => lane)]);
    if (wanted !== undefined && !taken.has(wanted)) return wanted;
    let lane = Math.floor(this.deps.random() * LANES);
    while (taken.has(lane)) lane = (lane + 1) % LANES;
    return lane;
  }
}

/** The progress of the uploads that run or wait, in percent. */
const uploadsOf = ({ store, files }: LocalAccount): (readonly [Id, number])[] =>
  flatMap(store.reader.outbox(), ({ mid }) => {
    const percent = files.percentOf(mid);
    return percent === undefined ? [] : [[mid, percent] as const];
  });
