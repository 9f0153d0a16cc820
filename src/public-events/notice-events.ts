import type { Account } from '../account/account.ts';
import type { ClientEvents, GroupBan } from '../client-events.ts';
import type { GroupInfo } from '../model/group.ts';
import { idNumber } from '../model/ids.ts';
import type { GroupNoticePayload, NoticeMeta } from '../model/notice.ts';
import { changedInfo, groupMove, peerOf } from '../sync/notices.ts';
import type { Emitter } from '../util/emitter.ts';
import { GroupNoticeType as G, RosterNoticeType as R } from '../wire/enums.ts';
import type { EnumValue } from '../wire/enums.ts';
import type { Stale } from './details.ts';

type Emits = Pick<Emitter<ClientEvents>, 'emit'>;

/** The event of its own that each notice about a group emits. Apps of the deployed SDK bind the misspelt names. */
const GROUP_NOTICE_EVENTS = {
  [G.UNKNOWN]: undefined,
  [G.PRESENCE]: 'onGroupPresence',
  [G.ABSENCE]: 'onGroupAbsence',
  [G.CREATED]: 'onGroupCreated',
  [G.DESTROYED]: 'onGroupDestoryed', // deployed spelling
  [G.JOINED]: 'onGroupJoined',
  [G.LEAVED]: 'onGroupLeaved',
  [G.APPLYED]: 'onGroupApplyed',
  [G.APPLY_ACCEPTED]: 'onGroupApplyAccepted',
  [G.APPLY_DECLINED]: 'onGroupApplyDeclined',
  [G.INVITED]: 'onGroupInvited',
  [G.INVITE_ACCEPTED]: 'onGroupInvitedAccepted', // deployed spelling
  [G.INVITE_DECLINED]: 'onGroupInvitedDeclined', // deployed spelling
  [G.KICKED]: 'onGroupKicked',
  [G.BLOCKED]: 'onGroupBlocked',
  [G.UNBLOCKED]: 'onGroupUnblocked',
  [G.OWNER_ASSIGNED]: 'onGroupOwnerAssigned',
  [G.ADMIN_GRANTED]: 'onGroupAdminGranted',
  [G.ADMIN_REVOKED]: 'onGroupAdminRevoked',
  [G.MUTED]: 'onGroupMuted',
  [G.UNMUTED]: 'onGroupUnmuted',
  [G.BANNED]: 'onGroupBaned', // deployed spelling
  [G.UNBANNED]: 'onGroupUnbaned', // deployed spelling
  [G.INFO_UPDATED]: 'onGroupInfoUpdated',
  [G.ANNOUNCEMENT_UPDATED]: 'onGroupAnnouncementUpdated',
  [G.MESSAGE_SETTING]: 'onGroupMessageSetting',
  [G.FILE_UPLOADED]: 'onGroupFileUploaded',
  [G.FILE_DELETED]: 'onGroupFileDeleted',
  [G.FILE_UPDATED]: 'onGroupFileUpdated',
} as const satisfies Readonly<Record<EnumValue<typeof G>, keyof ClientEvents | undefined>>;

/** The event of its own that each notice about a friend emits. */
const ROSTER_NOTICE_EVENTS = {
  [R.UNKNOWN]: undefined,
  [R.ADDED]: 'onRosterAdded',
  [R.REMOVED]: 'onRosterRemoved',
  [R.ACCEPTED]: 'onRosterAccepted',
  [R.DECLINED]: 'onRosterDeclined',
  [R.BLOCKED]: 'onRosterBlocked',
  [R.UNBLOCKED]: 'onRosterUnblocked',
  [R.APPLIED]: 'onRosterApplied',
  [R.INFO_UPDATED]: undefined, // emits onRosterInfoUpdate, see CHANGES_FRIEND
  [R.MUTED]: 'onRosterMuted',
  [R.UNMUTED]: 'onRosterUnmuted',
} as const satisfies Readonly<Record<EnumValue<typeof R>, keyof ClientEvents | undefined>>;

/** Group notices after which the details of the group are out of date. */
const OUTDATES_GROUP: readonly number[] = [
  G.OWNER_ASSIGNED,
  G.MUTED,
  G.UNMUTED,
  G.ANNOUNCEMENT_UPDATED,
  G.MESSAGE_SETTING,
];

/** Roster notices after which the details of the user are out of date. They also emit `onRosterNotice`. */
const OUTDATES_USER: readonly number[] = [R.BLOCKED, R.UNBLOCKED];

