/**
 * Every REST call the SDK makes, once (rest-api 3): `[flags] [POST] path[?] [required keys]`.
 *
 * - A GET, which needs no word, has its parameters in the URL. A POST has them in a JSON body; with `?`
 *   behind the path in the URL, and its body is `{}`.
 * - A call without one of the required keys is refused here (`a|b`: one of the two); others pass through. `access-token` is filled in.
 * - `public`: sent without the token. `open`: with the token if there is one. All others need a login.
 * - When a host does not answer, a GET is tried again at the next one unless it says `once`, a POST only if it says `safe`.
 */
export type Endpoint = `${'' | `${string} `}${'' | 'POST '}/${string}`;

// What is called by name; the tables say which method of a manager makes which call.
export const tokenUser: Endpoint = 'public safe POST /token/user name|mobile password';
export const tokenId: Endpoint = 'public safe POST /token/id user_id password';
const register: Endpoint = 'public POST /user/register/v2 username password';
const profile: Endpoint = '/user/profile';
const bindMobile: Endpoint = 'POST /app/user/mobile_bind captcha mobile';
export const groupIds: Endpoint = '/group/user_joined';
export const groupInfo: Endpoint = '/group/info group_id';
export const groupMembers: Endpoint = '/group/member_list group_id';
export const groupCards: Endpoint = 'safe POST /group/members/display_name group_id user_list';
export const rosterIds: Endpoint = '/roster/list';
export const rosterDetails: Endpoint = 'safe POST /roster/list list';
export const groupDetails: Endpoint = 'safe POST /group/info/batch group_list';
export const rosterDelete: Endpoint = 'POST /roster/delete? user_id';
export const fileForward: Endpoint = '/file/upload/forward file_sign to_id to_type access-token';
export const appConfig: Endpoint = 'open /app/config platform';

type Table = Readonly<Record<string, Endpoint>>;

export const userEndpoints = {
  asyncGetDeviceList: '/user/device/list',
  // Without a serial it would kick every device.
  asyncKickDevice: 'POST /user/kick? device_sn',
  asyncBindDeviceToken: 'POST /user/token/bind device_sn device_token notifier_name',
  asyncUnbindDeviceToken: 'POST /user/token/unbind?',
  asyncDeleteUser: 'POST /user/delete password',
  asyncTokenUser: tokenUser,
  asyncTokenId: tokenId,
  asyncRegister: register,
  asyncRegisterAnonymous: 'public POST /user/register/anonymous username password',
  asyncGenerateSecretInfo: 'open POST /app/secret_info expire_seconds secret_text',
  asyncSendSecretInfo: 'open once /app/secret_info',
  asyncUserBindMobile: bindMobile,
  asyncUserMobileBind: bindMobile,
  asyncUserUpdateMobile: 'POST /app/user/mobile_update mobile',
  asyncUserSendSms: 'open once /app/captcha/sms mobile',
  asyncCaptchaSms: 'open once /app/captcha/sms_web captcha image_id mobile',
  asyncCaptchaImagePost: 'open POST /app/captcha/image',
  asyncUserNameCheck: 'open /app/user/name_check username',
  asyncUserMobileBindSign: 'open POST /app/user/mobile_bind_with_sign sign mobile',
  asyncUserMobileLogin: 'open once /app/user/info_pwd captcha mobile',
  aysncGenerateWXUrlLink: 'POST /app/generate_url_link path query',
  asyncUpdateAuthmode: 'POST /user/authmode? value',
  asyncUpdateAvatar: 'POST /user/avatar avatar',
  asyncUpdateMobile: 'POST /user/mobile? mobile',
  asyncUpdateNickName: 'POST /user/nickname? nick_name',
  asyncUserChangePassword: 'POST /user/change_password old_password new_password',
  asyncGetProfile: profile,
  asyncUpdateProfile: 'POST /user/profile',
  asyncGetSettings: '/user/settings',
  asyncUpdateSettings: 'POST /user/settings user_id',
  asyncGetUserVerification: '/app/user_verification',
  userVerificationByMobile: 'POST /app/user_verification_by_mobile mobile captcha',
  userChangeMobileCheckPassword: 'POST /app/user/mobile_prechange_by_password password',
  userChangeMobileCheckMobile: 'POST /app/user/mobile_prechange_by_mobile captcha mobile',
  userChangeMobile: 'POST /app/user/mobile_change captcha mobile sign',
} as const satisfies Table;

export const rosterEndpoints = {
  asyncGetUserProfile: profile,
  asyncRegester: register,
  asyncGetApplyList: '/roster/apply/list cursor',
  asyncGetBlockedlist: '/roster/blocked_list',
  asyncBlockeAdd: 'POST /roster/block? user_id',
  asyncBlockeRemove: 'POST /roster/unblock? user_id',
  asyncApply: 'POST /roster/apply user_id alias',
  asyncAccept: 'POST /roster/accept? user_id',
  asyncDecline: 'POST /roster/decline user_id',
  asyncUpdateRosterExt: 'POST /roster/ext user_id ext',
  asyncUpdateRosterAlias: 'POST /roster/ext user_id alias',
  asyncSearchRosterByName: '/roster/name username',
  asyncSearchRosterById: '/roster/id user_id',
} as const satisfies Table;

