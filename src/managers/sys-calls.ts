import { CHAT_FILE_UPLOAD, GROUP_AVATAR_UPLOAD, USER_AVATAR_UPLOAD } from '../http/endpoints.ts';
import type { EndpointTable } from '../http/endpoints.ts';
import type { UploadTicket } from '../model/file.ts';
import type { IdInput } from '../model/ids.ts';
import type { Paged } from '../model/page.ts';
import type { StaticContact } from '../model/user.ts';
import type { LoginInfo, QrCode } from '../model/user-access.ts';

/** Uploads, codes for a login, and WeChat: one REST call each. They reject as those of {@link UserCalls} do. */
export interface SysCalls {
  /** Asks where to upload the user's own picture. `asyncFileUpload` does all of it. */
  asyncGetUserAvatarUploadUrl(): Promise<UploadTicket>;
  /**
   * Asks where to upload the picture of a group. `asyncFileUpload` does all of it.
   *
   * @param params.group_id - the group
   */
  asyncGetGroupAvatarUploadUrl(params: { group_id: IdInput }): Promise<UploadTicket>;
  /**
   * Asks where to upload a file for a message. `asyncFileUpload` does all of it.
   *
   * @param params.file_type - 100 file, 101 AMR voice, 102 image, 103 video, 104 MP3 voice, 200 to 203 shared files
   * @param params.to_id - the user or group that may read it
   * @param params.to_type - 1 user, 2 group
   */
  asyncGetFileUploadChatFileUrl(params: { file_type: number; to_id: IdInput; to_type: number }): Promise<UploadTicket>;

  /** Asks for a code to log in with. A device that is logged in scans it. */
  asyncQrcode(): Promise<QrCode>;
  /**
   * Resolves with credentials once the code is confirmed, and without them before. Ask again after a second.
   *
   * @param params.qr_code - the code
   */
  asyncQrlogin(params: { qr_code: string }): Promise<LoginInfo>;
  /**
   * Asks for a code that leads into a group.
   *
   * @param params.group_id - the group
   */
  asyncQrcodeGroupsign(params: { group_id: IdInput }): Promise<{
    /** Text of the code, for `asyncQrcodeGroupinvite`. */
    qr_info: string;
    /** When it expires, ms since 1970. */
    expired: number;
  }>;
  /**
   * Joins the group of a scanned code.
   *
   * @param params.qr_info - the code
   */
  asyncQrcodeGroupinvite(params: { qr_info: string }): Promise<unknown>;

  /** Asks for a code of the WeChat official account to log in with. */
  asyncWoaQrcode(): Promise<QrCode>;
  /**
   * Asks whether a code of the official account was scanned. While nobody has scanned it, it rejects with `restCode`
   * 11022.
   *
   * @param params.qrcode_id - id of the code
   */
  asyncWoaQrcodeStatus(params: { qrcode_id: string }): Promise<{
    /** Code for `asyncWoaQrlogin`. */
    code?: string;
  }>;
  /**
   * Resolves with credentials after a code of the official account was scanned.
   *
   * @param params.code - the `code` of {@link asyncWoaQrcodeStatus}
   */
  asyncWoaQrlogin(params: { code: string }): Promise<LoginInfo>;
  /** Resolves when the official account is bound, rejects when it is not. */
  asyncWoaIsBind(): Promise<unknown>;
  /**
   * Resolves with credentials for a WeChat user, or with an `openid` to bind.
   *
   * @param params.code - code of `wx.login`
   * @param params.iv - as WeChat gives it
   * @param params.data - as WeChat gives it
   */
  asyncWxlogin(params: { code: string; iv?: string; data?: string }): Promise<LoginInfo>;
  /**
   * Binds a WeChat user to the account.
   *
   * @param params.open_id - `openid` of {@link asyncWxlogin}
   * @param params.type - 1 mini-program
   */
  asyncWxbind(params: { open_id: string; type?: number }): Promise<unknown>;
  /**
   * Binds a WeChat user to the account.
   *
   * @param params.open_id - `openid` of {@link asyncWxlogin}
   * @param params.type - 1 mini-program
   */
  asyncWechatBind(params: { open_id: string; type: number }): Promise<unknown>;
  /** Unbinds WeChat from the account. */
  asyncWechatUnbind(): Promise<unknown>;
  /** Resolves with whether WeChat is bound to the account. */
  asyncWechatIsbind(): Promise<boolean>;

  /** Lists the service accounts that the app offers. */
  asyncGetStaticContact(): Promise<Paged<StaticContact>>;
}

export const SYS_ENDPOINTS = {
  asyncGetUserAvatarUploadUrl: USER_AVATAR_UPLOAD,
  asyncGetGroupAvatarUploadUrl: GROUP_AVATAR_UPLOAD,
  asyncGetFileUploadChatFileUrl: CHAT_FILE_UPLOAD,

  asyncQrcode: { method: 'GET', path: '/app/qr_code', token: 'optional' },
  asyncQrlogin: { method: 'GET', path: '/app/qr_login', required: ['qr_code'], token: 'optional' },
  asyncQrcodeGroupsign: { method: 'GET', path: '/app/qrcode/group_sign', required: ['group_id'] },
  asyncQrcodeGroupinvite: {
    method: 'GET',
    path: '/app/qrcode/group_invite',
    required: ['qr_info'],
    repeatable: false,
  },

  asyncWoaQrcode: { method: 'GET', path: '/app/official_account/qrcode', token: 'optional' },
  asyncWoaQrcodeStatus: {
    method: 'GET',
    path: '/app/official_account/qrcode_status',
    required: ['qrcode_id'],
    token: 'optional',
  },
  asyncWoaQrlogin: {
    method: 'GET',
    path: '/app/official_account/login',
    required: ['code'],
    token: 'optional',
    repeatable: false,
  },
  asyncWoaIsBind: { method: 'GET', path: '/app/official_account/is_bind' },
  asyncWxlogin: {
    method: 'GET',
    path: '/app/wechat_login',
    required: ['code'],
    token: 'optional',
    repeatable: false,
  },
  asyncWxbind: { method: 'GET', path: '/user/bind_openid', required: ['open_id'], repeatable: false },
  asyncWechatBind: { method: 'POST', path: '/app/wechat/bind', send: 'body', required: ['open_id', 'type'] },
  asyncWechatUnbind: { method: 'POST', path: '/app/wechat/unbind', send: 'body' },
  asyncWechatIsbind: { method: 'GET', path: '/app/wechat/is_bind' },

  asyncGetStaticContact: { method: 'GET', path: '/app/support_staff' },
} as const satisfies EndpointTable<SysCalls>;
