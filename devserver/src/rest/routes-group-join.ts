import { PAGED, userResultShape } from './answer-shapes.ts';
import { applicationShape, invitationShape } from './group-answer-shapes.ts';
import { GroupNoticeType } from 'flooim/wire';
import { RequestStatus } from '../model/roster.ts';
import { adminsOf, isAdmin, isPending, join, newJoinRequest } from '../model/groups.ts';
import type { JoinRequest } from '../model/groups.ts';
import { DONE, page } from './answer.ts';
import { admit, invite, succeeded, notifyGroup } from './group-changes.ts';
import { mustBeAbleToJoin, mustBeAdmin, mustBeMember, mustFindGroup } from './guards.ts';
import { flag, id, ids, list, optional, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST, route } from './route.ts';
import type { Route } from './route.ts';
import { groupId, memberPaging } from './routes-group.ts';
import { application, invitation } from './shapes.ts';

const Approval = { ALL: 0, ADMIN: 1, NOBODY: 2 } as const;

/** Invitations into groups and applications to them. */
export const groupJoinRoutes: readonly Route[] = [
  route({
    methods: POST,
    path: '/group/invite',
    summary: 'Invites users, or adds them if they need no invitation.',
    answers: list(userResultShape),
    refuses: [20001, 20002, 20012],
    body: { ...groupId, user_list: ids('The users.'), reason: optional(text('What they read.')) },
    handle(call, { group_id, user_list, reason = '' }) {
      const group = mustBeMember(call, group_id);
      if (!group.settings.member_invite) mustBeAdmin(call, group_id);
      return { data: invite(call, group, user_list, reason) };
    },
  }),
  route({
    methods: POST,
    path: '/group/invite/handle',
    summary: 'Accepts or declines an invitation to the caller.',
    refuses: [20001, 20010, 20015, 20016, 20017, 20018],
    // Clients put different users into `user_id`, so the invitation is found without it.
    body: {
      ...groupId,
      approval: flag('Whether to accept.'),
      user_id: id('Has no effect.'),
      reason: optional(text('Why not; the inviter reads it.')),
    },
    handle(call, { group_id, approval, reason = '' }) {
      const { app, user, now } = call;
      const group = mustFindGroup(app, group_id);
      const request = mustBePending(group.invitations.get(user.id), now, 20015);
      if (approval) mustBeAbleToJoin(app, group, user.id);
      close(request, approval, now);
      if (approval) {
        join(group, user.id, now);
        notifyGroup(call, group, GroupNoticeType.INVITE_ACCEPTED, { to: [request.otherId] });
      } else {
        notifyGroup(call, group, GroupNoticeType.INVITE_DECLINED, {
          to: [request.otherId],
          content: reason,
          recipients: [user.id, request.otherId],
        });
      }
      return DONE;
    },
  }),
  route({
    methods: GET,
    path: '/group/invitation_list',
    summary: 'Invitations to the caller.',
    answers: list(invitationShape),
    beside: PAGED,
    query: memberPaging,
    handle({ app, user }, wanted) {
      const rows = [...app.groups]
        .map((group) => group.invitations.get(user.id))
        .filter((request) => request !== undefined);
      return page(rows.map(invitation), wanted);
    },
  }),
  route({
    methods: POST,
    path: '/group/apply',
    summary: 'Applies to a group, or joins it if it takes everybody.',
    answers: userResultShape,
    refuses: [10010, 20001, 20010, 20016, 20017, 20018],
    body: { ...groupId, reason: optional(text('What the admins read.')) },
    handle(call, { group_id, reason = '' }) {
      const { app, user, now } = call;
      const group = mustFindGroup(app, group_id);
      mustBeAbleToJoin(app, group, user.id);
      if (group.settings.apply_approval === Approval.NOBODY)
        throw new RestError(10010, 'the group takes no applications');
      if (group.settings.apply_approval === Approval.ALL) {
        admit(call, group, user.id, []);
      } else {
        group.applications.set(user.id, newJoinRequest(group.id, user.id, user.id, reason, now));
        notifyGroup(call, group, GroupNoticeType.APPLYED, { content: reason, recipients: adminsOf(group) });
      }
      return { data: succeeded(user.id) };
    },
  }),
  route({
    methods: POST,
    path: '/group/apply/handle',
    summary: 'Accepts or declines an application.',
    answers: userResultShape,
    refuses: [10000, 20001, 20002, 20010, 20012, 20014, 20016, 20017, 20018],
    body: {
      ...groupId,
      user_id: id('The applicant.'),
      approval: flag('Whether to accept.'),
      reason: optional(text('Why not; the applicant reads it.')),
    },
    handle(call, { group_id, user_id, approval, reason = '' }) {
      const { app, user, notices, now } = call;
      const group = mustBeAdmin(call, group_id);
      const request = mustBePending(group.applications.get(user_id), now, 20014);
      if (approval) mustBeAbleToJoin(app, group, user_id);
      close(request, approval, now);
      const handled = { to: [user_id], recipients: [user.id, user_id] };
      if (!approval) {
        notifyGroup(call, group, GroupNoticeType.APPLY_DECLINED, { ...handled, content: reason });
        return { data: succeeded(user_id) };
      }
      // A client that gets ACCEPTED for somebody else believes that it joined itself, so the others get JOINED.
      const others = [...group.members.keys()].filter((member) => member !== user.id);
      join(group, user_id, now);
      notifyGroup(call, group, GroupNoticeType.APPLY_ACCEPTED, handled);
      notices.group(app, group, { type: GroupNoticeType.JOINED, from: user_id, to: [], recipients: others });
      return { data: succeeded(user_id) };
    },
  }),
  route({
    methods: POST,
    path: '/group/application_list',
    summary: 'Applications to groups that the caller leads.',
    answers: list(applicationShape),
    beside: PAGED,
    body: { group_list: list(id(), 'The groups.') },
    query: memberPaging,
    handle({ app, user }, { group_list, ...wanted }) {
      const led = group_list
        .map((one) => app.groups.get(one))
        .filter((group) => group !== undefined && isAdmin(group, user.id));
      return page(
        led.flatMap((group) => [...group!.applications.values()].map(application)),
        wanted,
      );
    },
  }),
];

function mustBePending(request: JoinRequest | undefined, now: number, code: 20014 | 20015): JoinRequest {
  if (!isPending(request, now)) throw new RestError(code);
  return request;
}

function close(request: JoinRequest, approval: boolean, now: number): void {
  request.status = approval ? RequestStatus.ACCEPTED : RequestStatus.DECLINED;
  request.updatedAt = now;
}
