import type { Endpoint, EndpointTable } from '../http/endpoints.ts';
import type { IdInput } from '../model/ids.ts';
import type { Paged, PageQuery } from '../model/page.ts';
import type { RosterApplication, RosterItem, UserProfile, UserSettings } from '../model/user.ts';
import type { RightNames } from './deployed-names.ts';
import { REGISTER } from './user-account-calls.ts';
import { GET_PROFILE } from './user-calls.ts';

interface User {
  user_id: IdInput;
}

/** What the server does about friends: one REST call each. They reject as those of {@link UserCalls}. */
export interface RosterCalls {
  /** Fetches the own profile, always from the server: a stored copy would not have changes made on other devices. */
  asyncGetUserProfile(force?: boolean): Promise<UserProfile>;
  /** Creates an account, as `userManage.asyncRegister` does. */
  asyncRegister(params: { username: string; password: string }): Promise<UserSettings>;
  /** @deprecated Misspelt: use {@link asyncRegister}. */
  asyncRegester: RosterCalls['asyncRegister'];

  /**
   * Lists the users who asked to be a friend.
   *
   * @param params.cursor - required; `''` for all of them
   */
  asyncGetApplyList(params: PageQuery & { cursor: string }): Promise<Paged<RosterApplication>>;
  /** Asks a user to be a friend. @throws FlooError UserNotExist, CurrentUserIsInRoster, RosterRejectApplication, … */
  asyncApply(params: User & { alias: string; reason?: string; auth_answer?: string }): Promise<boolean>;
  /** Accepts the application of a user. */
  asyncAccept(params: User): Promise<boolean>;
  /** Declines the application of a user. */
  asyncDecline(params: User & { reason?: string }): Promise<boolean>;
  /** Changes what the user keeps about a friend. */
  asyncUpdateRosterExt(params: User & { ext: string; mute_notification?: boolean }): Promise<boolean>;
  /** Changes the name that the user gave a friend. */
  asyncUpdateRosterAlias(params: User & { alias: string; mute_notification?: boolean }): Promise<boolean>;

  /** Lists the ids of the users that the user blocked. */
  asyncGetBlockedlist(params?: PageQuery): Promise<Paged<number>>;
  /** Blocks a user. */
  asyncBlockAdd(params: User): Promise<boolean>;
  /** @deprecated Misspelt: use {@link asyncBlockAdd}. */
  asyncBlockeAdd: RosterCalls['asyncBlockAdd'];
  /** Unblocks a user. */
  asyncBlockRemove(params: User): Promise<boolean>;
  /** @deprecated Misspelt: use {@link asyncBlockRemove}. */
  asyncBlockeRemove: RosterCalls['asyncBlockRemove'];

  /** Finds any user, friend or not, by the user name. @throws FlooError UserNotExist. */
  asyncSearchRosterByName(params: { username: string }): Promise<RosterItem>;
  /** Finds any user, friend or not, by the user id. @throws FlooError UserNotExist. */
  asyncSearchRosterById(params: User): Promise<RosterItem>;
}

export const ROSTER_ENDPOINTS = {
  asyncGetUserProfile: GET_PROFILE,
  asyncRegister: REGISTER,
  asyncGetApplyList: { method: 'GET', path: '/roster/apply/list', required: ['cursor'] },
  asyncApply: { method: 'POST', path: '/roster/apply', send: 'body', required: ['user_id', 'alias'] },
  asyncAccept: { method: 'POST', path: '/roster/accept', send: 'query', required: ['user_id'] },
  asyncDecline: { method: 'POST', path: '/roster/decline', send: 'body', required: ['user_id'] },
  asyncUpdateRosterExt: { method: 'POST', path: '/roster/ext', send: 'body', required: ['user_id', 'ext'] },
  asyncUpdateRosterAlias: { method: 'POST', path: '/roster/ext', send: 'body', required: ['user_id', 'alias'] },
  asyncGetBlockedlist: { method: 'GET', path: '/roster/blocked_list' },
  asyncBlockAdd: { method: 'POST', path: '/roster/block', send: 'query', required: ['user_id'] },
  asyncBlockRemove: { method: 'POST', path: '/roster/unblock', send: 'query', required: ['user_id'] },
  asyncSearchRosterByName: { method: 'GET', path: '/roster/name', required: ['username'] },
  asyncSearchRosterById: { method: 'GET', path: '/roster/id', required: ['user_id'] },
} as const satisfies EndpointTable<RightNames<RosterCalls>>;

/** Behind `rosterManage.asyncDeleteRoster`, which changes stored data, too. */
export const DELETE_FRIEND = {
  method: 'POST',
  path: '/roster/delete',
  send: 'query',
  required: ['user_id'],
} as const satisfies Endpoint;
