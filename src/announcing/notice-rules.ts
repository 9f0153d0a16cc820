import type { GroupBan } from '../client-events.ts';
import type { GroupInfo } from '../model/group.ts';
import { idNumber } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { GroupNoticePayload, NoticeMeta } from '../model/notice.ts';
import { changedInfo, groupMove, peerOf } from '../sync/notices.ts';
import { telling } from './telling.ts';
import type { Telling } from './telling.ts';

/** What follows from a notice beside what sync stored. */
export interface NoticeOutcome {
  /** Told in this order. */
  told: Telling[];
  /** Whose details are to be fetched anew. */
  staleUser?: Id;
  staleGroup?: Id;
  /** Members who came or have another card, or who left. */
  members?: { group: Id; ids: readonly Id[]; left: boolean };
}

/** The details of the group or user are out of date. */
const STALE = 1;
const LIST = 2;
const INFO = 4;

/** By type number: the event's name and what is out of date (api-surface 3.4). */
const GROUP = [
  [],
  ['Presence'],
  ['Absence'],
  ['Created'],
  ['Destoryed'],
  ['Joined'],
  ['Leaved'],
  ['Applyed'],
  ['ApplyAccepted'],
  ['ApplyDeclined'],
  ['Invited'],
  ['InvitedAccepted'],
  ['InvitedDeclined'],
  ['Kicked'],
  ['Blocked'],
  ['Unblocked'],
  ['OwnerAssigned', STALE],
  ['AdminGranted'],
  ['AdminRevoked'],
  ['Muted', STALE],
  ['Unmuted', STALE],
  ['Baned'],
  ['Unbaned'],
  ['InfoUpdated'],
  ['AnnouncementUpdated', STALE],
  ['MessageSetting', STALE],
  ['FileUploaded'],
  ['FileDeleted'],
  ['FileUpdated'],
] as const;

/** The same of friends: who is one, or what is known of one. */
const ROSTER = [
  [],
  ['Added'],
  ['Removed', LIST],
  ['Accepted', LIST],
  ['Declined'],
  ['Blocked', STALE],
  ['Unblocked', STALE],
  ['Applied'],
  ['InfoUpdated', INFO],
  ['Muted', INFO],
  ['Unmuted', INFO],
] as const;

/** @returns undefined for a type that is newer than this client. */
export function groupOutcome(meta: NoticeMeta<GroupNoticePayload>, self: Id): NoticeOutcome | undefined {
  const { type, content } = meta.payload;
  const [name, what = 0] = GROUP[type] ?? [];
  if (!name) return undefined;
  const group = meta.payload.gid.uid;
  const groupId = idNumber(group);
  const told: Telling[] = [];
  const outcome: NoticeOutcome = { told };
  const { ids: moved, isOurs, isOut } = groupMove(meta.payload, self);
  let ids = moved;
  if (what & STALE) outcome.staleGroup = group;
  if (name === 'InfoUpdated') {
    const info = changedInfo(meta.payload);
    if (info) told.push(['onGroupListUpdate', undefined], ...bannedAll(info));
    else ids = [meta.payload.from.uid];
  }
  if (isOurs) told.push(['onGroupListUpdate', name === 'Created' ? meta : undefined]);
  else if (ids.length > 0) {
    told.push(['onGroupMemberChanged', groupId]);
    outcome.members = { group, ids, left: isOut };
  }
  if (name === 'Invited') told.push(['onGroupNotice', meta]);
  const ban = { groupId, toUids: meta.payload.to.map(({ uid }) => idNumber(uid)) };
  if (name === 'Baned') told.push(['onGroupBaned', { ...ban, content }]);
  else if (name === 'Unbaned') told.push(['onGroupUnbaned', ban]);
  else told.push(telling(`onGroup${name}`, meta));
  return outcome;
}

/** The whole group was banned or unbanned, if that is what changed. */
function bannedAll({ group_id: groupId, ban_expire_time: until }: GroupInfo): Telling[] {
  if (until === undefined) return [];
  const ban: GroupBan = { groupId, toUids: [], all: true };
  return [until ? ['onGroupBaned', { ...ban, content: until }] : ['onGroupUnbaned', ban]];
}

/** @returns undefined for a type that is newer than this client, and for what concerns others. */
export function rosterOutcome(meta: NoticeMeta, self: Id): NoticeOutcome | undefined {
  const { type, from, to } = meta.payload;
  const [name, what = 0] = ROSTER[type] ?? [];
  if (!name) return undefined;
  const peer = peerOf(meta.payload, self);
  const told: Telling[] = [];
  const outcome: NoticeOutcome = { told };
  if (what & STALE) {
    outcome.staleUser = peer;
    told.push(['onRosterNotice', meta]);
  }
  if (what & INFO) told.push(['onRosterInfoUpdate', [idNumber(peer)]], ['onRosterListUpdate', undefined]);
  if (name === 'Added') {
    if (to.length !== 1 || to[0]!.uid !== self) return undefined;
    told.push(['onRosterListUpdate', meta]);
  } else if (name === 'Removed' && from.uid !== self) {
    // Being removed by the other side changes nothing.
    return undefined;
  }
  if (what & LIST) told.push(['onRosterListUpdate', undefined]);
  if (name !== 'InfoUpdated') told.push(telling(`onRoster${name}`, meta));
  return outcome;
}
