import type { AppData } from '../model/app-data.ts';
import type { Group } from '../model/groups.ts';
import { isAdmin, wasKickedTooOften } from '../model/groups.ts';
import type { User } from '../model/users.ts';
import { RestError } from './rest-error.ts';
import type { RestCode } from './rest-error.ts';
import type { Call } from './route.ts';

export function mustFindUser(app: AppData, userId: number): User {
  const user = app.users.get(userId);
  if (!user) throw new RestError(10000);
  return user;
}

export function mustFindGroup(app: AppData, groupId: number): Group {
  const group = app.groups.get(groupId);
  if (!group) throw new RestError(20001);
  return group;
}

/** The group, if the caller is a member. */
export function mustBeMember({ app, user }: Call, groupId: number): Group {
  const group = mustFindGroup(app, groupId);
  if (!group.members.has(user.id)) throw new RestError(20002);
  return group;
}

/** The group, if the caller is its owner or an admin. */
export function mustBeAdmin(call: Call, groupId: number): Group {
  const group = mustBeMember(call, groupId);
  if (!isAdmin(group, call.user.id)) throw new RestError(20012);
  return group;
}

export function mustBeOwner(call: Call, groupId: number): Group {
  const group = mustBeMember(call, groupId);
  if (group.ownerId !== call.user.id) throw new RestError(20013);
  return group;
}

/** The group, if the caller may change its info: an admin, or any member if the group allows it. */
export function mustBeEditor(call: Call, groupId: number): Group {
  const group = mustBeMember(call, groupId);
  return group.settings.member_modify ? group : mustBeAdmin(call, groupId);
}

/** The code that says why a user cannot join a group; undefined if the user can. */
export function joinObstacle(app: AppData, group: Group, userId: number): RestCode | undefined {
  if (!app.users.get(userId)) return 10000;
  if (group.members.has(userId)) return 20017;
  if (group.blocked.has(userId)) return 20018;
  if (wasKickedTooOften(group, userId)) return 20016;
  if (group.members.size >= group.capacity) return 20010;
  return undefined;
}

export function mustBeAbleToJoin(app: AppData, group: Group, userId: number): void {
  const obstacle = joinObstacle(app, group, userId);
  if (obstacle) throw new RestError(obstacle);
}
