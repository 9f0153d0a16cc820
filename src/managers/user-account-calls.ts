import { TOKEN_BY_ID, TOKEN_BY_NAME } from '../http/endpoints.ts';
import type { EndpointTable } from '../http/endpoints.ts';
import type { Device } from '../model/device.ts';
import type { IdInput } from '../model/ids.ts';
import type { Paged } from '../model/page.ts';
import type { UserSettings } from '../model/user.ts';
import type { LoginInfo, TokenInfo } from '../model/user-access.ts';

/** Accounts, tokens, devices and mobile numbers: one REST call each. */
export interface UserAccountCalls {
  /** Lists the devices of the user. */
  asyncGetDeviceList(): Promise<Paged<Device>>;
  /** Logs a device out. Refused without a serial, which would mean all of them. */
  asyncKickDevice(params: { device_sn: number }): Promise<boolean>;
  /** Says where pushes for this device go. */
  asyncBindDeviceToken(params: { device_sn: number; device_token: string; notifier_name: string }): Promise<boolean>;
  /** Ends pushes to a device. */
  asyncUnbindDeviceToken(params: { deviceSn?: number }): Promise<unknown>;
  /** Deletes the account. Call `logout({deleteUser: true})` afterwards. */
  asyncDeleteUser(params: { password: string }): Promise<boolean>;

  /** Gets a token for a user name or a mobile number, without logging in. @throws FlooError UserAuthFailed. */
  asyncTokenUser(params: {
    name?: string;
    mobile?: string;
    password: string;
    device_guid?: string;
  }): Promise<TokenInfo>;
  /** Gets a token for a user id, without logging in. @throws FlooError UserAuthFailed. */
  asyncTokenId(params: { user_id: IdInput; password: string; device_guid?: string }): Promise<TokenInfo>;
  /** Creates an account; log in afterwards. @throws FlooError UserAlreadyExist, InvalidRequestParameter, ServerLicenseLimit, … */
  asyncRegister(params: { username: string; password: string }): Promise<UserSettings>;
  /**
   * Creates an account with a made-up name that begins with `username`.
   *
   * @param params.cid - the user who sent the invitation link
   */
  asyncRegisterAnonymous(params: {
    username: string;
    password: string;
    cid?: IdInput;
  }): Promise<{ username: string; user_id?: number }>;
  /** Asks the server whether a user name is free. */
  asyncUserNameCheck(params: { username: string }): Promise<unknown>;

  /** Leaves a text at the server for a while. Resolves with a code for it. */
  asyncGenerateSecretInfo(params: { expire_seconds: number; secret_text: string }): Promise<{ code: string }>;
  /** Takes the text that a code stands for. */
  asyncSendSecretInfo(params: { code?: string }): Promise<{ secret_text: string }>;

  /** Asks for a captcha. Resolves with its id; the picture is at `<ratel>/app/captcha/image?image_id=…&app_id=…`. */
  asyncCaptchaImagePost(): Promise<string>;
  /** Sends a code by SMS to a user who solved a captcha. @throws FlooError InvalidVerificationCode. */
  asyncCaptchaSms(params: { captcha: string; image_id: string; mobile: string }): Promise<unknown>;
  /** Sends a code by SMS. */
  asyncUserSendSms(params: { mobile: string }): Promise<unknown>;
  /** Resolves with what to log in with for a mobile number and its code; with a `sign` when no account has that number. */
  asyncUserMobileLogin(params: { captcha: string; mobile: string }): Promise<LoginInfo>;
  /** Binds a mobile number to the account, with the code that was sent to it. */
  asyncUserMobileBind(params: { captcha: string; mobile: string }): Promise<unknown>;
  /** Does the same as {@link asyncUserMobileBind}. */
  asyncUserBindMobile(params: { captcha: string; mobile: string }): Promise<unknown>;
  /** Binds a mobile number to the account, with the `sign` of {@link asyncUserMobileLogin}. */
  asyncUserMobileBindSign(params: { sign: string; mobile: string }): Promise<unknown>;
  /** Changes the mobile number of the account. */
  asyncUserUpdateMobile(params: { mobile: string }): Promise<unknown>;

