import { PAGED, userResultShape } from './answer-shapes.ts';
import { bannedMemberShape, blockedUserShape, groupMemberShape } from './group-answer-shapes.ts';
import { GroupNoticeType } from 'flooim/wire';
import type { Group } from '../model/groups.ts';
import { FOREVER, adminsOf, isAdmin, removeMember, touch } from '../model/groups.ts';
import { DONE, page } from './answer.ts';
import { forEachUser, notifyGroup, notifyInfoChange } from './group-changes.ts';
import { mustBeAdmin, mustBeMember, mustBeOwner, mustFindGroup } from './guards.ts';
import { ids, int, list, object } from './params.ts';
import type { RestCode } from './rest-error.ts';
import { GET, POST, POST_DELETE, POST_PUT, route } from './route.ts';
import type { Call, Route } from './route.ts';
import { groupId, memberPaging } from './routes-group.ts';
import { bannedMembers, groupMember } from './shapes.ts';

const userList = { ...groupId, user_list: ids('The users.') };

/** Admins, kicks, bans and the blacklist of groups. */
export const groupModerationRoutes: readonly Route[] = [
  route({
    methods: POST_DELETE,
    path: '/group/kick',
    summary: 'Removes members.',
    answers: list(userResultShape),
    refuses: [20001, 20002, 20012],
    body: userList,
    handle(call, { group_id, user_list }) {
      const group = mustBeAdmin(call, group_id);
      const { rows, done } = forEachUser(
        user_list,
        (userId) => memberObstacle(call, group, userId),
        (userId) => {
          removeMember(group, userId, call.now);
          group.kicks.set(userId, (group.kicks.get(userId) ?? 0) + 1);
        },
      );
      notifyIfAny(call, group, GroupNoticeType.KICKED, done, { recipients: [...group.members.keys(), ...done] });
      return { data: rows };
    },
  }),
  route({
    methods: POST,
    path: '/group/admin/add',
    summary: 'Makes members admins.',
    answers: list(userResultShape),
    refuses: [20001, 20002, 20013],
    body: userList,
    handle: (call, params) => setAdmins(call, params, true),
  }),
  route({
    methods: POST_DELETE,
    path: '/group/admin/remove',
    summary: 'Makes admins plain members.',
    answers: list(userResultShape),
    refuses: [20001, 20002, 20013],
    body: userList,
    handle: (call, params) => setAdmins(call, params, false),
  }),
  route({
    methods: GET,
    path: '/group/admin_list',
    summary: 'The admins, without the owner.',
    answers: list(groupMemberShape),
    refuses: [20001],
    query: groupId,
    handle({ app }, { group_id }) {
      const group = mustFindGroup(app, group_id);
      const admins = adminsOf(group).filter((userId) => userId !== group.ownerId);
      return { data: admins.map((userId) => groupMember(group.members.get(userId)!)) };
    },
  }),
  route({
    methods: POST,
    path: '/group/ban',
    summary: 'Forbids members to write.',
    answers: list(userResultShape),
    refuses: [20001, 20002, 20012],
    body: { ...userList, duration: int('Minutes; negative: for ever.') },
    handle(call, { group_id, user_list, duration }) {
      const group = mustBeAdmin(call, group_id);
      const { rows, done } = forEachUser(
        user_list,
        (userId) => memberObstacle(call, group, userId),
        (userId) => group.banned.set(userId, endOfBan(duration, call.now)),
      );
      notifyIfAny(call, group, GroupNoticeType.BANNED, done, { content: String(duration) });
      return { data: rows };
    },
  }),
  route({
    methods: POST_DELETE,
    path: '/group/unban',
    summary: 'Lets members write again.',
    answers: list(userResultShape),
    refuses: [20001, 20002, 20012],
    body: userList,
    handle(call, { group_id, user_list }) {
      const group = mustBeAdmin(call, group_id);
      const { rows, done } = forEachUser(
        user_list,
        (userId) => (group.members.has(userId) ? undefined : 20002),
        (userId) => group.banned.delete(userId),
      );
      notifyIfAny(call, group, GroupNoticeType.UNBANNED, done);
      return { data: rows };
    },
  }),
  route({
    methods: GET,
    path: '/group/banned_list',
    summary: 'The members who may not write.',
    answers: list(bannedMemberShape),
    beside: PAGED,
    refuses: [20001, 20002],
    query: { ...groupId, ...memberPaging },
    handle(call, { group_id, ...wanted }) {
      const group = mustBeMember(call, group_id);
      return page(bannedMembers(group, call.now), wanted, { version: group.updatedAt, defaultLimit: 1000 });
    },
  }),
  route({
    methods: POST_PUT,
    path: '/group/settings/ban_all',
    summary: 'Forbids all plain members to write.',
    answers: object({ ban_expire_time: int('When the ban ends, in ms since 1970; -1 never.') }),
    refuses: [20001, 20002, 20012],
    body: { ...groupId, duration: int('Minutes; negative: for ever.') },
    handle(call, { group_id, duration }) {
      const group = mustBeAdmin(call, group_id);
      group.banExpireTime = endOfBan(duration, call.now);
      notifyInfoChange(call, group, 'ban_expire_time', group.banExpireTime);
      return { data: { ban_expire_time: group.banExpireTime } };
    },
  }),
  route({
    methods: POST_PUT,
    path: '/group/settings/unban_all',
    summary: 'Lets all plain members write again.',
    refuses: [20001, 20002, 20012],
    body: groupId,
    handle(call, { group_id }) {
      const group = mustBeAdmin(call, group_id);
      group.banExpireTime = 0;
      notifyInfoChange(call, group, 'ban_expire_time', 0);
      return DONE;
    },
  }),
  route({
    methods: POST,
    path: '/group/block',
    summary: 'Removes users and keeps them out.',
    answers: list(userResultShape),
    refuses: [20001, 20002, 20012],
    body: userList,
    handle(call, { group_id, user_list }) {
      const group = mustBeAdmin(call, group_id);
      const { rows, done } = forEachUser(
        user_list,
        (userId) => {
          if (group.blocked.has(userId)) return 20018;
          return group.members.has(userId) ? memberObstacle(call, group, userId) : unknownUser(call, userId);
        },
        (userId) => {
          group.blocked.set(userId, call.now);
          removeMember(group, userId, call.now);
        },
      );
      notifyIfAny(call, group, GroupNoticeType.BLOCKED, done, { recipients: [...group.members.keys(), ...done] });
      return { data: rows };
    },
  }),
  route({
    methods: POST_DELETE,
    path: '/group/unblock',
    summary: 'Lets users join again.',
    answers: list(userResultShape),
    refuses: [20001, 20002, 20012],
    body: userList,
    handle(call, { group_id, user_list }) {
      const group = mustBeAdmin(call, group_id);
      const { rows, done } = forEachUser(
        user_list,
        (userId) => unknownUser(call, userId),
        (userId) => group.blocked.delete(userId),
      );
      notifyIfAny(call, group, GroupNoticeType.UNBLOCKED, done, { recipients: adminsOf(group) });
      return { data: rows };
    },
  }),
  route({
    methods: GET,
    path: '/group/blocked_list',
    summary: 'The users who may not join.',
    answers: list(blockedUserShape),
    beside: PAGED,
    refuses: [20001, 20002, 20012],
    query: { ...groupId, ...memberPaging },
    handle(call, { group_id, ...wanted }) {
      const group = mustBeAdmin(call, group_id);
      const rows = [...group.blocked].map(([user_id, at]) => ({
        user_id,
        group_id,
        created_at: new Date(at).toISOString(),
      }));
      return page(rows, wanted, { version: group.updatedAt, defaultLimit: 1000 });
    },
  }),
];

