import { databaseOf } from '../account/local-account.ts';
import type { LocalAccount } from '../account/local-account.ts';
import { TAKEN_OVER } from '../account/session-ends.ts';
import { FlooError } from '../errors.ts';
import type { ConnectionState } from '../session/connection-state.ts';
import type { Identity } from '../session/identity.ts';
import { createDeferred } from '../util/deferred.ts';
import { Election } from './election.ts';
import type { AccountParts } from './follower-parts.ts';
import { FollowingTab } from './following-tab.ts';
import { LeadingTab } from './leading-tab.ts';
import type { LeadingTabDeps } from './leading-tab.ts';
import { TABS_PROTOCOL } from './messages.ts';
import type { FollowerMessage, GroupMessage, LeaderMessage, TabId } from './messages.ts';
import { packError } from './packing.ts';
import { ReportLog } from './report-log.ts';
import { SentFiles } from './sent-files.ts';
import type { SocketOwner } from './shared-connection.ts';
import { TabCalls } from './tab-calls.ts';
import { TabLinks } from './tab-links.ts';

export type TabGroupDeps = LeadingTabDeps;

/** A tab among those in which the account of a user is open: it leads or follows, and that may change at any time. */
export class TabGroup implements SocketOwner {
  /** The files of messages that this tab has sent. */
  readonly files = new SentFiles(() => this.current?.store.reader);
  private readonly deps: TabGroupDeps;
  private readonly id: TabId;
  private readonly name: string;
  private readonly links: TabLinks;
  private readonly election: Election;
  private readonly calls: TabCalls;
  private readonly log = new ReportLog();
  private readonly following: FollowingTab;
  /** Set while this tab leads. */
  private leading: LeadingTab | undefined;
  private readonly ready = createDeferred();
  private readonly unsubscribe: () => void;
  /** Undefined until the account is open. */
  private current: AccountParts | undefined;
  private isOver = false;

  constructor(deps: TabGroupDeps) {
    const { tabs, lifecycle, random, mids, uid } = deps;
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
    this.calls = new TabCalls({ tab: id, mids, send: (call) => this.following.call(call) });
    const { links, calls, files, log } = this;
    this.following = new FollowingTab({
      ...{ ...deps, links, calls, files, log },
      onParts: (parts, hasMissed) => this.opened(parts, hasMissed),
      onHung: () => void this.election.seize(),
    });
    this.unsubscribe = lifecycle.subscribe((event) => {
      if (event === 'freeze') this.freeze();
      else if (event === 'resume' && !this.leading) void this.enter();
      else if (event === 'show' || event === 'online') this.following.send({ type: 'wake', cause: event });
    });
  }

  /** @throws FlooError DbOperationFailed when a newer release wrote the user's database */
  async open(): Promise<void> {
    await this.enter();
    await this.ready.promise;
  }

  /** The account as managers use it: with what this tab leads or follows. */
  get parts(): AccountParts {
    return this.current!;
  }

  want(identity: Identity, eager: boolean): void {
    // Before the data is open, `takeOver` does it.
    if (!this.leading) this.following.send({ type: 'want', identity, eager });
    else if (this.leading.isOpen) this.leading.session.want(this.id, identity, eager);
  }

  unwant(): void {
    if (this.leading) this.leading.session.unwant(this.id);
    else this.following.send({ type: 'unwant' });
  }

  end(cause: FlooError): void {
    if (this.leading) this.leading.session.end(cause);
    else this.following.send({ type: 'end', cause: packError(cause) });
  }

  /** The socket of this tab has another state. */
  socketChanged(state: ConnectionState, previous: ConnectionState): void {
    this.leading?.socketChanged(state, previous);
  }

  /** Nothing is stored or sent any more, because another client of this device has taken over. What is in memory stays readable. */
  giveUp(reason: FlooError): void {
    this.leading?.giveUp(reason);
    this.leading?.session.close();
    this.following.end();
    this.leave(reason);
  }

  /** Resolves when what this tab has changed is stored, if that does not take long. */
  async close(): Promise<void> {
    const { leading } = this;
    this.isOver = true;
    if (leading) await leading.close();
    else await this.following.close();
    this.leave(new FlooError('DbOperationFailed', 'the account was closed'));
  }

