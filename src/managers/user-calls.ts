import type { EndpointTable } from '../http/endpoints.ts';
import type { UserProfile, UserSettings } from '../model/user.ts';
import type { RightNames } from './deployed-names.ts';
import type { UserAccountCalls } from './user-account-calls.ts';
import type { UserMobileCalls } from './user-mobile-calls.ts';

/**
 * The user's own account: one REST call each. Every call rejects with a FlooError: `InvalidParam` when a parameter is
 * missing, `UserNotLogin` when it needs a login, `ServerNotReachable` or `ServerTimeOut` when there is no answer, or
 * the meaning of the server's code.
 */
export interface UserCalls extends UserAccountCalls, UserMobileCalls, UserProfileCalls {}

/** The user's own profile and settings: one REST call each. They reject as those of {@link UserCalls} do. */
export interface UserProfileCalls {
  /**
   * Fetches the user's own profile.
   *
   * @param force - no effect; deployed apps pass it
   * @example
   * const { user_id, nick_name } = await im.userManage.asyncGetProfile();
   * console.log(user_id, nick_name);
   */
  asyncGetProfile(force?: boolean): Promise<UserProfile>;
  /** Changes the given fields of the user's own profile. */
  asyncUpdateProfile(
    params: Pick<UserProfile, 'description' | 'nick_name' | 'private_info' | 'public_info'>,
  ): Promise<boolean>;
  /**
   * Changes the user's nick name.
   *
   * @param params.nick_name - the new name
   */
  asyncUpdateNickName(params: { nick_name: string }): Promise<boolean>;
  /**
   * Changes the user's picture.
   *
   * @param params.avatar - URL or object name of an uploaded picture
   */
  asyncUpdateAvatar(params: { avatar: string }): Promise<boolean>;
  /**
   * Changes the mobile number in the user's profile.
   *
   * @param params.mobile - mobile number
   */
  asyncUpdateMobile(params: { mobile: string }): Promise<boolean>;
  /**
   * Changes the password. Every session of the user ends.
   *
   * @param params.old_password - the present password
   * @param params.new_password - the new password
   * @throws FlooError `UserOldPasswordNotMatch` when `old_password` is wrong
   */
  asyncUserChangePassword(params: { old_password: string; new_password: string }): Promise<boolean>;
  /**
   * Fetches the user's own settings.
   *
   * @param force - no effect; deployed apps pass it
   */
  asyncGetSettings(force?: boolean): Promise<UserSettings>;
  /**
   * Changes the given settings. `user_id` has to be the own one.
   *
   * @throws FlooError `UserPermissionDenied` when `user_id` is another user
   */
  asyncUpdateSettings(params: UserSettings): Promise<boolean>;
  /**
   * Changes who may become a friend of the user.
   *
   * @param params.value - 0 everybody, 1 with consent, 2 who answers the question, 3 nobody
   */
  asyncUpdateAuthmode(params: { value: number }): Promise<boolean>;

  /**
   * Creates a link that opens a page of the app's WeChat mini-program.
   *
   * @param params.path - path of the page
   * @param params.query - query of the page
   * @param params.envVersion - version of the mini-program
   */
  asyncGenerateWXUrlLink(params: { path: string; query: string; envVersion?: string }): Promise<{
    /** The link. */
    url_link: string;
  }>;
  /** @deprecated Misspelt: use {@link asyncGenerateWXUrlLink}. */
  aysncGenerateWXUrlLink: UserProfileCalls['asyncGenerateWXUrlLink'];
}

export const GET_PROFILE = { method: 'GET', path: '/user/profile' } as const;

export const USER_PROFILE_ENDPOINTS = {
  asyncGetProfile: GET_PROFILE,
  asyncUpdateProfile: { method: 'POST', path: '/user/profile', send: 'body' },
  asyncUpdateNickName: { method: 'POST', path: '/user/nickname', send: 'query', required: ['nick_name'] },
  asyncUpdateAvatar: { method: 'POST', path: '/user/avatar', send: 'body', required: ['avatar'] },
  asyncUpdateMobile: { method: 'POST', path: '/user/mobile', send: 'query', required: ['mobile'] },
  asyncUserChangePassword: {
    method: 'POST',
    path: '/user/change_password',
    send: 'body',
    required: ['old_password', 'new_password'],
  },
  asyncGetSettings: { method: 'GET', path: '/user/settings' },
  asyncUpdateSettings: { method: 'POST', path: '/user/settings', send: 'body', required: ['user_id'] },
  asyncUpdateAuthmode: { method: 'POST', path: '/user/authmode', send: 'query', required: ['value'] },
  asyncGenerateWXUrlLink: {
    method: 'POST',
    path: '/app/generate_url_link',
    send: 'body',
    required: ['path', 'query'],
  },
} as const satisfies EndpointTable<RightNames<UserProfileCalls>>;
