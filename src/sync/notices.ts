import type { Id } from '../model/ids.ts';
import type { StoreDraft } from '../store/draft.ts';
import type { GroupNoticeMeta, Meta, RosterNoticeMeta } from '../wire/frame-types.ts';
import type { IXID } from '../wire/gen/codec.js';
import { GroupNoticeType as G, MetaNameSpace, RosterNoticeType as R } from '../wire/gen/enums.ts';
import type { SyncEvent } from './sync-events.ts';

/** Apply a notice to the friend and group lists (api-surface 3.4); the details of whom it names are fetched by the managers. */
export function applyNotice(draft: StoreDraft, meta: Meta, self: Id): SyncEvent[] {
  switch (meta.ns) {
    case MetaNameSpace.ROSTER_NOTICE:
      applyRosterNotice(draft, meta, self);
      return [{ type: 'roster-notice', meta }];
    case MetaNameSpace.GROUP_NOTICE:
      applyGroupNotice(draft, meta, self);
      return [{ type: 'group-notice', meta }];
    case MetaNameSpace.USER_NOTICE:
      return [{ type: 'user-notice', meta }];
    default:
      // INFO and PUSH have no effect here; RTC_SIGNAL waits for calls; anything else is newer than this client.
      return [];
  }
}

const uids = (list: readonly IXID[] | undefined): Id[] => (list ?? []).map(({ uid }) => uid ?? '0');

function applyRosterNotice(draft: StoreDraft, { payload }: RosterNoticeMeta, self: Id): void {
  const from = payload!.from?.uid ?? '0';
  const to = uids(payload!.to);
  switch (payload!.type) {
    case R.ADDED:
      if (to.length === 1 && to[0] === self) draft.addFriend(from);
      return;
    case R.ACCEPTED:
      if (from === self && to[0]) draft.addFriend(to[0]);
      else if (to.includes(self)) draft.addFriend(from);
      return;
    case R.REMOVED:
      if (from === self && to[0]) draft.removeFriend(to[0]);
      return;
    default:
      return;
  }
}

function applyGroupNotice(draft: StoreDraft, { payload }: GroupNoticeMeta, self: Id): void {
  const gid = payload!.gid?.uid ?? '0';
  const from = payload!.from?.uid ?? '0';
  const to = uids(payload!.to);
  switch (payload!.type) {
    case G.CREATED:
      draft.addGroup(gid);
      return;
    case G.JOINED:
    case G.INVITE_ACCEPTED:
      if (from === self) draft.addGroup(gid);
      return;
    case G.APPLY_ACCEPTED:
      if (from !== self && to.includes(self)) draft.addGroup(gid);
      return;
    case G.DESTROYED:
      draft.removeGroup(gid);
      return;
    case G.LEAVED:
      if (from === self) draft.removeGroup(gid);
      return;
    case G.KICKED:
    case G.BLOCKED:
      if (to.includes(self)) draft.removeGroup(gid);
      return;
    default:
      return;
  }
}
