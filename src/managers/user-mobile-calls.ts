import type { EndpointTable } from '../http/endpoints.ts';
import type { LoginInfo } from '../model/user-access.ts';

/** Mobile numbers, and the codes sent to them: one REST call each. They reject as those of {@link UserCalls} do. */
export interface UserMobileCalls {
  /**
   * Asks for a captcha. Its picture is at `<ratel>/app/captcha/image?image_id=…&app_id=…`.
   *
   * @returns id of the picture
   */
  asyncCaptchaImagePost(): Promise<string>;
  /**
   * Sends a code by SMS to a user who solved a captcha.
   *
   * @param params.captcha - the text in the picture
   * @param params.image_id - id of the picture
   * @param params.mobile - mobile number
   * @throws FlooError `InvalidVerificationCode` when the text is wrong
   */
  asyncCaptchaSms(params: { captcha: string; image_id: string; mobile: string }): Promise<unknown>;
  /**
   * Sends a code by SMS.
   *
   * @param params.mobile - mobile number
   */
  asyncUserSendSms(params: { mobile: string }): Promise<unknown>;
  /**
   * Resolves with credentials for a mobile number and its code; with a `sign` when no account has that number.
   *
   * @param params.captcha - code that was sent to the number
   * @param params.mobile - mobile number
   * @throws FlooError `InvalidVerificationCode` when the code is wrong
   */
  asyncUserMobileLogin(params: { captcha: string; mobile: string }): Promise<LoginInfo>;
  /**
   * Binds a mobile number to the account.
   *
   * @param params.captcha - code that was sent to the number
   * @param params.mobile - mobile number
   */
  asyncUserMobileBind(params: { captcha: string; mobile: string }): Promise<unknown>;
  /**
   * Binds a mobile number to the account, as {@link asyncUserMobileBind} does.
   *
   * @param params.captcha - code that was sent to the number
   * @param params.mobile - mobile number
   */
  asyncUserBindMobile(params: { captcha: string; mobile: string }): Promise<unknown>;
  /**
   * Binds a mobile number to a new account.
   *
   * @param params.sign - `sign` of {@link asyncUserMobileLogin}
   * @param params.mobile - mobile number
   */
  asyncUserMobileBindSign(params: { sign: string; mobile: string }): Promise<unknown>;
  /**
   * Changes the mobile number of the account.
   *
   * @param params.mobile - mobile number
   */
  asyncUserUpdateMobile(params: { mobile: string }): Promise<unknown>;

  /**
   * Resolves with whether the user proved who they are.
   *
   * @throws FlooError `NotFound` when the server knows no verification
   */
  asyncGetUserVerification(): Promise<{
    /** 1: verified. */
    status: number;
    /** The mobile number that proved it. */
    mobile?: string;
  }>;
  /**
   * Proves who the user is by a mobile number.
   *
   * @param params.mobile - mobile number
   * @param params.captcha - code that was sent to the number
   */
  userVerificationByMobile(params: { mobile: string; captcha: string }): Promise<unknown>;
  /**
   * First step to another mobile number, by the password.
   *
   * @param params.password - password
   * @throws FlooError `UserOldPasswordNotMatch` when it is wrong
   */
  userChangeMobileCheckPassword(params: { password: string }): Promise<{
    /** Proof for `userChangeMobile`. */
    sign: string;
  }>;
  /**
   * First step to another mobile number, by the old number.
   *
   * @param params.captcha - code that was sent to the old number
   * @param params.mobile - the old number
   */
  userChangeMobileCheckMobile(params: { captcha: string; mobile: string }): Promise<{
    /** Proof for `userChangeMobile`. */
    sign: string;
  }>;
  /**
   * Second step to another mobile number.
   *
   * @param params.captcha - code that was sent to the new number
   * @param params.mobile - the new number
   * @param params.sign - proof of the first step
   */
  userChangeMobile(params: { captcha: string; mobile: string; sign: string }): Promise<unknown>;
}

const BIND_MOBILE = {
  method: 'POST',
  path: '/app/user/mobile_bind',
  send: 'body',
  required: ['captcha', 'mobile'],
} as const;

export const USER_MOBILE_ENDPOINTS = {
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
} as const satisfies EndpointTable<UserMobileCalls>;
