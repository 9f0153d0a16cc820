import type { Device } from '../model/device.ts';
import type { IdInput } from '../model/ids.ts';
import type { Paged } from '../model/page.ts';
import type { UserProfile, UserSettings } from '../model/user.ts';
import type { LoginInfo, TokenInfo } from '../model/user-access.ts';

/**
 * What the server does for the own account: one REST call each (api-surface 2.1). All reject with FlooError: InvalidParam
 * for a missing parameter, UserNotLogin, ServerNotReachable, ServerTimeOut, or what the server's code means.
 */
export interface UserCalls {
  /** The devices of the user. */
  asyncGetDeviceList(): Promise<Paged<Device>>;
  /** Logs a device out. Refused without a serial, which would mean all of them. */
  asyncKickDevice(params: { device_sn: number }): Promise<boolean>;
  /** Where pushes for this device go. */
  asyncBindDeviceToken(params: { device_sn: number; device_token: string; notifier_name: string }): Promise<boolean>;
  asyncUnbindDeviceToken(params: { deviceSn?: number }): Promise<unknown>;
  /** Deletes the account. `logout({deleteUser: true})` afterwards. */
  asyncDeleteUser(params: { password: string }): Promise<boolean>;

  /** A token, without logging in. @throws FlooError UserAuthFailed. */
  asyncTokenUser(params: {
    name?: string;
    mobile?: string;
    password: string;
    device_guid?: string;
  }): Promise<TokenInfo>;
  asyncTokenId(params: { user_id: IdInput; password: string; device_guid?: string }): Promise<TokenInfo>;
  /** Creates an account; log in afterwards. @throws FlooError UserAlreadyExist, InvalidRequestParameter, ServerLicenseLimit, … */
  asyncRegister(params: { username: string; password: string }): Promise<UserSettings>;
  /** The same under a made-up name that begins with `username`. @param params `cid`: the user who sent the link. */
  asyncRegisterAnonymous(params: {
    username: string;
    password: string;
    cid?: IdInput;
  }): Promise<{ username: string; user_id?: number }>;
  /** Whether a user name is free, as the server says it. */
  asyncUserNameCheck(params: { username: string }): Promise<unknown>;

  /** Leaves a text at the server for a while, under a code. */
  asyncGenerateSecretInfo(params: { expire_seconds: number; secret_text: string }): Promise<{ code: string }>;
  /** Takes the text that a code stands for. */
  asyncSendSecretInfo(params: { code?: string }): Promise<{ secret_text: string }>;

  /** Id of a picture with a text in it: `<ratel>/app/captcha/image?image_id=…&app_id=…`. */
  asyncCaptchaImagePost(): Promise<string>;
  /** Sends a code by SMS to who read the picture. @throws FlooError InvalidVerificationCode. */
  asyncCaptchaSms(params: { captcha: string; image_id: string; mobile: string }): Promise<unknown>;
  /** Sends a code by SMS. */
  asyncUserSendSms(params: { mobile: string }): Promise<unknown>;
  /** What to log in with for a mobile number and its code; `sign` when no account has that number. */
  asyncUserMobileLogin(params: { captcha: string; mobile: string }): Promise<LoginInfo>;
  asyncUserMobileBind(params: { captcha: string; mobile: string }): Promise<unknown>;
  /** The same as {@link asyncUserMobileBind}. */
  asyncUserBindMobile(params: { captcha: string; mobile: string }): Promise<unknown>;
  asyncUserMobileBindSign(params: { sign: string; mobile: string }): Promise<unknown>;
  asyncUserUpdateMobile(params: { mobile: string }): Promise<unknown>;

  /** Whether the user proved who they are. NotFound: the server does not know of it. */
  asyncGetUserVerification(): Promise<{ status: number; mobile?: string }>;
  userVerificationByMobile(params: { mobile: string; captcha: string }): Promise<unknown>;
  /** First step to another mobile number, with the password or with the old number: a `sign` for {@link userChangeMobile}. */
  userChangeMobileCheckPassword(params: { password: string }): Promise<{ sign: string }>;
  userChangeMobileCheckMobile(params: { captcha: string; mobile: string }): Promise<{ sign: string }>;
  userChangeMobile(params: { captcha: string; mobile: string; sign: string }): Promise<unknown>;

  /** The own profile, from the server. */
  asyncGetProfile(): Promise<UserProfile>;
  asyncUpdateProfile(
    params: Pick<UserProfile, 'description' | 'nick_name' | 'private_info' | 'public_info'>,
  ): Promise<boolean>;
  asyncUpdateNickName(params: { nick_name: string }): Promise<boolean>;
  /** @param params `avatar`: URL or object name of an uploaded picture. */
  asyncUpdateAvatar(params: { avatar: string }): Promise<boolean>;
  asyncUpdateMobile(params: { mobile: string }): Promise<boolean>;
  /** @throws FlooError UserOldPasswordNotMatch. Every session ends. */
  asyncUserChangePassword(params: { old_password: string; new_password: string }): Promise<boolean>;
  asyncGetSettings(): Promise<UserSettings>;
  /** Changes what is named; `user_id` is one's own. */
  asyncUpdateSettings(params: UserSettings): Promise<boolean>;
  /** @param params `value`: who may add me, see {@link UserSettings}. */
  asyncUpdateAuthmode(params: { value: number }): Promise<boolean>;

  /** A link that opens a page of the app's WeChat mini-program. */
  asyncGenerateWXUrlLink(params: { path: string; query: string; envVersion?: string }): Promise<{ url_link: string }>;
  /** @deprecated the deployed spelling of {@link asyncGenerateWXUrlLink}. */
  aysncGenerateWXUrlLink: UserCalls['asyncGenerateWXUrlLink'];
}
