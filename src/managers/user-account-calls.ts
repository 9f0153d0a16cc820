import { TOKEN_BY_ID, TOKEN_BY_NAME, UNBIND_DEVICE } from '../http/endpoints.ts';
import type { EndpointTable } from '../http/endpoints.ts';
import type { Device } from '../model/device.ts';
import type { IdInput } from '../model/ids.ts';
import type { Paged } from '../model/page.ts';
import type { UserSettings } from '../model/user.ts';
import type { TokenInfo } from '../model/user-access.ts';

/** Accounts, tokens and devices: one REST call each. They reject as those of {@link UserCalls} do. */
export interface UserAccountCalls {
  /** Lists the devices of the user. */
  asyncGetDeviceList(): Promise<Paged<Device>>;
  /**
   * Logs a device out.
   *
   * @param params.device_sn - serial number of the device
   * @throws FlooError `InvalidParam` without `device_sn`, because the server would log out every device
   */
  asyncKickDevice(params: { device_sn: number }): Promise<boolean>;
  /**
   * Sets where pushes for a device go.
   *
   * @param params.device_sn - serial number of the device
   * @param params.device_token - token of the push service
   * @param params.notifier_name - name of the push certificate
   */
  asyncBindDeviceToken(params: { device_sn: number; device_token: string; notifier_name: string }): Promise<boolean>;
  /**
   * Ends pushes to a device.
   *
   * @param params.deviceSn - serial number of the device
   */
  asyncUnbindDeviceToken(params?: { deviceSn?: number }): Promise<unknown>;
  /**
   * Deletes the account. Call `logout({ deleteUser: true })` afterwards.
   *
   * @param params.password - password of the account
   */
  asyncDeleteUser(params: { password: string }): Promise<boolean>;

  /**
   * Gets a token for a user name or mobile number, without logging in.
   *
   * @param params.name - user name
   * @param params.mobile - mobile number, instead of `name`
   * @param params.password - password
   * @param params.device_guid - name of the device, to get a `push_token`, too
   * @throws FlooError `UserAuthFailed` when name or password are wrong
   */
  asyncTokenUser(params: {
    name?: string;
    mobile?: string;
    password: string;
    device_guid?: string;
  }): Promise<TokenInfo>;
  /**
   * Gets a token for a user id, without logging in.
   *
   * @param params.user_id - user id
   * @param params.password - password
   * @param params.device_guid - name of the device, to get a `push_token`, too
   * @throws FlooError `UserAuthFailed` when id or password are wrong
   */
  asyncTokenId(params: { user_id: IdInput; password: string; device_guid?: string }): Promise<TokenInfo>;
  /**
   * Creates an account. Log in afterwards.
   *
   * @param params.username - user name
   * @param params.password - password
   * @throws FlooError `UserAlreadyExist` when the name is taken
   * @throws FlooError `InvalidUserNameParameter` or `InvalidRequestParameter` when the server does not accept the
   *   name or password
   * @throws FlooError `ServerLicenseLimit` when the app may not have more users
   * @example
   * await im.userManage.asyncRegister({ username: 'dave', password: 'demo1234' });
   * await im.login({ name: 'dave', password: 'demo1234' });
   */
  asyncRegister(params: { username: string; password: string }): Promise<UserSettings>;
  /**
   * Creates an account with a made-up name.
   *
   * @param params.username - start of the name
   * @param params.password - password
   * @param params.cid - the user who sent the invitation link
   * @returns the whole user name, and the user id where the server gives it
   */
  asyncRegisterAnonymous(params: { username: string; password: string; cid?: IdInput }): Promise<{
    /** The whole user name. */
    username: string;
    /** User id, where the server gives it. */
    user_id?: number;
  }>;
  /**
   * Asks whether a user name is free. The answer is the server's.
   *
   * @param params.username - user name
   */
  asyncUserNameCheck(params: { username: string }): Promise<unknown>;

  /**
   * Leaves a text at the server for a while. Resolves with a code for it.
   *
   * @param params.expire_seconds - how long, in seconds
   * @param params.secret_text - the text
   */
  asyncGenerateSecretInfo(params: { expire_seconds: number; secret_text: string }): Promise<{
    /** Code for `asyncSendSecretInfo`. */
    code: string;
  }>;
  /**
   * Takes the text that a code stands for.
   *
   * @param params.code - the code
   */
  asyncSendSecretInfo(params: { code?: string }): Promise<{
    /** The text. */
    secret_text: string;
  }>;
}

export const REGISTER = {
  method: 'POST',
  path: '/user/register/v2',
  send: 'body',
  required: ['username', 'password'],
  token: 'never',
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
  asyncUnbindDeviceToken: UNBIND_DEVICE,
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
} as const satisfies EndpointTable<UserAccountCalls>;
