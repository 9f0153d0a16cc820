import { GROUP_MEMBERS, MEMBER_CARDS } from '../http/endpoints.ts';
import type { EndpointTable } from '../http/endpoints.ts';
import type {
  BannedMember,
  BlockedMember,
  GroupApplication,
  GroupInvitation,
  GroupMember,
  UserResult,
} from '../model/group.ts';
import type { IdInput } from '../model/ids.ts';
import type { Paged, PageQuery } from '../model/page.ts';
import type { RightNames } from './deployed-names.ts';

/** Names a group. */
interface Group {
  /** Id of the group. */
  group_id: IdInput;
}

/** Names users and a group. */
interface Users extends Group {
  /** User ids. */
  user_list: readonly IdInput[];
}

/** The members of groups, and who may become one: one REST call each. They reject as those of {@link GroupInfoCalls} do. */
export interface GroupMemberCalls {
  /**
   * Lists the members as the server has them. `getGroupMembers` has their names, too.
   *
   * @param group - the group, or its id alone
   * @param force - no effect; deployed apps pass it
   */
  asyncGetMemberList(group: (Group & PageQuery) | IdInput, force?: boolean): Promise<Paged<GroupMember>>;
  /** Lists the cards of some members. */
  asyncGetMemberDisplayName(params: Users): Promise<Paged<GroupMember>>;
  /** Lists the admins without the owner. */
  asyncGetAdminList(params: Group): Promise<Paged<GroupMember>>;
  /** Makes members admins. */
  asyncAdminAdd(params: Users): Promise<UserResult[]>;
  /** Makes admins members. */
  asyncAdminRemove(params: Users): Promise<UserResult[]>;
  /** Removes members. */
  asyncKick(params: Users): Promise<UserResult[]>;

  /**
   * Invites users to a group. They join at once or are asked, as they chose.
   *
   * @param params.reason - text for the invited users
   */
  asyncInvite(params: Users & { reason?: string }): Promise<UserResult[]>;
  /** Lists the invitations the user got. */
  asyncGetInvitationList(params?: PageQuery): Promise<Paged<GroupInvitation>>;
  /**
   * Answers an invitation.
   *
   * @param params.approval - true accepts, false declines
   * @param params.user_id - user id of the inviter
   * @throws FlooError `GroupInvitationExpiredOrHandled` when it was answered already, or is too old
   */
  asyncInviteHandle(params: Group & { approval: boolean; user_id: IdInput }): Promise<boolean>;
  /**
   * Asks to join a group.
   *
   * @param params.reason - text for those who decide
   */
  asyncApply(params: Group & { reason?: string }): Promise<UserResult>;
  /**
   * Lists the requests to join groups that the user owns or administrates.
   *
   * @param params.group_list - ids of the groups
   */
  asyncGetApplicationList(params: PageQuery & { group_list: readonly IdInput[] }): Promise<Paged<GroupApplication>>;
  /** @deprecated Misspelt: use {@link asyncGetApplicationList}. */
  asncGetApplicationList: GroupMemberCalls['asyncGetApplicationList'];
  /**
   * Answers a request to join.
   *
   * @param params.approval - true accepts, false declines
   * @param params.user_id - user id of the applicant
   * @throws FlooError `GroupApplicationExpiredOrHandled` when it was answered already, or is too old
   */
  asyncApplyHandle(params: Group & { approval: boolean; user_id: IdInput }): Promise<UserResult>;

  /** Lists the members who may not write for a while. */
  asyncGroupBannedList(params: Group & PageQuery): Promise<Paged<BannedMember>>;
  /**
   * Forbids members to write for a while.
   *
   * @param params.duration - minutes; -1: for ever
   */
  asyncGroupBan(params: Users & { duration: number }): Promise<UserResult[]>;
  /** @deprecated Misspelt: use {@link asyncGroupBan}. */
  asyncGroupBab: GroupMemberCalls['asyncGroupBan'];
  /** Allows members to write again. */
  asyncGroupUnban(params: Users): Promise<UserResult[]>;
  /**
   * Forbids all members except the owner and the admins to write.
   *
   * @param params.duration - minutes; -1: for ever
   */
  asyncBanAll(params: Group & { duration: number }): Promise<{
    /** When the ban ends, as the server gives it; -1: never. */
    ban_expire_time: number;
  }>;
  /** Allows all members to write again. */
  asyncUnBanAll(params: Group): Promise<boolean>;
  /** Lists the users who were removed and cannot come back. */
  asyncGroupBlockedlist(params: Group & PageQuery): Promise<Paged<BlockedMember>>;
  /** @deprecated Misspelt: use {@link asyncGroupBlockedlist}. */
  asyncGroupBockedlist: GroupMemberCalls['asyncGroupBlockedlist'];
  /** Removes users, who then cannot come back. */
  asyncGroupBlock(params: Users): Promise<UserResult[]>;
  /** Lets users come back. */
  asyncGroupUnblock(params: Users): Promise<UserResult[]>;
}

export const GROUP_MEMBER_ENDPOINTS = {
  asyncGetMemberList: GROUP_MEMBERS,
  asyncGetMemberDisplayName: MEMBER_CARDS,
  asyncGetAdminList: { method: 'GET', path: '/group/admin_list', required: ['group_id'] },
  asyncAdminAdd: { method: 'POST', path: '/group/admin/add', send: 'body', required: ['group_id', 'user_list'] },
  asyncAdminRemove: { method: 'POST', path: '/group/admin/remove', send: 'body', required: ['group_id', 'user_list'] },
  asyncKick: { method: 'POST', path: '/group/kick', send: 'body', required: ['group_id', 'user_list'] },

  asyncInvite: { method: 'POST', path: '/group/invite', send: 'body', required: ['group_id', 'user_list'] },
  asyncGetInvitationList: { method: 'GET', path: '/group/invitation_list' },
  asyncInviteHandle: {
    method: 'POST',
    path: '/group/invite/handle',
    send: 'body',
    required: ['approval', 'group_id', 'user_id'],
  },
  asyncApply: { method: 'POST', path: '/group/apply', send: 'body', required: ['group_id'] },
  asyncGetApplicationList: {
    method: 'POST',
    path: '/group/application_list',
    send: 'body',
    required: ['group_list'],
    repeatable: true,
  },
  asyncApplyHandle: {
    method: 'POST',
    path: '/group/apply/handle',
    send: 'body',
    required: ['approval', 'group_id', 'user_id'],
  },

  asyncGroupBannedList: { method: 'GET', path: '/group/banned_list', required: ['group_id'] },
  asyncGroupBan: { method: 'POST', path: '/group/ban', send: 'body', required: ['group_id', 'duration', 'user_list'] },
  asyncGroupUnban: { method: 'POST', path: '/group/unban', send: 'body', required: ['group_id', 'user_list'] },
  asyncBanAll: { method: 'POST', path: '/group/settings/ban_all', send: 'body', required: ['group_id', 'duration'] },
  asyncUnBanAll: { method: 'POST', path: '/group/settings/unban_all', send: 'body', required: ['group_id'] },
  asyncGroupBlockedlist: { method: 'GET', path: '/group/blocked_list', required: ['group_id'] },
  asyncGroupBlock: { method: 'POST', path: '/group/block', send: 'body', required: ['group_id', 'user_list'] },
  asyncGroupUnblock: { method: 'POST', path: '/group/unblock', send: 'body', required: ['group_id', 'user_list'] },
} as const satisfies EndpointTable<RightNames<GroupMemberCalls>>;
