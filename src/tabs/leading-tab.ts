import type { Account } from '../account/account.ts';
import { openLocalAccount } from '../account/local-account.ts';
import type { LocalAccount, LocalAccountDeps } from '../account/local-account.ts';
import { TAKEN_OVER } from '../account/session-ends.ts';
import { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { FileBody, Tabs } from '../platform/ports.ts';
import type { ConnectionState } from '../session/connection-state.ts';
import { isTooBig } from '../session/socket-errors.ts';
import { createClaimedKvProvider } from '../store/claimed-kv.ts';
import type { ClaimedKvProvider } from '../store/claimed-kv.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import type { SentCall } from './calls.ts';
import { presenceLock } from './election.ts';
import type { AccountParts } from './follower-parts.ts';
import { Leader } from './leader.ts';
import { isOfOtherWriter, sharingListener } from './leader-news.ts';
import { TABS_PROTOCOL } from './messages.ts';
import type { FollowerMessage, PackedReport, TabId, TabState } from './messages.ts';
import { notedStore, ownChanges } from './own-changes.ts';
import { packState, unpackError, unpackEvents } from './packing.ts';
import type { ReportLog } from './report-log.ts';
import type { SharedConnection } from './shared-connection.ts';
import { SharedSession } from './shared-session.ts';
import type { TabCalls } from './tab-calls.ts';
import type { TabLinks } from './tab-links.ts';

export interface LeadingTabDeps extends Omit<LocalAccountDeps, 'follower'> {
  uid: Id;
  tabs: Tabs;
  /** The connection as this tab sees it. */
  view: SharedConnection;
  /** The account as listeners see it, whichever tab leads. */
  account: Account;
}

interface LeadingTabSetup extends LeadingTabDeps {
  links: TabLinks;
  calls: TabCalls;
  log: ReportLog;
  /** Name of the group. */
  name: string;
  /** Another tab has taken the database. */
  onDeposed(): void;
}

/** What a tab has while it leads: the data, the socket, and those who follow. */
export class LeadingTab {
  readonly session: SharedSession;
  private readonly deps: LeadingTabSetup;
  private readonly id: TabId;
  private readonly kv: ClaimedKvProvider;
  private readonly leader: Leader;
  /** Undefined until the data is open. */
  private local: LocalAccount | undefined;
  /** Another tab leads: what becomes of what was being done, it says. */
  private hasResigned = false;

  constructor(deps: LeadingTabSetup) {
    const { tabs, links, clock, random, mids, view, connection, name, log } = deps;
    this.deps = deps;
    const id = (this.id = links.id);
    // A tab that leads again is another writer: the one that it was writes no more.
    this.kv = createClaimedKvProvider(deps.kv, `${id}/${random()}`);
    const leader = (this.leader = new Leader({
      ...{ tabs, links, clock, random, mids, log },
      presenceOf: (tab) => presenceLock(name, tab),
      onGone: (tab) => this.session.unwant(tab),
    }));
    this.session = new SharedSession({
      connection,
      show: (tab, state) => {
        if (tab === id) view.view(state);
        else leader.send(tab, { type: 'state', state: packState(state) });
      },
    });
  }

  /** @throws FlooError DbOperationFailed when a newer release wrote the user's database */
  async open(): Promise<LocalAccount> {
    const { leader, deps, kv } = this;
    const { listener, account, onDeposed } = deps;
    const shared = sharingListener({
      ...{ listener, account, onDeposed },
      isOwn: (event) => !this.hasResigned || leader.batches.wasVisible(event),
      shareNews: (news) => leader.shareNews(news),
    });
    return openLocalAccount(deps.uid, { ...deps, dataKv: kv, listener: shared, follower: leader.batches });
  }

  /** The number of the last batch in the database. */
  get stored(): number {
    return this.leader.batches.stored;
  }

  get isOpen(): boolean {
    return this.local !== undefined;
  }

  /**
   * Goes on from where the tab was that led before.
   *
   * @param files of messages of this tab: the one before may have had them only
   * @returns the account as managers use it
   */
  takeOver(local: LocalAccount, files: readonly (readonly [Id, FileBody])[]): AccountParts {
    const { calls } = this.deps;
    this.local = local;
    this.leader.batches.logLast();
    this.deps.chronicle.write('leading');
    this.broadcast();
    this.leader.open(local);
    for (const [mid, file] of files) local.files.provide(mid, file);
    const emitted = new Map(calls.unstored.map((change) => [change.sent.number, change.emitted]));
    for (const call of calls.unanswered) this.carryOut(call, emitted.get(call.number) ?? []);
    const { identity } = this.deps.view;
    if (identity) this.session.want(this.id, identity, false);
    return this.partsOf(local);
  }

  /** The changes of this tab are calls, too: when another tab takes over in between, it carries them out. */
  private partsOf(local: LocalAccount): AccountParts {
    const { calls } = this.deps;
    const isOver = (): boolean => this.hasResigned;
    const { send, ...changes } = ownChanges({
      ...{ calls, store: local.store },
      make: (call) =>
        local.sync.commandsOf({ call, emitted: [], mids: calls.mids, store: notedStore(local.store, calls, isOver) }),
      sendFile: (file, by, key, message) => local.files.send(key, message, file, by),
    });
    const { store, device, sync, directory, files, resend, discard, explain, settled } = local;
    return {
      ...{ store, device, directory, resend, discard, explain, settled },
      files: { send, percentOf: (mid) => files.percentOf(mid) },
      sync: {
        ...changes,
        cold: sync.cold,
        sendTyping: (to, status) => sync.sendTyping(to, status),
        serverNow: () => sync.serverNow(),
        sendSignal: async (signal) => sync.sendSignal(signal),
        hurry: (mid) => sync.hurry(mid),
        requestHistory: (queue, before, amount) => sync.requestHistory(queue, before, amount),
        loadHistory: async (queue, before, amount) => sync.loadHistory(queue, before, amount),
      },
    };
  }

  /** Emits the events of a batch that this tab did not get from the one before. */
  emitMissed(reports: readonly PackedReport[]): void {
    const { calls, listener, account } = this.deps;
    for (const { call, events } of reports) {
      const own = calls.named(call);
      if (own) own.stored(unpackEvents(events));
      else listener.onSync(unpackEvents(events), account, true);
    }
  }

  /** Says to all tabs that this one leads. */
  broadcast(): void {
    this.deps.links.broadcast({ type: 'lead', from: this.id, protocol: TABS_PROTOCOL, stored: this.stored });
  }

  /** A tab wants to follow. */
  add(tab: TabId, state: TabState): void {
    this.leader.add(tab, state);
  }

  /** The socket has another state. */
  socketChanged(state: ConnectionState, previous: ConnectionState): void {
    const { local, session } = this;
    if (!local) return;
    if (previous.name === 'online' && state.name !== 'online') local.offline(isTooBig(state));
    if (state.name === 'online' && previous.name !== 'online') local.online();
    const isTakenOver = state.name === 'rejected' && state.cause.reason === TAKEN_OVER;
    // A tab that stood still may be the one that was taken over from: by another tab, which leads now.
    if (state.name === 'connecting' || isTakenOver) void this.mustBeWriter(isTakenOver ? state : undefined);
    if (!isTakenOver) session.changed(state);
  }

  handle(message: FollowerMessage, from: TabId): void {
    const { leader, session, local, deps } = this;
    switch (message.type) {
      case 'ping':
        return deps.links.send(from, { type: 'pong' });
      case 'away':
        return leader.away(from);
      case 'bye':
        leader.remove(from);
        return session.unwant(from);
      case 'call':
        if (local) void leader.answer(from, message.call);
        return;
      case 'want':
        if (local) session.want(from, message.identity, message.eager);
        return;
      case 'unwant':
        return session.unwant(from);
      case 'end':
        return session.end(unpackError(message.cause));
      case 'file':
        return local?.files.provide(message.mid, message.file);
      case 'wake':
        return deps.connection.wake(message.cause);
      default:
        return message satisfies never;
    }
  }

  giveUp(reason: FlooError): void {
    this.local?.giveUp(reason);
  }

  /** Leads no more. What is under way is stored, and the others get it. */
  async close(): Promise<void> {
    this.session.close();
    await this.local?.close();
    this.leader.close();
  }

  /** Another tab leads from now on. */
  async resign(): Promise<void> {
    this.hasResigned = true;
    this.leader.batches.close();
    this.leader.close();
    this.session.close();
    await this.local?.close();
  }

  private carryOut(call: SentCall, emitted: readonly SyncEvent[]): void {
    const { calls } = this.deps;
    this.leader.carryOut(this.id, call, emitted).then(
      (value) => calls.replied(call.number, value),
      (error: unknown) => {
        if (!this.hasResigned && !isOfOtherWriter(error))
          calls.failed(call.number, FlooError.from(error, 'DbOperationFailed'));
      },
    );
  }

  private async mustBeWriter(rejection: ConnectionState | undefined): Promise<void> {
    const isWriter = await this.kv.isWriter();
    if (!isWriter) this.deps.onDeposed();
    else if (rejection) this.session.changed(rejection);
  }
}