  private async enter(): Promise<void> {
    if (this.isOver) return;
    if (await this.election.enter()) await this.lead();
    else this.following.start();
  }

  /** This tab leads from now on. */
  private async lead(): Promise<void> {
    if (this.isOver) {
      this.election.leave();
      return;
    }
    this.following.pause();
    const { deps, links, name, calls, log } = this;
    const onDeposed = (): void => this.deposed(leading);
    const leading: LeadingTab = new LeadingTab({ ...deps, links, name, calls, log, onDeposed });
    this.leading = leading;
    try {
      const local = await leading.open();
      if (this.mayLead(leading)) this.takeOver(leading, local);
      else await local.close();
    } catch (error) {
      this.failed(leading, FlooError.from(error, 'DbOperationFailed'));
    }
  }

  /** Whether the tab has neither left nor lost the lead while its data was being opened. */
  private mayLead(leading: LeadingTab): boolean {
    return this.leading === leading && !this.isOver;
  }

  /** The data is open in this tab. */
  private takeOver(leading: LeadingTab, local: LocalAccount): void {
    const last = this.following.stop(leading.stored) ?? leading.stored;
    const parts = leading.takeOver(local, this.files.uploading);
    const missed = this.log.since(last, leading.stored);
    this.opened(parts, missed === undefined);
    for (const { reports } of missed ?? []) leading.emitMissed(reports);
  }

  /** The account has other parts. Apps read again what they show when they have missed something. */
  private opened(parts: AccountParts, hasMissed: boolean): void {
    const { account, listener } = this.deps;
    const isFirst = this.current === undefined;
    this.current = parts;
    this.ready.resolve();
    if (hasMissed && !isFirst)
      listener.onSync([{ type: 'list' }, { type: 'friends' }, { type: 'groups' }], account, true);
  }

  private failed(leading: LeadingTab, error: FlooError): void {
    if (this.leading !== leading) return;
    this.leading = undefined;
    if (this.current) this.deps.listener.onProblem(error);
    this.following.end();
    this.leave(error);
  }

  /** This tab leads no more, because another one does. It follows. */
  private deposed(leading = this.leading): void {
    if (!leading || this.leading !== leading || this.isOver) return;
    this.resign(leading);
    this.election.wait();
    this.following.start();
  }

  /** What this tab has not stored, the one that leads from now on gets itself. */
  private resign(leading: LeadingTab): void {
    this.leading = undefined;
    this.following.led(leading.stored);
    leading.resign().catch(() => undefined);
    this.election.resign();
  }

  /** Nothing runs in this tab from now on: another one leads. */
  private freeze(): void {
    if (this.isOver) return;
    this.following.send({ type: 'away' });
    this.following.pause();
    if (this.leading) this.resign(this.leading);
    else this.election.resign();
  }

  private leave(reason: FlooError): void {
    this.isOver = true;
    this.ready.reject(reason);
    this.calls.close(reason);
    this.unsubscribe();
    this.links.close();
    this.election.leave();
  }

  private handleGroup(message: GroupMessage): void {
    if (message.protocol !== TABS_PROTOCOL) return this.meetOtherVersion(message);
    if (message.type === 'hello') this.leading?.add(message.from, message.tab);
    else if (!this.leading) this.following.leaderChanged(message.from, message.stored);
  }

  /** The newer version leads; the tabs of the older one end their sessions. */
  private meetOtherVersion({ type, protocol }: GroupMessage): void {
    if (protocol > TABS_PROTOCOL) {
      const reason = new FlooError(TAKEN_OVER, 'a newer release is open in another tab: reload this one');
      this.deps.view.reject(reason);
      // Its account ends with its session. One that is being opened has none yet.
      if (!this.isOver) this.giveUp(reason);
    } else if (type === 'lead') this.following.sayHello();
    else if (this.leading?.isOpen) this.leading.broadcast();
  }

  private handleDirect(message: LeaderMessage | FollowerMessage, from: TabId): void {
    if (this.leading) this.leading.handle(message as FollowerMessage, from);
    else this.following.handle(message as LeaderMessage, from);
  }
}