function setAdmins(
  call: Call,
  { group_id, user_list }: { group_id: number; user_list: number[] },
  admin: boolean,
): { data: unknown } {
  const group = mustBeOwner(call, group_id);
  const { rows, done } = forEachUser(
    user_list,
    (userId) => {
      if (userId === group.ownerId) return 10010;
      return group.members.has(userId) ? undefined : 20002;
    },
    (userId) => (group.members.get(userId)!.admin = admin),
  );
  touch(group, call.now);
  notifyIfAny(call, group, admin ? GroupNoticeType.ADMIN_GRANTED : GroupNoticeType.ADMIN_REVOKED, done);
  return { data: rows };
}

/** Why this admin may not kick, ban or block somebody: not a member, the owner, or an admin like oneself. */
function memberObstacle({ user }: Call, group: Group, userId: number): RestCode | undefined {
  if (!group.members.has(userId)) return 20002;
  if (userId === group.ownerId) return 20013;
  return isAdmin(group, userId) && user.id !== group.ownerId ? 20013 : undefined;
}

function unknownUser({ app }: Call, userId: number): RestCode | undefined {
  return app.users.get(userId) ? undefined : 10000;
}

function notifyIfAny(
  call: Call,
  group: Group,
  type: number,
  to: number[],
  rest: { content?: string; recipients?: Iterable<number> } = {},
): void {
  if (to.length > 0) notifyGroup(call, group, type, { to, ...rest });
}

/** Minutes from now; a negative duration never ends. */
function endOfBan(minutes: number, now: number): number {
  return minutes < 0 ? FOREVER : now + minutes * 60_000;
}