export const groupEndpoints = {
  asyncGetInfo: groupInfo,
  asyncGetMemberList: groupMembers,
  asyncGetAdminList: '/group/admin_list group_id',
  asyncAdminAdd: 'POST /group/admin/add group_id user_list',
  asyncAdminRemove: 'POST /group/admin/remove group_id user_list',
  asyncGetAnouncementById: '/group/announcement announcement_id group_id',
  asyncAnouncementDelete: 'POST /group/announcement/delete? announcement_id group_id',
  asyncAnnouncementEdit: 'POST /group/announcement/edit group_id content title',
  asyncGetAnnouncementList: '/group/announcement/list group_id',
  asyncCreate: 'POST /group/create name',
  asyncDestroy: 'POST /group/destroy? group_id',
  asyncUpdateAvatar: 'POST /group/info/avatar group_id value',
  asyncUpdateDescription: 'POST /group/info/description group_id value',
  asyncUpdateExt: 'POST /group/info/ext group_id value',
  asyncUpdateName: 'POST /group/info/name group_id value',
  asyncGroupMsgMutemode: 'POST /group/msg/mute_mode group_id msg_mute_mode',
  asyncUpdateMsgNotDisturb: 'POST /group/msg/not_disturb group_id value',
  asyncGetPublicList: '/group/public_list',
  asyncGroupBannedList: '/group/banned_list group_id',
  asyncGroupBab: 'POST /group/ban group_id duration user_list',
  asyncGroupUnban: 'POST /group/unban group_id user_list',
  asyncGetSettings: '/group/settings group_id',
  asyncUpdateAllowMemberInvitation: 'POST /group/settings/allow_member_invitation group_id value',
  asyncUpdateAllowMemberModify: 'POST /group/settings/allow_member_modify group_id value',
  asyncUpdateEnableReadack: 'POST /group/settings/enable_read_ack group_id value',
  asyncUpdateHistoryVisible: 'POST /group/settings/history_visible group_id value',
  asyncHideMemberInfo: 'POST /group/settings/hide_member_info group_id value',
  asyncUpdateRequireadminapproval: 'POST /group/settings/require_admin_approval group_id apply_approval',
  asyncBanAll: 'POST /group/settings/ban_all group_id duration',
  asyncUnBanAll: 'POST /group/settings/unban_all group_id',
  asyncOwnerTransfer: 'POST /group/transfer group_id new_owner',
  asyncGetUserJoined: groupIds,
  asyncApply: 'POST /group/apply group_id',
  asyncApplyHandle: 'POST /group/apply/handle approval group_id user_id',
  asyncGroupBockedlist: '/group/blocked_list group_id',
  asyncGroupBlock: 'POST /group/block group_id user_list',
  asyncGroupUnblock: 'POST /group/unblock group_id user_list',
  asyncKick: 'POST /group/kick group_id user_list',
  asyncGetInvitationList: '/group/invitation_list',
  asyncInvite: 'POST /group/invite group_id user_list',
  asyncInviteHandle: 'POST /group/invite/handle approval group_id user_id',
  asyncGetMemberDisplayName: groupCards,
  asyncLeave: 'POST /group/leave? group_id',
  asyncUpdateDisplayName: 'POST /group/display_name group_id value',
  asncGetApplicationList: 'safe POST /group/application_list group_list',
  asyncGetFileList: '/group/file/list group_id',
  asyncFileDelete: 'POST /group/file/delete group_id file_list',
  asyncFileUpload: 'POST /group/file/upload group_id name size url',
} as const satisfies Table;

export const sysEndpoints = {
  asyncGetUserAvatarUploadUrl: '/file/upload/avatar/user',
  asyncGetGroupAvatarUploadUrl: '/file/upload/avatar/group group_id access-token',
  asyncGetFileUploadChatFileUrl: '/file/upload/chat file_type to_id to_type',
  asyncQrcode: 'open /app/qr_code',
  asyncQrlogin: 'open /app/qr_login qr_code',
  asyncQrcodeGroupsign: '/app/qrcode/group_sign group_id',
  asyncQrcodeGroupinvite: 'once /app/qrcode/group_invite qr_info',
  asyncWoaQrcode: 'open /app/official_account/qrcode',
  asyncWoaQrcodeStatus: 'open /app/official_account/qrcode_status qrcode_id',
  asyncWoaQrlogin: 'open once /app/official_account/login code',
  asyncWoaIsBind: '/app/official_account/is_bind',
  asyncWxlogin: 'open once /app/wechat_login code',
  asyncWxbind: 'once /user/bind_openid open_id',
  asyncWechatBind: 'POST /app/wechat/bind open_id type',
  asyncWechatUnbind: 'POST /app/wechat/unbind',
  asyncWechatIsbind: '/app/wechat/is_bind',
  asyncGetStaticContact: '/app/support_staff',
} as const satisfies Table;

/** An endpoint, read. */
export interface ParsedEndpoint {
  method: 'GET' | 'POST';
  path: string;
  inQuery: boolean;
  /** Needs no login. */
  open: boolean;
  /** Gets the token. */
  trusted: boolean;
  safe: boolean;
  required: string[];
}

export function parseEndpoint(endpoint: Endpoint): ParsedEndpoint {
  const at = endpoint.indexOf('/');
  const says = (flag: string): boolean => endpoint.slice(0, at).includes(flag);
  const [path, ...required] = endpoint.slice(at).split(' ') as [string, ...string[]];
  const isGet = !says('POST');
  return {
    method: isGet ? 'GET' : 'POST',
    path: path.replace('?', ''),
    inQuery: isGet || path.endsWith('?'),
    open: says('open') || says('public'),
    trusted: !says('public'),
    safe: isGet ? !says('once') : says('safe'),
    required,
  };
}
