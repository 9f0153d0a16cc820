import { databaseOf } from '../account/local-account.ts';
import type { LocalAccount } from '../account/local-account.ts';
import { TAKEN_OVER } from '../account/session-ends.ts';
import { FlooError } from '../errors.ts';
import type { ConnectionState } from '../session/connection-state.ts';
import type { Identity } from '../session/identity.ts';
import { createDeferred } from '../util/deferred.ts';
import type { SentCall } from './calls.ts';
import { Election } from './election.ts';
import { Follower } from './follower.ts';
import type { AccountParts } from './follower-parts.ts';
import { LeaderWatch } from './leader-watch.ts';
import { LeadingTab } from './leading-tab.ts';
import type { LeadingTabDeps } from './leading-tab.ts';
import { TABS_PROTOCOL } from './messages.ts';
import type { FollowerMessage, GroupMessage, LeaderMessage, TabId } from './messages.ts';
import { packError, unpackState } from './packing.ts';
import { ReportLog } from './report-log.ts';
import { SentFiles } from './sent-files.ts';
import type { SocketOwner } from './shared-connection.ts';
import { TabCalls } from './tab-calls.ts';
import { TabLinks } from './tab-links.ts';

export type TabGroupDeps = LeadingTabDeps;

/** A tab among those in which the account of a user is open: it leads or follows, and that may change at any time. */
export class TabGroup implements SocketOwner {
  private readonly deps: TabGroupDeps;
  private readonly id: TabId;
  private readonly name: string;
  private readonly links: TabLinks;
  private readonly election: Election;
  private readonly watch: LeaderWatch;
  private readonly calls: TabCalls;
  /** The files of messages that this tab has sent. */
  readonly files = new SentFiles(() => this.current?.store.reader);
  private readonly ready = createDeferred();
  private readonly unsubscribe: () => void;
  /** Undefined until the account is open. */
  private current: AccountParts | undefined;
  private leading: LeadingTab | undefined;
  /** The tab that leads, when this one follows. */
  private leaderId: TabId | undefined;
  private follower: Follower | undefined;
  private readonly log = new ReportLog();
  /** The last batch whose events this tab has emitted; undefined before its first. */
  private lastBatch: number | undefined;
  /** Batches were stored that this tab did not get. */
  private hasMissed = false;
  private isOver = false;

  constructor(deps: TabGroupDeps) {
    const { tabs, clock, lifecycle, random, mids, uid } = deps;
    this.deps = deps;
    const id = (this.id = String(random()).slice('0.'.length));
    this.ready.promise.catch(() => undefined);
    const name = (this.name = databaseOf(deps.appId, uid));
    this.links = new TabLinks({
      ...{ tabs, name, id },
      listener: {
        onGroup: (message) => this.handleGroup(message),
        onDirect: (message, from) => this.handleDirect(message, from),
      },
    });
    this.election = new Election({
      ...{ tabs, name, id },
      onElected: () => void this.lead(),
      onDeposed: () => this.deposed(),
    });
    this.calls = new TabCalls({ tab: id, mids, send: (call) => this.send(call) });
    this.watch = new LeaderWatch({
      ...{ clock, lifecycle },
      isWaiting: () => this.calls.isWaiting || !this.current,
      ping: () => this.toLeader({ type: 'ping' }),
      onHung: () => void this.election.seize(),
    });
    this.unsubscribe = lifecycle.subscribe((event) => {
      if (event === 'freeze') this.freeze();
      else if (event === 'resume' && !this.leading && !this.isOver) void this.enter();
      else if (event === 'show' || event === 'online') this.toLeader({ type: 'wake', cause: event });
    });
  }

  /** @throws FlooError DbOperationFailed when a newer release wrote the user's database */
  async open(): Promise<void> {
    await this.enter();
    await this.ready.promise;
  }

  /** The account as managers use it. */
  get parts(): AccountParts {
    return this.current!;
  }

  want(identity: Identity, eager: boolean): void {
    // Before the data is open, `takeOver` does it.
    if (!this.leading) this.toLeader({ type: 'want', identity, eager });
    else if (this.leading.isOpen) this.leading.session.want(this.id, identity, eager);
  }

  unwant(): void {
    if (this.leading) this.leading.session.unwant(this.id);
    else this.toLeader({ type: 'unwant' });
  }

  end(cause: FlooError): void {
    if (this.leading) this.leading.session.end(cause);
    else this.toLeader({ type: 'end', cause: packError(cause) });
  }

  /** The socket of this tab has another state. */
  socketChanged(state: ConnectionState, previous: ConnectionState): void {
    this.leading?.socketChanged(state, previous);
  }

  /** Nothing is stored or sent any more, because another client of this device has taken over. What is in memory stays readable. */
  giveUp(reason: FlooError): void {
    this.leading?.giveUp(reason);
    this.leave(reason);
    this.links.close();
    this.election.leave();
  }

  async close(): Promise<void> {
    const { leading } = this;
    this.leave(new FlooError('DbOperationFailed', 'the account was closed'));
    await leading?.close();
    this.links.close();
    this.election.leave();
  }

  private async enter(): Promise<void> {
    if (await this.election.enter()) return this.lead();
    this.watch.start();
    this.sayHello();
  }

  private sayHello(): void {
    if (this.isOver) return;
    const tab = { lane: this.deps.mids.lane, lastBatch: this.follower?.lastBatch ?? this.lastBatch };
    this.links.broadcast({ type: 'hello', from: this.id, protocol: TABS_PROTOCOL, tab });
  }