  /** Resolves with whether the user proved who they are. @throws FlooError NotFound when the server has no verification. */
  asyncGetUserVerification(): Promise<{ status: number; mobile?: string }>;
  /** Proves who the user is, by a mobile number and the code that was sent to it. */
  userVerificationByMobile(params: { mobile: string; captcha: string }): Promise<unknown>;
  /** First step to another mobile number, by the password. Resolves with a `sign` for {@link userChangeMobile}. */
  userChangeMobileCheckPassword(params: { password: string }): Promise<{ sign: string }>;
  /** First step to another mobile number, by the old number. Resolves with a `sign` for {@link userChangeMobile}. */
  userChangeMobileCheckMobile(params: { captcha: string; mobile: string }): Promise<{ sign: string }>;
  /** Second step to another mobile number. */
  userChangeMobile(params: { captcha: string; mobile: string; sign: string }): Promise<unknown>;
}

export const REGISTER = {
  method: 'POST',
  path: '/user/register/v2',
  send: 'body',
  required: ['username', 'password'],
  token: 'never',
} as const;

const BIND_MOBILE = {
  method: 'POST',
  path: '/app/user/mobile_bind',
  send: 'body',
  required: ['captcha', 'mobile'],
} as const;

export const USER_ACCOUNT_ENDPOINTS = {
  asyncGetDeviceList: { method: 'GET', path: '/user/device/list' },
  asyncKickDevice: { method: 'POST', path: '/user/kick', send: 'query', required: ['device_sn'] },
  asyncBindDeviceToken: {
    method: 'POST',
    path: '/user/token/bind',
    send: 'body',
    required: ['device_sn', 'device_token', 'notifier_name'],
  },
  asyncUnbindDeviceToken: { method: 'POST', path: '/user/token/unbind', send: 'query' },
  asyncDeleteUser: { method: 'POST', path: '/user/delete', send: 'body', required: ['password'] },

  asyncTokenUser: TOKEN_BY_NAME,
  asyncTokenId: TOKEN_BY_ID,
  asyncRegister: REGISTER,
  asyncRegisterAnonymous: {
    method: 'POST',
    path: '/user/register/anonymous',
    send: 'body',
    required: ['username', 'password'],
    token: 'never',
  },
  asyncUserNameCheck: { method: 'GET', path: '/app/user/name_check', required: ['username'], token: 'optional' },

  asyncGenerateSecretInfo: {
    method: 'POST',
    path: '/app/secret_info',
    send: 'body',
    required: ['expire_seconds', 'secret_text'],
    token: 'optional',
  },
  asyncSendSecretInfo: { method: 'GET', path: '/app/secret_info', token: 'optional', repeatable: false },

  asyncCaptchaImagePost: { method: 'POST', path: '/app/captcha/image', send: 'body', token: 'optional' },
  asyncCaptchaSms: {
    method: 'GET',
    path: '/app/captcha/sms_web',
    required: ['captcha', 'image_id', 'mobile'],
    token: 'optional',
    repeatable: false,
  },
  asyncUserSendSms: {
    method: 'GET',
    path: '/app/captcha/sms',
    required: ['mobile'],
    token: 'optional',
    repeatable: false,
  },
  asyncUserMobileLogin: {
    method: 'GET',
    path: '/app/user/info_pwd',
    required: ['captcha', 'mobile'],
    token: 'optional',
    repeatable: false,
  },
  asyncUserMobileBind: BIND_MOBILE,
  asyncUserBindMobile: BIND_MOBILE,
  asyncUserMobileBindSign: {
    method: 'POST',
    path: '/app/user/mobile_bind_with_sign',
    send: 'body',
    required: ['sign', 'mobile'],
    token: 'optional',
  },
  asyncUserUpdateMobile: { method: 'POST', path: '/app/user/mobile_update', send: 'body', required: ['mobile'] },

  asyncGetUserVerification: { method: 'GET', path: '/app/user_verification' },
  userVerificationByMobile: {
    method: 'POST',
    path: '/app/user_verification_by_mobile',
    send: 'body',
    required: ['mobile', 'captcha'],
  },
  userChangeMobileCheckPassword: {
    method: 'POST',
    path: '/app/user/mobile_prechange_by_password',
    send: 'body',
    required: ['password'],
  },
  userChangeMobileCheckMobile: {
    method: 'POST',
    path: '/app/user/mobile_prechange_by_mobile',
    send: 'body',
    required: ['captcha', 'mobile'],
  },
  userChangeMobile: {
    method: 'POST',
    path: '/app/user/mobile_change',
    send: 'body',
    required: ['captcha', 'mobile', 'sign'],
  },
} as const satisfies EndpointTable<UserAccountCalls>;
