import type { Endpoint, EndpointTable } from '../http/endpoints.ts';
import type { IdInput } from '../model/ids.ts';
import type { Paged, PageQuery } from '../model/page.ts';
import type { RosterApplication, RosterItem, UserProfile, UserSettings } from '../model/user.ts';
import type { RightNames } from './deployed-names.ts';
import { REGISTER } from './user-account-calls.ts';
import { GET_PROFILE } from './user-calls.ts';

/** Names a user. */
interface User {
  /** User id. */
  user_id: IdInput;
}

/** Friends: one REST call each. They reject as those of {@link UserCalls} do. */
export interface RosterCalls {
  /**
   * Fetches the user's own profile from the server.
   *
   * @param force - no effect; deployed apps pass it
   */
  asyncGetUserProfile(force?: boolean): Promise<UserProfile>;
  /**
   * Creates an account, as `userManage.asyncRegister` does.
   *
   * @param params.username - user name
   * @param params.password - password
   */
  asyncRegister(params: { username: string; password: string }): Promise<UserSettings>;
  /** @deprecated Misspelt: use {@link asyncRegister}. */
  asyncRegester: RosterCalls['asyncRegister'];

  /**
   * Lists the users who asked to be a friend.
   *
   * @param params.cursor - required; `''` for all of them
   */
  asyncGetApplyList(params: PageQuery & { cursor: string }): Promise<Paged<RosterApplication>>;
  /**
   * Asks a user to become a friend.
   *
   * @param params.alias - name for the new friend; may be `''`
   * @param params.reason - text for the user
   * @param params.auth_answer - answer to the user's question, if there is one
   * @throws FlooError `UserNotExist` when nobody has this id
   * @throws FlooError `CurrentUserIsInRoster` when the user is a friend already
   * @throws FlooError `RosterRejectApplication` when the user takes no requests
   */
  asyncApply(params: User & { alias: string; reason?: string; auth_answer?: string }): Promise<boolean>;
  /** Accepts the friend request of a user. */
  asyncAccept(params: User): Promise<boolean>;
  /**
   * Declines the friend request of a user.
   *
   * @param params.reason - text for the applicant
   */
  asyncDecline(params: User & { reason?: string }): Promise<boolean>;
  /**
   * Changes what the user keeps about a friend.
   *
   * @param params.ext - the new text
   * @param params.mute_notification - whether the friend is muted
   */
  asyncUpdateRosterExt(params: User & { ext: string; mute_notification?: boolean }): Promise<boolean>;
  /**
   * Changes the name that the user gave a friend.
   *
   * @param params.alias - the new name
   * @param params.mute_notification - whether the friend is muted
   */
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

  /**
   * Finds a user by the user name, friend or not.
   *
   * @param params.username - the whole user name
   * @throws FlooError `UserNotExist` when nobody has this name
   */
  asyncSearchRosterByName(params: { username: string }): Promise<RosterItem>;
  /**
   * Finds a user by the user id, friend or not.
   *
   * @throws FlooError `UserNotExist` when nobody has this id
   */
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

/** Not in the table, because `rosterManage.asyncDeleteRoster` also changes stored data. */
export const DELETE_FRIEND = {
  method: 'POST',
  path: '/roster/delete',
  send: 'query',
  required: ['user_id'],
} as const satisfies Endpoint;
