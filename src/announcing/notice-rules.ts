import type { Account } from '../account/account.ts';
import type { GroupBan } from '../client-events.ts';
import type { GroupInfo } from '../model/group.ts';
import { idNumber } from '../model/ids.ts';
import type { GroupNoticePayload, NoticeMeta } from '../model/notice.ts';
import { enumName } from '../model/static-vars.ts';
import { changedInfo, groupMove, peerOf } from '../sync/notices.ts';
import { GroupNoticeType as G, RosterNoticeType as R } from '../wire/enums.ts';
import type { Stale } from './details.ts';
import { telling } from './telling.ts';
import type { Telling } from './telling.ts';

/** After these the details of the group are out of date. */
const STALE_GROUP: readonly number[] = [
  G.OWNER_ASSIGNED,
  G.MUTED,
  G.UNMUTED,
  G.ANNOUNCEMENT_UPDATED,
  G.MESSAGE_SETTING,
];

/** After these those of the user are, who one's friends are is told anew, what is known of the user is. */
const STALE_USER: readonly number[] = [R.BLOCKED, R.UNBLOCKED];
const FRIENDS: readonly number[] = [R.REMOVED, R.ACCEPTED];
const INFO: readonly number[] = [R.INFO_UPDATED, R.MUTED, R.UNMUTED];

/** What the deployed names of events spell otherwise than the protocol. */
const DEPLOYED: Readonly<Record<string, string>> = {
  Destroyed: 'Destoryed',
  InviteAccepted: 'InvitedAccepted',
  InviteDeclined: 'InvitedDeclined',
};

/**
 * The name of an event but for `onGroup` or `onRoster` (api-surface 3.4): `ApplyAccepted` for `APPLY_ACCEPTED`.
 * @returns undefined for a type that is newer than this client.
 */
function eventOf(table: 'GROUPNOTICE_TYPE' | 'ROSTERNONTICE_TYPE', type: number): string | undefined {
  if (type === 0) return undefined;
  const name = enumName(table, type)
    ?.toLowerCase()
    .replace(/(?:^|_)./g, (start) => start.slice(-1).toUpperCase());
  return name && (DEPLOYED[name] ?? name);
}

/** @returns what is told, in this order: nothing of a type that is newer than this client. @param stale gets what is out of date. */
export function groupTold(
  meta: NoticeMeta<GroupNoticePayload>,
  { uid, members }: Pick<Account, 'uid' | 'members'>,
  stale: Stale,
): Telling[] {
  const { type, content } = meta.payload;
  const name = eventOf('GROUPNOTICE_TYPE', type);
  if (!name) return [];
  const group = meta.payload.gid.uid;
  const groupId = idNumber(group);
  const told: Telling[] = [];
  const { ids: moved, isOurs, isOut } = groupMove(meta.payload, uid);
  let ids = moved;
  if (STALE_GROUP.includes(type)) stale.groups.push(group);
  if (type === G.INFO_UPDATED) {
    const info = changedInfo(meta.payload);
    if (info) told.push(['onGroupListUpdate', undefined], ...bannedAll(info));
    else ids = [meta.payload.from.uid];
  }
  if (isOurs) told.push(['onGroupListUpdate', type === G.CREATED ? meta : undefined]);
  else if (ids.length > 0) {
    told.push(['onGroupMemberChanged', groupId]);
    const asked = stale.members.get(group) ?? new Set();
    stale.members.set(group, asked);
    for (const id of ids) asked[isOut ? 'delete' : 'add'](id);
    if (isOut) members.remove(group, ids);
  }
  if (type === G.INVITED) told.push(['onGroupNotice', meta]);
  const ban = { groupId, toUids: meta.payload.to.map(({ uid }) => idNumber(uid)) };
  if (type === G.BANNED) told.push(['onGroupBaned', { ...ban, content }]);
  else if (type === G.UNBANNED) told.push(['onGroupUnbaned', ban]);
  else told.push(telling(`onGroup${name}` as 'onGroupJoined', meta));
  return told;
}

/** The whole group was banned or unbanned, if that is what changed. */
function bannedAll({ group_id: groupId, ban_expire_time: until }: GroupInfo): Telling[] {
  if (until === undefined) return [];
  const ban: GroupBan = { groupId, toUids: [], all: true };
  return [until ? ['onGroupBaned', { ...ban, content: until }] : ['onGroupUnbaned', ban]];
}

/** The same of a notice about a friend; nothing of what concerns others. */
export function rosterTold(meta: NoticeMeta, { uid: self }: Pick<Account, 'uid'>, stale: Stale): Telling[] {
  const { type, from, to } = meta.payload;
  const name = eventOf('ROSTERNONTICE_TYPE', type);
  if (!name) return [];
  const peer = peerOf(meta.payload, self);
  const told: Telling[] = [];
  if (STALE_USER.includes(type)) {
    stale.users.push(peer);
    told.push(['onRosterNotice', meta]);
  }
  if (INFO.includes(type)) told.push(['onRosterInfoUpdate', [idNumber(peer)]], ['onRosterListUpdate', undefined]);
  if (type === R.ADDED) {
    if (to.length !== 1 || to[0]!.uid !== self) return [];
    told.push(['onRosterListUpdate', meta]);
  } else if (type === R.REMOVED && from.uid !== self) {
    // Being removed by the other side changes nothing.
    return [];
  }
  if (FRIENDS.includes(type)) told.push(['onRosterListUpdate', undefined]);
  if (type !== R.INFO_UPDATED) told.push(telling(`onRoster${name}` as 'onRosterAdded', meta));
  return told;
}
