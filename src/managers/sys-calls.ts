import { CHAT_FILE_UPLOAD, GROUP_AVATAR_UPLOAD, USER_AVATAR_UPLOAD } from '../http/endpoints.ts';
import type { EndpointTable } from '../http/endpoints.ts';
import type { UploadTicket } from '../model/file.ts';
import type { IdInput } from '../model/ids.ts';
import type { Paged } from '../model/page.ts';
import type { StaticContact } from '../model/user.ts';
import type { LoginInfo, QrCode } from '../model/user-access.ts';

/** What else the server does: one REST call each. They reject as those of {@link UserCalls}. */
export interface SysCalls {
  /** Asks where to upload the own avatar. */
  asyncGetUserAvatarUploadUrl(): Promise<UploadTicket>;
  /** Asks where to upload the avatar of a group. */
  asyncGetGroupAvatarUploadUrl(params: { group_id: IdInput }): Promise<UploadTicket>;
  /**
   * Asks where to upload a file to send.
   *
   * @param params.file_type - 100 file, 101 AMR voice, 102 image, 103 video, 104 MP3 voice, 200 to 203 shared ones
   * @param params.to_type - 1 user, 2 group
   */
  asyncGetFileUploadChatFileUrl(params: { file_type: number; to_id: IdInput; to_type: number }): Promise<UploadTicket>;

  /** Asks for a code to log in with; a logged-in device scans it. */
  asyncQrcode(): Promise<QrCode>;
  /** Resolves with what to log in with once the code is confirmed, and without it before: ask again after a second. */
  asyncQrlogin(params: { qr_code: string }): Promise<LoginInfo>;
  /** Asks for a code that leads into a group. */
  asyncQrcodeGroupsign(params: { group_id: IdInput }): Promise<{ qr_info: string; expired: number }>;
  /** Joins the group of such a code. */
  asyncQrcodeGroupinvite(params: { qr_info: string }): Promise<unknown>;

  /** Asks for a code of the WeChat official account to log in with. */
  asyncWoaQrcode(): Promise<QrCode>;
  /** Asks whether such a code was scanned. Rejects with code 11022 while nobody scanned it. */
  asyncWoaQrcodeStatus(params: { qrcode_id: string }): Promise<{ code?: string }>;
  /** Resolves with what to log in with after such a code was scanned. */
  asyncWoaQrlogin(params: { code: string }): Promise<LoginInfo>;
  /** Resolves when the official account is bound, rejects when it is not. */
  asyncWoaIsBind(): Promise<unknown>;
  /** Takes the code of `wx.login`. Resolves with what to log in with, or with an `openid` to bind. */
  asyncWxlogin(params: { code: string; iv?: string; data?: string }): Promise<LoginInfo>;
  /**
   * Binds a WeChat open id to the account.
   *
   * @param params.type - 1 mini-program
   */
  asyncWxbind(params: { open_id: string; type?: number }): Promise<unknown>;
  /** Binds a WeChat open id to the account. */
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
