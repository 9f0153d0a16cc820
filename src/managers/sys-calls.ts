import type { UploadTicket } from '../model/file.ts';
import type { IdInput } from '../model/ids.ts';
import type { Paged } from '../model/page.ts';
import type { StaticContact } from '../model/user.ts';
import type { LoginInfo, QrCode } from '../model/user-access.ts';

/** What else the server does: one REST call each (api-surface 2.4). They reject as those of {@link UserCalls}. */
export interface SysCalls {
  /** Where to upload the own avatar, a group's, or a file to send. */
  asyncGetUserAvatarUploadUrl(): Promise<UploadTicket>;
  asyncGetGroupAvatarUploadUrl(params: { group_id: IdInput }): Promise<UploadTicket>;
  /** @param params `file_type`: 100 file, 101 AMR voice, 102 image, 103 video, 104 MP3 voice, 200 to 203 shared ones; `to_type`: 1 user, 2 group. */
  asyncGetFileUploadChatFileUrl(params: { file_type: number; to_id: IdInput; to_type: number }): Promise<UploadTicket>;

  /** A code to log in with: the app of a logged-in device scans it. */
  asyncQrcode(): Promise<QrCode>;
  /** What to log in with once the code is confirmed; nothing of it before: ask again after a second. */
  asyncQrlogin(params: { qr_code: string }): Promise<LoginInfo>;
  /** A code that leads into a group. */
  asyncQrcodeGroupsign(params: { group_id: IdInput }): Promise<{ qr_info: string; expired: number }>;
  /** Joins the group of such a code. */
  asyncQrcodeGroupinvite(params: { qr_info: string }): Promise<unknown>;

  /** The same by WeChat: a code of the official account, whether it was scanned, and what to log in with. */
  asyncWoaQrcode(): Promise<QrCode>;
  /** Rejects with code 11022 while nobody scanned it. */
  asyncWoaQrcodeStatus(params: { qrcode_id: string }): Promise<{ code?: string }>;
  asyncWoaQrlogin(params: { code: string }): Promise<LoginInfo>;
  /** Resolves when bound, rejects when not. */
  asyncWoaIsBind(): Promise<unknown>;
  /** With the code of `wx.login`: what to log in with, or an `openid` to bind. */
  asyncWxlogin(params: { code: string; iv?: string; data?: string }): Promise<LoginInfo>;
  /** @param params `type`: 1 mini-program. */
  asyncWxbind(params: { open_id: string; type?: number }): Promise<unknown>;
  asyncWechatBind(params: { open_id: string; type: number }): Promise<unknown>;
  asyncWechatUnbind(): Promise<unknown>;
  asyncWechatIsbind(): Promise<boolean>;

  /** Whom the app offers to turn to. */
  asyncGetStaticContact(): Promise<Paged<StaticContact>>;
}
