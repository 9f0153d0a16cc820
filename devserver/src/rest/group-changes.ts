import { GroupNoticeType } from 'flooim/wire';
import type { Group } from '../model/groups.ts';
import { GroupStatus, join, newJoinRequest, removeMember, touch } from '../model/groups.ts';
import { joinObstacle } from './guards.ts';
import { REST_CODES } from './rest-error.ts';
import type { RestCode } from './rest-error.ts';
import type { Call } from './route.ts';

/** One row of the answer of a batch call. */
export interface UserResult {
  readonly user_id: number;
  readonly result: 'success' | 'fail';
  readonly reason?: string;
}

export function succeeded(userId: number): UserResult {
  return { user_id: userId, result: 'success' };
}

export function failed(userId: number, code: RestCode): UserResult {
  return { user_id: userId, result: 'fail', reason: REST_CODES[code] };
}

/** Runs a change for each user of a batch call. `obstacle` gives the code that prevents it. */
export function forEachUser(
  userIds: readonly number[],
  obstacle: (userId: number) => RestCode | undefined,
  act: (userId: number) => void,
): { rows: UserResult[]; done: number[] } {
  const done: number[] = [];
  const rows = userIds.map((userId) => {
    const code = obstacle(userId);
    if (code) return failed(userId, code);
    act(userId);
    done.push(userId);
    return succeeded(userId);
  });
  return { rows, done };
}

/** Sends a notice about an action of the caller, to all members unless `to` names others. */
export function notifyGroup(
  { app, user, notices }: Call,
  group: Group,
  type: number,
  {
    to = [],
    content = '',
    recipients = group.members.keys(),
  }: { to?: readonly number[]; content?: string; recipients?: Iterable<number> } = {},
): void {
  notices.group(app, group, { type, from: user.id, to, content, recipients });
}

/** Notifies the members of a changed field of the group's info. */
export function notifyInfoChange(call: Call, group: Group, property: string, value: unknown): void {
  touch(group, call.now);
  notifyGroup(call, group, GroupNoticeType.INFO_UPDATED, { content: JSON.stringify({ property, [property]: value }) });
}

/** Adds a user and notifies every member, including the new one. */
export function admit({ app, notices, now }: Call, group: Group, userId: number, bringers: readonly number[]): void {
  join(group, userId, now);
  notices.group(app, group, {
    type: GroupNoticeType.JOINED,
    from: userId,
    to: bringers,
    recipients: group.members.keys(),
  });
}

/** Invites users, or adds them at once if they do not require an invitation. */
export function invite(call: Call, group: Group, userIds: readonly number[], reason: string): UserResult[] {
  const { app, user, now } = call;
  const asked: number[] = [];
  const { rows } = forEachUser(
    userIds,
    (userId) => joinObstacle(app, group, userId),
    (userId) => {
      if (app.users.get(userId)?.settings.group_confirm) {
        group.invitations.set(userId, newJoinRequest(group.id, userId, user.id, reason, now));
        asked.push(userId);
      } else {
        admit(call, group, userId, [user.id]);
      }
    },
  );
  if (asked.length > 0)
    notifyGroup(call, group, GroupNoticeType.INVITED, { to: asked, content: reason, recipients: [...asked, user.id] });
  return rows;
}

export function leave(call: Call, group: Group): void {
  const recipients = [...group.members.keys()];
  removeMember(group, call.user.id, call.now);
  notifyGroup(call, group, GroupNoticeType.LEAVED, { recipients });
}

export function destroy(call: Call, group: Group): void {
  group.status = GroupStatus.DESTROYED;
  notifyGroup(call, group, GroupNoticeType.DESTROYED);
}
