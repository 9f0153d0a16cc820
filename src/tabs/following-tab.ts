import { createDeferred } from '../util/deferred.ts';
import type { SentCall } from './calls.ts';
import { Follower } from './follower.ts';
import type { AccountParts } from './follower-parts.ts';
import { LeaderWatch } from './leader-watch.ts';
import type { LeadingTabDeps } from './leading-tab.ts';
import { TABS_PROTOCOL } from './messages.ts';
import type { FollowerMessage, LeaderMessage, TabId } from './messages.ts';
import { unpackState } from './packing.ts';
import type { ReportLog } from './report-log.ts';
import type { SentFiles } from './sent-files.ts';
import type { TabCalls } from './tab-calls.ts';
import type { TabLinks } from './tab-links.ts';

interface FollowingTabDeps extends Pick<
  LeadingTabDeps,
  'uid' | 'clock' | 'lifecycle' | 'mids' | 'maxMessageBytes' | 'listener' | 'account' | 'view' | 'chronicle'
> {
  links: TabLinks;
  calls: TabCalls;
  files: SentFiles;
  log: ReportLog;
  /** The account has these parts from now on. @param hasMissed batches were stored whose events are not known */
  onParts(parts: AccountParts, hasMissed: boolean): void;
  /** The leading tab does not answer. */
  onHung(): void;
}

/** How long a tab that closes waits until its changes are stored. */
const CLOSE_MS = 1000;

/** What a tab has while another one leads: the way to that tab, and what it has got from there. */
export class FollowingTab {
  private readonly deps: FollowingTabDeps;
  private readonly watch: LeaderWatch;
  /** The tab that leads. It takes calls from its welcome on. */
  private leader: { readonly id: TabId; isWelcome: boolean } | undefined;
  private follower: Follower | undefined;
  /** The last batch whose events this tab has emitted while it led; undefined before that. */
  private ledUntil: number | undefined;
  private hasBegun = false;

  constructor(deps: FollowingTabDeps) {
    const { clock, lifecycle, calls, onHung } = deps;
    this.deps = deps;
    this.watch = new LeaderWatch({
      ...{ clock, lifecycle, onHung },
      isWaiting: () => calls.isWaiting || !this.hasBegun,
      ping: () => this.send({ type: 'ping' }),
    });
  }

  /** This tab has led until this batch. */
  led(until: number): void {
    this.ledUntil = until;
  }

  /** Begins to follow, or begins again. */
  start(): void {
    this.watch.start();
    this.sayHello();
  }

  /** This tab leads. @returns the last batch whose events it has emitted; undefined when it has emitted none */
  stop(stored: number): number | undefined {
    this.follower?.leaderChanged(stored);
    const last = this.lastBatch;
    this.follower = this.ledUntil = undefined;
    return last;
  }

  /** Waits for nothing from the tab that leads. */
  pause(): void {
    this.watch.stop();
    this.leader = undefined;
  }

  /** Another tab leads. @param stored the last batch that is in the database */
  leaderChanged(id: TabId, stored: number): void {
    this.follower?.leaderChanged(stored);
    this.leader = { id, isWelcome: false };
    this.deps.chronicle.write('leaderChanged');
    this.sayHello();
  }

  /** Asks whoever leads for a welcome. */
  sayHello(): void {
    const { links, mids } = this.deps;
    const tab = { lane: mids.lane, lastBatch: this.lastBatch };
    links.broadcast({ type: 'hello', from: links.id, protocol: TABS_PROTOCOL, tab });
  }

  /** Sends a call when the leading tab has welcomed this one; `follow` sends those of the time before, so that none overtakes. */
  call(call: SentCall): void {
    if (this.leader?.isWelcome) this.send({ type: 'call', call });
    this.watch.look();
  }

  send(message: FollowerMessage): void {
    if (this.leader) this.deps.links.send(this.leader.id, message);
  }

  handle(message: LeaderMessage, from: TabId): void {
    if (message.type === 'welcome') this.leader = { id: from, isWelcome: false };
    if (from !== this.leader?.id) return;
    this.watch.heard();
    if (message.type === 'welcome') this.follow(message, this.leader);
    else if (message.type === 'state') this.deps.view.view(unpackState(message.state));
    else this.follower?.handle(message);
  }

  /** Leaves, when the changes of this tab are stored, or after a while. */
  async close(): Promise<void> {
    const { calls, clock } = this.deps;
    if (this.leader?.isWelcome && calls.unstored.length > 0) {
      const late = createDeferred();
      const timer = clock.setTimeout(() => late.resolve(), CLOSE_MS);
      await Promise.race([calls.allStored(), late.promise]);
      clock.clearTimeout(timer);
    }
    this.end();
  }

  /** Leaves at once. */
  end(): void {
    this.follower?.close();
    this.send({ type: 'bye' });
    this.pause();
    this.watch.close();
  }

  private get lastBatch(): number | undefined {
    return this.follower?.lastBatch ?? this.ledUntil;
  }

  private follow(welcome: Extract<LeaderMessage, { type: 'welcome' }>, leader: { isWelcome: boolean }): void {
    const { calls, files, mids, view, onParts, chronicle, ...deps } = this.deps;
    mids.useLane(welcome.lane);
    const last = this.lastBatch ?? welcome.stored;
    const follower = new Follower({ ...deps, calls, welcome });
    this.follower = follower;
    void follower.begun.then(() => {
      if (this.follower !== follower) return;
      this.hasBegun = true;
      onParts(follower.parts, last < welcome.stored && !welcome.missed);
      follower.showUnstored();
      mids.startAfter(follower.parts.store.reader.lastMid());
      follower.emitMissed(last);
      for (const call of calls.unanswered) this.send({ type: 'call', call });
      leader.isWelcome = true;
      for (const [mid, file] of files.uploading) this.send({ type: 'file', mid, file });
      if (view.identity) this.send({ type: 'want', identity: view.identity, eager: false });
      chronicle.write('following');
    });
  }
}
