import { PAGED, idList, paging, userResultShape } from './answer-shapes.ts';
import { groupBriefShape, groupInfoShape, groupMemberShape } from './group-answer-shapes.ts';
import { GroupNoticeType } from 'flooim/wire';
import { touch } from '../model/groups.ts';
import { DONE, page } from './answer.ts';
import { destroy, invite, leave, succeeded, notifyGroup, notifyInfoChange } from './group-changes.ts';
import { mustBeMember, mustBeOwner, mustFindGroup } from './guards.ts';
import { id, ids, int, list, optional, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST, POST_DELETE, POST_PUT, route } from './route.ts';
import type { Route } from './route.ts';
import { groupBrief, groupInfo, groupMember } from './shapes.ts';

const PUBLIC_GROUP = 1;

export const groupId = { group_id: id('The group.') };
/** Paging of lists such as group members. `version` is reserved and not used. */
export const memberPaging = {
  ...paging,
  version: optional(int('Has no effect.')),
};

/** Life cycle, info and members of groups. */
export const groupRoutes: readonly Route[] = [
  route({
    methods: POST,
    path: '/group/create',
    summary: 'Makes a group.',
    answers: groupInfoShape,
    body: {
      name: text('Name of the group.'),
      description: optional(text('What it is about.')),
      avatar: optional(text('URL of its picture.')),
      type: optional(int('0 private, 1 public, 2 chat room, 3 temporary.', { min: 0, max: 3 })),
      user_list: optional(ids('Who is invited.')),
    },
    handle(call, { name, description, avatar, type = 0, user_list = [] }) {
      const { app, user, now } = call;
      if (name === '') throw new RestError(10002, 'name');
      const info = { name, ...(description !== undefined && { description }), ...(avatar !== undefined && { avatar }) };
      const group = app.groups.create({ ownerId: user.id, type, info }, now);
      notifyGroup(call, group, GroupNoticeType.CREATED);
      invite(call, group, user_list, '');
      return { data: groupInfo(group, user.id) };
    },
  }),
  route({
    methods: POST_DELETE,
    path: '/group/destroy',
    summary: 'Ends a group.',
    refuses: [20001, 20002, 20013],
    query: groupId,
    handle(call, { group_id }) {
      destroy(call, mustBeOwner(call, group_id));
      return DONE;
    },
  }),
  route({
    methods: GET,
    path: '/group/user_joined',
    summary: 'The groups of the caller.',
    answers: idList('The groups.'),
    handle: ({ app, user }) => ({ data: app.groups.joinedBy(user.id).map((group) => group.id) }),
  }),
  route({
    methods: GET,
    path: '/group/public_list',
    summary: 'All public groups.',
    answers: idList('The groups.'),
    handle: ({ app }) => ({
      data: [...app.groups].filter((group) => group.type === PUBLIC_GROUP).map((group) => group.id),
    }),
  }),
  ...['/group/info', '/group/settings'].map((path) =>
    route({
      methods: GET,
      path,
      summary: 'Info and settings of a group, also for others than its members.',
      answers: groupInfoShape,
      refuses: [20001],
      query: groupId,
      handle: ({ app, user }, { group_id }) => ({ data: groupInfo(mustFindGroup(app, group_id), user.id) }),
    }),
  ),
  route({
    methods: POST,
    path: '/group/info/batch',
    summary: 'Some groups; unknown ones are left out.',
    answers: list(groupBriefShape),
    body: { group_list: list(id(), 'The groups.') },
    handle({ app, user }, { group_list }) {
      const found = group_list.map((one) => app.groups.get(one)).filter((group) => group !== undefined);
      return { data: found.map((group) => groupBrief(group, user.id)) };
    },
  }),
  route({
    methods: GET,
    path: '/group/member_list',
    summary: 'The members, the owner first.',
    answers: list(groupMemberShape),
    beside: PAGED,
    refuses: [20001, 20002],
    query: { ...groupId, ...memberPaging },
    handle(call, { group_id, ...wanted }) {
      const group = mustBeMember(call, group_id);
      const rest = [...group.members.values()].filter(({ userId }) => userId !== group.ownerId);
      const ownerFirst = [group.members.get(group.ownerId)!, ...rest];
      return page(ownerFirst.map(groupMember), wanted, { version: group.updatedAt, defaultLimit: 1000 });
    },
  }),
  route({
    methods: POST,
    path: '/group/members/display_name',
    summary: 'Some members, with their names in the group.',
    answers: list(groupMemberShape),
    refuses: [20001],
    body: { ...groupId, user_list: ids('The members.') },
    handle({ app }, { group_id, user_list }) {
      const { members } = mustFindGroup(app, group_id);
      const found = user_list.map((userId) => members.get(userId)).filter((member) => member !== undefined);
      return { data: found.map(groupMember) };
    },
  }),
  route({
    methods: POST_PUT,
    path: '/group/display_name',
    summary: "Changes the caller's name in a group.",
    refuses: [20001, 20002],
    body: { ...groupId, value: text('The new name.') },
    handle(call, { group_id, value }) {
      const group = mustBeMember(call, group_id);
      group.members.get(call.user.id)!.displayName = value;
      notifyInfoChange(call, group, 'display_name', value);
      return DONE;
    },
  }),
  route({
    methods: POST_PUT,
    path: '/group/transfer',
    summary: 'Gives a group to another member.',
    answers: userResultShape,
    refuses: [20001, 20002, 20005, 20013],
    body: { ...groupId, new_owner: id('The member.') },
    handle(call, { group_id, new_owner }) {
      const group = mustBeOwner(call, group_id);
      const member = group.members.get(new_owner);
      if (!member) throw new RestError(20005);
      group.ownerId = new_owner;
      member.admin = false;
      touch(group, call.now);
      notifyGroup(call, group, GroupNoticeType.OWNER_ASSIGNED, { to: [new_owner] });
      return { data: succeeded(new_owner) };
    },
  }),
  route({
    methods: POST_DELETE,
    path: '/group/leave',
    summary: 'Leaves a group.',
    refuses: [20001, 20002, 20004],
    query: groupId,
    handle(call, { group_id }) {
      const group = mustBeMember(call, group_id);
      if (group.ownerId === call.user.id) throw new RestError(20004);
      leave(call, group);
      return DONE;
    },
  }),
];
