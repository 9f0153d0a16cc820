import type { Account } from '../account/account.ts';
import type { ClientEvents } from '../client-events.ts';
import { toGroupNotice, toRosterNotice } from '../sync/message-mapper.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import type { Emitter } from '../util/emitter.ts';
import { flatMap } from '../util/es2019.ts';
import type { Details, Stale } from './details.ts';
import { groupTold, rosterTold } from './notice-rules.ts';
import { tell } from './telling.ts';

/** Notices about friends and groups are told, and what is out of date is fetched, once for all of a page. */
export function tellNotices(
  events: readonly SyncEvent[],
  account: Account,
  emitter: Emitter<ClientEvents>,
  details: Details,
): void {
  const stale: Stale = { users: [], groups: [], members: new Map() };
  const told = flatMap(events, (event) => {
    if (event.type === 'group-notice') return groupTold(toGroupNotice(event.meta), account, stale);
    return event.type === 'roster-notice' ? rosterTold(toRosterNotice(event.meta), account, stale) : [];
  });
  for (const telling of told) tell(emitter, telling);
  details.refresh(account, stale);
}