  /** This tab leads from now on. */
  private async lead(): Promise<void> {
    if (this.isOver) {
      this.election.leave();
      return;
    }
    this.watch.stop();
    this.leaderId = undefined;
    const { deps, links, name, calls, log } = this;
    const onDeposed = (): void => this.deposed(leading);
    const leading: LeadingTab = new LeadingTab({ ...deps, links, name, calls, log, onDeposed });
    this.leading = leading;
    try {
      const local = await leading.open();
      if (this.leading === leading) this.takeOver(leading, local);
      else await local.close();
    } catch (error) {
      this.failed(leading, FlooError.from(error, 'DbOperationFailed'));
    }
  }

  /** The data is open in this tab. */
  private takeOver(leading: LeadingTab, local: LocalAccount): void {
    const { follower } = this;
    this.hasMissed = follower?.leaderChanged(leading.stored) ?? false;
    this.follower = undefined;
    this.current = leading.takeOver(local, this.files.uploading);
    this.opened();
  }

  /** What this tab shows is complete. */
  private opened(): void {
    this.ready.resolve();
    if (!this.hasMissed) return;
    this.hasMissed = false;
    const { account, listener } = this.deps;
    listener.onSync([{ type: 'list' }, { type: 'friends' }, { type: 'groups' }], account, true);
  }

  private failed(leading: LeadingTab, error: FlooError): void {
    if (this.leading !== leading) return;
    this.leading = undefined;
    if (this.current) this.deps.listener.onProblem(error);
    this.leave(error);
    this.links.close();
    this.election.leave();
  }

  /** This tab leads no more, because another one does. It follows. */
  private deposed(leading = this.leading): void {
    if (!leading || this.leading !== leading || this.isOver) return;
    this.resignLead();
    this.election.resign();
    this.election.wait();
    this.watch.start();
    this.sayHello();
  }

  /** What it had not stored, the tab that leads from now on gets itself. */
  private resignLead(): void {
    const { leading } = this;
    this.leading = undefined;
    this.lastBatch = leading?.stored;
    leading?.resign().catch(() => undefined);
  }

  /** Nothing runs in this tab from now on: another one leads. */
  private freeze(): void {
    if (this.isOver) return;
    this.toLeader({ type: 'away' });
    this.watch.stop();
    if (this.leading) this.resignLead();
    this.election.resign();
  }

  private leave(reason: FlooError): void {
    if (this.isOver) return;
    this.toLeader({ type: 'bye' });
    this.isOver = true;
    this.ready.reject(reason);
    this.calls.close(reason);
    this.watch.close();
    this.unsubscribe();
    this.leading?.session.close();
  }

  private send(call: SentCall): void {
    // The calls that were made before it has begun, `follow` sends.
    if (this.follower && this.current === this.follower.parts) this.toLeader({ type: 'call', call });
    this.watch.look();
  }

  private toLeader(message: FollowerMessage): void {
    if (this.leaderId !== undefined && !this.isOver) this.links.send(this.leaderId, message);
  }

  private handleGroup(message: GroupMessage): void {
    if (message.protocol !== TABS_PROTOCOL) return this.meetOtherVersion(message);
    if (message.type === 'hello') {
      this.leading?.add(message.from, message.tab);
      return;
    }
    if (this.leading) return;
    this.hasMissed = this.follower?.leaderChanged(message.stored) ?? this.hasMissed;
    this.leaderId = message.from;
    this.sayHello();
  }

  /** The newer version leads; the tabs of the older one end their sessions. */
  private meetOtherVersion({ type, protocol }: GroupMessage): void {
    if (protocol > TABS_PROTOCOL)
      this.deps.view.reject(new FlooError(TAKEN_OVER, 'a newer release is open in another tab: reload this one'));
    else if (type === 'lead') this.sayHello();
    else if (this.leading?.isOpen) this.leading.broadcast();
  }

  private handleDirect(message: LeaderMessage | FollowerMessage, from: TabId): void {
    if (this.leading) this.leading.handle(message as FollowerMessage, from);
    else this.handleLeader(message as LeaderMessage, from);
  }

  private handleLeader(message: LeaderMessage, from: TabId): void {
    if (message.type === 'welcome') this.leaderId = from;
    if (from !== this.leaderId) return;
    this.watch.heard();
    if (message.type === 'welcome') this.follow(message);
    else if (message.type === 'state') this.deps.view.view(unpackState(message.state));
    else this.follower?.handle(message);
  }

  private follow(welcome: Extract<LeaderMessage, { type: 'welcome' }>): void {
    const { calls, deps } = this;
    const { uid, clock, maxMessageBytes, listener, account, mids, view } = deps;
    mids.useLane(welcome.lane);
    const last = this.follower?.lastBatch ?? this.lastBatch ?? welcome.stored;
    if (last < welcome.stored && !welcome.missed) this.hasMissed = true;
    const follower = new Follower({
      ...{ uid, clock, calls, maxMessageBytes, listener, account, welcome },
      log: this.log,
    });
    this.follower = follower;
    void follower.begun.then(() => {
      if (this.follower !== follower) return;
      this.current = follower.parts;
      follower.showUnstored();
      mids.startAfter(follower.parts.store.reader.lastMid());
      follower.emitMissed(last);
      for (const call of calls.unanswered) this.toLeader({ type: 'call', call });
      for (const [mid, file] of this.files.uploading) this.toLeader({ type: 'file', mid, file });
      if (view.identity) this.toLeader({ type: 'want', identity: view.identity, eager: false });
      this.opened();
    });
  }
}
