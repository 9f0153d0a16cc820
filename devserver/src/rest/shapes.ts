import type { Group, JoinRequest, Member } from '../model/groups.ts';
import { FOREVER, isRunning } from '../model/groups.ts';
import type { AppData } from '../model/app-data.ts';
import type { User } from '../model/users.ts';

/** The JSON shapes of REST answers. Undefined fields are absent from the JSON. */

export function userSettings({ id, settings }: User): object {
  return { user_id: id, ...settings };
}

export function userProfile({ id, username, profile }: User): object {
  return { user_id: id, username, ...profile };
}

export function supportStaff({ id, username, profile, staff }: User): object {
  return { user_id: id, username, nick_name: profile.nick_name, avatar: profile.avatar, source: staff };
}

/** A user as another user sees it: profile, relation, and the viewer's notes. */
export function rosterItem(app: AppData, viewerId: number, user: User): object {
  const { nick_name, avatar, description, public_info } = user.profile;
  const { auth_mode, auth_question } = user.settings;
  const relation = app.roster.relation(viewerId, user.id);
  const entry = app.roster.entry(viewerId, user.id);
  return {
    user_id: user.id,
    username: user.username,
    nick_name,
    avatar,
    description,
    public_info,
    auth_mode,
    auth_question,
    relation,
    ...entry,
  };
}

/** Info and settings of a group, with the viewer's own if it is a member. */
export function groupInfo(group: Group, viewerId: number): object {
  return {
    group_id: group.id,
    ...group.info,
    ...group.settings,
    owner_id: group.ownerId,
    type: group.type,
    status: group.status,
    count: group.members.size,
    capacity: group.capacity,
    created_at: group.createdAt,
    updated_at: group.updatedAt,
    ban_expire_time: group.banExpireTime,
    msg_mute_mode: group.members.get(viewerId)?.msgMuteMode ?? 0,
    msg_push_mode: group.members.get(viewerId)?.msgPushMode ?? 0,
  };
}

export function groupBrief(group: Group, viewerId: number): object {
  return {
    group_id: group.id,
    name: group.info.name,
    avatar: group.info.avatar,
    type: group.type,
    status: group.status,
    owner: group.ownerId,
    count: group.members.size,
    capacity: group.capacity,
    apply_approval: group.settings.apply_approval,
    msg_mute_mode: group.members.get(viewerId)?.msgMuteMode ?? 0,
    msg_push_mode: group.members.get(viewerId)?.msgPushMode ?? 0,
  };
}

export function groupMember({ userId, displayName, joinedAt }: Member): object {
  return { user_id: userId, display_name: displayName, join_time: joinedAt };
}

/** The members whose ban has not ended, with its end. */
export function bannedMembers(group: Group, now: number): object[] {
  return [...group.members.values()]
    .filter(({ userId }) => isRunning(group.banned.get(userId) ?? 0, now))
    .map((member) => ({ ...groupMember(member), expired_time: group.banned.get(member.userId) ?? FOREVER }));
}

export function invitation(request: JoinRequest): object {
  const { groupId, userId, otherId, reason, status, expiresAt, updatedAt } = request;
  return {
    group_id: groupId,
    inviter_id: otherId,
    invitee_id: userId,
    reason,
    status,
    expired_time: expiresAt,
    updated_at: new Date(updatedAt).toISOString(),
  };
}

export function application({ groupId, userId, reason, status, expiresAt }: JoinRequest): object {
  return { group_id: groupId, applicant_id: userId, reason, status, expired_time: expiresAt };
}
