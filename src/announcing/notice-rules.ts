import type { GroupBan } from '../client-events.ts';
import type { GroupInfo } from '../model/group.ts';
import { idNumber, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { GroupNoticePayload, NoticeMeta, Xid } from '../model/notice.ts';
import type { RosterItem } from '../model/user.ts';
import { conversationKey } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import { parseJsonObject } from '../util/lossless-json.ts';
import { telling } from './telling.ts';
import type { Telling } from './telling.ts';

/** What follows from a notice beside the friend and group lists, which sync keeps. */
export interface NoticeOutcome {
  /** Told in this order, once what changes here is stored. */
  told: Telling[];
  /** The user is out: what was said up to this notice goes. */
  gone?: { conversation: ConversationKey; upTo: Id };
  /** Changed details. */
  user?: RosterItem;
  group?: GroupInfo;
  /** Whose details are to be fetched anew. */
  staleUser?: Id;
  staleGroup?: Id;
  /** Members who came or have another card, or who left. */
  members?: { group: Id; ids: readonly Id[]; left: boolean };
}

// Whose coming or going a notice tells: everybody's, that of `from`, or of those in `to`.
const ALL = 1;
const FROM = 2;
const TO = 4;
/** They are out. */
const GONE = 8;
/** The details of the group or user are out of date. */
const STALE = 16;
const LIST = 32;
const INFO = 64;

/** By type number: the event's name and what changes (api-surface 3.4). */
const GROUP = [
  [],
  ['Presence'],
  ['Absence'],
  ['Created', ALL],
  ['Destoryed', ALL | GONE],
  ['Joined', FROM],
  ['Leaved', FROM | GONE],
  ['Applyed'],
  ['ApplyAccepted', TO],
  ['ApplyDeclined'],
  ['Invited'],
  ['InvitedAccepted', FROM],
  ['InvitedDeclined'],
  ['Kicked', TO | GONE],
  ['Blocked', TO | GONE],
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
  const from = meta.payload.from.uid;
  const to = uids(meta.payload.to);
  const told: Telling[] = [];
  const outcome: NoticeOutcome = { told };
  let ids = what & FROM ? [from] : what & TO ? to : [];
  if (what & STALE) outcome.staleGroup = group;
  if (name === 'InfoUpdated') {
    const { property, ...fields } = parseJsonObject(content) ?? {};
    if (property === 'display_name') ids = [from];
    else {
      outcome.group = { ...fields, group_id: groupId };
      told.push(['onGroupListUpdate', undefined], ...bannedAll(outcome.group));
    }
  }
  if (what & ALL || (ids.includes(self) && name !== 'InfoUpdated')) {
    told.push(['onGroupListUpdate', name === 'Created' ? meta : undefined]);
    if (what & GONE) outcome.gone = { conversation: conversationKey('group', group), upTo: meta.id };
  } else if (ids.length > 0) {
    told.push(['onGroupMemberChanged', groupId]);
    outcome.members = { group, ids, left: (what & GONE) > 0 };
  }
  if (name === 'Invited') told.push(['onGroupNotice', meta]);
  const ban = { groupId, toUids: to.map(idNumber) };
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
  const { type, content } = meta.payload;
  const [name, what = 0] = ROSTER[type] ?? [];
  if (!name) return undefined;
  const from = meta.payload.from.uid;
  const to = uids(meta.payload.to);
  const peer = (from === self ? to[0] : from) ?? SYSTEM_ID;
  const told: Telling[] = [];
  const outcome: NoticeOutcome = { told };
  if (what & STALE) {
    outcome.staleUser = peer;
    told.push(['onRosterNotice', meta]);
  }
  if (what & INFO) {
    const info = name === 'InfoUpdated' ? parseJsonObject(content) : { mute_notification: name === 'Muted' };
    outcome.user = { ...info, user_id: idNumber(peer) };
    told.push(['onRosterInfoUpdate', [outcome.user.user_id]], ['onRosterListUpdate', undefined]);
  }
  if (name === 'Added') {
    if (to.length !== 1 || to[0] !== self) return undefined;
    told.push(['onRosterListUpdate', meta]);
  } else if (name === 'Removed') {
    // Being removed by the other side changes nothing.
    if (from !== self) return undefined;
    outcome.gone = { conversation: conversationKey('roster', peer), upTo: meta.id };
  }
  if (what & LIST) told.push(['onRosterListUpdate', undefined]);
  if (name !== 'InfoUpdated') told.push(telling(`onRoster${name}`, meta));
  return outcome;
}

const uids = (list: readonly Xid[]): Id[] => list.map(({ uid }) => uid);
