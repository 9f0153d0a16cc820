import type { Account } from '../account/account.ts';
import type { ClientEvents } from '../client-events.ts';
import { FlooError } from '../errors.ts';
import { idNumber } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import type { Emitter } from '../util/emitter.ts';

/** Names that are remembered. Whoever is named by more of them is asked for again. */
const MAX_ASKED = 10_000;

interface DetailsDeps {
  emitter: Emitter<ClientEvents>;
  /** A fetch failed. */
  onError(error: FlooError): void;
}

/** What is out of date; `members` by their group. */
export interface Stale {
  users: Id[];
  groups: Id[];
  members: Map<Id, Set<Id>>;
}

/** Fetches details of users and groups: those that events name and that are unknown, and those that are out of date. */
export class Details {
  private readonly deps: DetailsDeps;
  private account: Account | undefined;
  /** Names that were asked for since the account was last online, found or not. */
  private readonly asked = new Set<string>();
  /** Unknown ones that nobody has asked for yet. */
  private users: Id[] = [];
  private groups: Id[] = [];
  /** The account whose unknown ones are being fetched. */
  private fetching: Account | undefined;

  constructor(deps: DetailsDeps) {
    this.deps = deps;
  }

  /** Forgets what was not found: it may be there now. */
  forget(): void {
    this.asked.clear();
  }

  /** Fetches the unknown users and groups that the events of a page name. */
  fetchNamed(events: readonly SyncEvent[], account: Account): void {
    if (account !== this.account || this.asked.size > MAX_ASKED) this.forget();
    if (account !== this.account) this.users = this.groups = [];
    this.account = account;
    const users: Id[] = [];
    const groups: Id[] = [];
    for (const event of events) {
      if (event.type === 'message') {
        users.push(event.message.from);
        (event.message.toType === 'group' ? groups : users).push(event.message.to);
      } else if (event.type === 'roster-notice' || event.type === 'group-notice') {
        const { from, to } = event.meta.payload!;
        for (const xid of [from, ...to]) if (xid?.uid) users.push(xid.uid);
        if (event.type === 'group-notice') groups.push(event.meta.payload!.gid?.uid ?? '0');
      }
    }
    const { reader } = account.store;
    const unasked = (kind: string, ids: readonly Id[], isKnown: (id: Id) => boolean): Id[] =>
      ids.filter((id) => !isKnown(id) && !this.asked.has(kind + id) && this.asked.add(kind + id));
    this.users = this.users.concat(unasked('u', users, (id) => reader.user(id) !== undefined));
    this.groups = this.groups.concat(unasked('g', groups, (id) => reader.group(id) !== undefined));
    void this.fetchUnknown(account);
  }

  /** One request asks for all that were named during the one before it: the pages of a first login name a thousand. */
  private async fetchUnknown(account: Account): Promise<void> {
    if (this.fetching === account) return;
    this.fetching = account;
    while (account === this.account && this.users.length + this.groups.length > 0) {
      const { users, groups } = this;
      this.users = this.groups = [];
      await this.fetch(account, { users, groups, members: new Map() });
    }
    if (this.fetching === account) this.fetching = undefined;
  }

  /** Fetches these again, known or not. */
  refresh(account: Account, stale: Stale): void {
    void this.fetch(account, stale, true);
  }

  /** Never rejects. */
  private async fetch(account: Account, { users, groups, members }: Stale, refetch = false): Promise<void> {
    const { directory } = account;
    const fetches: Promise<void>[] = [];
    if (users.length > 0)
      fetches.push(this.emitAfter(account, directory.fetchUsers(users, refetch), 'onRosterListUpdate', undefined));
    if (groups.length > 0)
      fetches.push(this.emitAfter(account, directory.fetchGroups(groups, refetch), 'onGroupListUpdate', undefined));
    for (const [group, ids] of members) {
      if (ids.size === 0) continue;
      // Only the members of groups that were opened are kept.
      const fetched = account.members.refresh(group, [...ids]).then(() => account.members.of(group).length > 0);
      fetches.push(this.emitAfter(account, fetched, 'onGroupMemberChanged', idNumber(group)));
    }
    await Promise.all(fetches);
  }

  /** Emits an event after a fetch that found something. A fetch that fails is an error event and stops nothing else. */
  private async emitAfter<K extends keyof ClientEvents>(
    account: Account,
    fetched: Promise<boolean>,
    event: K,
    payload: ClientEvents[K],
  ): Promise<void> {
    const { emitter, onError } = this.deps;
    await fetched.then(
      (hasChanged) => hasChanged && account.isOpen && emitter.emit(event, payload),
      (error: unknown) => account.isOpen && onError(FlooError.from(error, 'ServerUnknownError')),
    );
  }
}
