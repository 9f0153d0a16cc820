import type { EndpointTable } from '../http/endpoints.ts';
import type { UserProfile, UserSettings } from '../model/user.ts';
import type { RightNames } from './deployed-names.ts';
import type { UserAccountCalls } from './user-account-calls.ts';

/**
 * What the server does for the own account: one REST call each. All reject with FlooError: InvalidParam for a missing
 * parameter, UserNotLogin, ServerNotReachable, ServerTimeOut, or what the server's code means.
 */
export interface UserCalls extends UserAccountCalls, UserProfileCalls {}

/** The own profile and settings: one REST call each. */
export interface UserProfileCalls {
  /** Fetches the own profile from the server. */
  asyncGetProfile(): Promise<UserProfile>;
  /** Changes the fields of the own profile that are named. */
  asyncUpdateProfile(
    params: Pick<UserProfile, 'description' | 'nick_name' | 'private_info' | 'public_info'>,
  ): Promise<boolean>;
  /** Changes the own nick name. */
  asyncUpdateNickName(params: { nick_name: string }): Promise<boolean>;
  /**
   * Changes the own avatar.
   *
   * @param params.avatar - URL or object name of an uploaded picture
   */
  asyncUpdateAvatar(params: { avatar: string }): Promise<boolean>;
  /** Changes the mobile number in the own profile. */
  asyncUpdateMobile(params: { mobile: string }): Promise<boolean>;
  /** Changes the password. Every session of the user ends. @throws FlooError UserOldPasswordNotMatch. */
  asyncUserChangePassword(params: { old_password: string; new_password: string }): Promise<boolean>;
  /** Fetches the own settings. */
  asyncGetSettings(): Promise<UserSettings>;
  /**
   * Changes the settings that are named.
   *
   * @param params.user_id - the own user id
   */
  asyncUpdateSettings(params: UserSettings): Promise<boolean>;
  /**
   * Changes who may add the user as a friend.
   *
   * @param params.value - an `auth_mode`, see {@link UserSettings}
   */
  asyncUpdateAuthmode(params: { value: number }): Promise<boolean>;

  /** Makes a link that opens a page of the app's WeChat mini-program. */
  asyncGenerateWXUrlLink(params: { path: string; query: string; envVersion?: string }): Promise<{ url_link: string }>;
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