/** Roster notices that change what is known of a friend. They emit `onRosterInfoUpdate` and `onRosterListUpdate`. */
const CHANGES_FRIEND: readonly number[] = [R.INFO_UPDATED, R.MUTED, R.UNMUTED];

/** Roster notices that change who the friends are. They emit `onRosterListUpdate`. */
const CHANGES_FRIENDS: readonly number[] = [R.REMOVED, R.ACCEPTED];

// A type that is not in a table is newer than this client.
const isGroupNotice = (type: number): type is keyof typeof GROUP_NOTICE_EVENTS => type in GROUP_NOTICE_EVENTS;
const isRosterNotice = (type: number): type is keyof typeof ROSTER_NOTICE_EVENTS => type in ROSTER_NOTICE_EVENTS;

/**
 * Emits a notice about a group; nothing for a type that is newer than this client.
 *
 * @param stale - gets the ids of details that the notice makes out of date
 */
export function emitGroupNotice(
  emitter: Emits,
  meta: NoticeMeta<GroupNoticePayload>,
  { uid, members }: Pick<Account, 'uid' | 'members'>,
  stale: Stale,
): void {
  const { type, content, from, to, gid } = meta.payload;
  const event = isGroupNotice(type) ? GROUP_NOTICE_EVENTS[type] : undefined;
  if (!event) return;
  const group = gid.uid;
  const groupId = idNumber(group);
  const { ids: moved, isOurs, isOut } = groupMove(meta.payload, uid);
  let changedMembers = moved;
  if (OUTDATES_GROUP.includes(type)) stale.groups.push(group);
  if (type === G.INFO_UPDATED) {
    const info = changedInfo(meta.payload);
    if (info) {
      emitter.emit('onGroupListUpdate', undefined);
      emitBanOfAll(emitter, info);
    } else changedMembers = [from.uid];
  }
  if (isOurs) emitter.emit('onGroupListUpdate', type === G.CREATED ? meta : undefined);
  else if (changedMembers.length > 0) {
    emitter.emit('onGroupMemberChanged', groupId);
    const outdated = stale.members.get(group) ?? new Set();
    stale.members.set(group, outdated);
    for (const id of changedMembers) {
      if (isOut) outdated.delete(id);
      else outdated.add(id);
    }
    if (isOut) members.remove(group, changedMembers);
  }
  if (type === G.INVITED) emitter.emit('onGroupNotice', meta);
  const ban: GroupBan = { groupId, toUids: to.map((xid) => idNumber(xid.uid)) };
  if (event === 'onGroupBaned') emitter.emit(event, { ...ban, content });
  else if (event === 'onGroupUnbaned') emitter.emit(event, ban);
  else emitter.emit(event, meta);
}

/** Emits that all members were banned or unbanned, if that is what changed. */
function emitBanOfAll(emitter: Emits, { group_id: groupId, ban_expire_time: until }: GroupInfo): void {
  if (until === undefined) return;
  const ban: GroupBan = { groupId, toUids: [], all: true };
  if (until) emitter.emit('onGroupBaned', { ...ban, content: until });
  else emitter.emit('onGroupUnbaned', ban);
}

/**
 * Emits a notice about a friend; nothing for a notice that concerns others, or of a type that is newer than this client.
 *
 * @param stale - gets the ids of details that the notice makes out of date
 */
export function emitRosterNotice(
  emitter: Emits,
  meta: NoticeMeta,
  { uid: self }: Pick<Account, 'uid'>,
  stale: Stale,
): void {
  const { type, from, to } = meta.payload;
  if (!isRosterNotice(type)) return;
  const isAddedElsewhere = type === R.ADDED && (to.length !== 1 || to[0]!.uid !== self);
  // Being removed by the other side changes nothing.
  const isRemovedElsewhere = type === R.REMOVED && from.uid !== self;
  if (isAddedElsewhere || isRemovedElsewhere) return;

  const peer = peerOf(meta.payload, self);
  if (OUTDATES_USER.includes(type)) {
    stale.users.push(peer);
    emitter.emit('onRosterNotice', meta);
  }
  if (CHANGES_FRIEND.includes(type)) {
    emitter.emit('onRosterInfoUpdate', [idNumber(peer)]);
    emitter.emit('onRosterListUpdate', undefined);
  }
  if (type === R.ADDED) emitter.emit('onRosterListUpdate', meta);
  if (CHANGES_FRIENDS.includes(type)) emitter.emit('onRosterListUpdate', undefined);
  const event = ROSTER_NOTICE_EVENTS[type];
  if (event) emitter.emit(event, meta);
}
