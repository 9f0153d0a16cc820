import type { Account } from '../account/account.ts';
import type { ClientEvents } from '../client-events.ts';
import type { Id } from '../model/ids.ts';
import { toGroupNotice, toRosterNotice } from '../sync/notice-meta.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import type { Emitter } from '../util/emitter.ts';
import type { Details } from './details.ts';
import { groupOutcome, rosterOutcome } from './notice-rules.ts';
import type { NoticeOutcome } from './notice-rules.ts';
import { tell } from './telling.ts';

/** Notices about friends and groups are told, and what is out of date is fetched, once for all of a page. */
export function tellNotices(
  events: readonly SyncEvent[],
  account: Account,
  emitter: Emitter<ClientEvents>,
  details: Details,
): void {
  const outcomes = events.flatMap((event) => outcomeOf(event, account.uid) ?? []);
  const members = moveMembers(outcomes, account);
  for (const { told } of outcomes) for (const telling of told) tell(emitter, telling);
  const users = outcomes.flatMap(({ staleUser }) => staleUser ?? []);
  const groups = outcomes.flatMap(({ staleGroup }) => staleGroup ?? []);
  details.refresh(account, { users, groups, members });
}

/** Those who left are members no more. @returns whom to ask the server about, by group. */
function moveMembers(outcomes: readonly NoticeOutcome[], { members }: Account): Map<Id, Set<Id>> {
  const changed = new Map<Id, Set<Id>>();
  for (const { members: moved } of outcomes) {
    if (!moved) continue;
    const { group, ids, left } = moved;
    const asked = changed.get(group) ?? new Set();
    changed.set(group, asked);
    for (const id of ids) asked[left ? 'delete' : 'add'](id);
    if (left) members.remove(group, ids);
  }
  return changed;
}

function outcomeOf(event: SyncEvent, self: Id): NoticeOutcome | undefined {
  if (event.type === 'group-notice') return groupOutcome(toGroupNotice(event.meta), self);
  return event.type === 'roster-notice' ? rosterOutcome(toRosterNotice(event.meta), self) : undefined;
}
