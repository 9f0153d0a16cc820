/**
 * Every REST call the SDK makes, once (rest-api 3): `[flags] METHOD path[?] [required keys]`.
 *
 * - A GET has its parameters in the URL. A POST has them in a JSON body; with `?` behind the path in the URL, and its body is `{}`.
 * - A call without one of the required keys is refused here (`a|b`: one of the two); others pass through. `access-token` is filled in.
 * - `public`: sent without the token. `open`: with the token if there is one. All others need a login.
 * - When a host does not answer, a GET is tried again at the next one unless it says `once`, a POST only if it says `safe`.
 */
export type Endpoint = `${'' | `${string} `}${'GET' | 'POST'} ${string}`;

const tokenUser: Endpoint = 'public safe POST /token/user name|mobile password';
const tokenId: Endpoint = 'public safe POST /token/id user_id password';
const register: Endpoint = 'public POST /user/register/v2 username password';
const profile: Endpoint = 'GET /user/profile';
const bindMobile: Endpoint = 'POST /app/user/mobile_bind captcha mobile';
const groupIds: Endpoint = 'GET /group/user_joined';
const groupInfo: Endpoint = 'GET /group/info group_id';
const groupMembers: Endpoint = 'GET /group/member_list group_id';
const groupCards: Endpoint = 'safe POST /group/members/display_name group_id user_list';
const rosterIds: Endpoint = 'GET /roster/list';
const rosterDetails: Endpoint = 'safe POST /roster/list list';
const groupDetails: Endpoint = 'safe POST /group/info/batch group_list';
const rosterDelete: Endpoint = 'POST /roster/delete? user_id';
const fileForward: Endpoint = 'GET /file/upload/forward file_sign to_id to_type access-token';
const appConfig: Endpoint = 'open GET /app/config platform';

/** What is called by name; the tables of the managers say which method makes which call and nothing else. */
export const ENDPOINTS = {
  tokenUser,
  tokenId,
  register,
  rosterIds,
  rosterDetails,
  rosterDelete,
  groupIds,
  groupInfo,
  groupMembers,
  groupCards,
  groupDetails,
  fileForward,
  appConfig,

  userManage: {
    asyncGetDeviceList: 'GET /user/device/list',
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
    asyncSendSecretInfo: 'open once GET /app/secret_info',
    asyncUserBindMobile: bindMobile,
    asyncUserMobileBind: bindMobile,
    asyncUserUpdateMobile: 'POST /app/user/mobile_update mobile',
    asyncUserSendSms: 'open once GET /app/captcha/sms mobile',
    asyncCaptchaSms: 'open once GET /app/captcha/sms_web captcha image_id mobile',
    asyncCaptchaImagePost: 'open POST /app/captcha/image',
    asyncUserNameCheck: 'open GET /app/user/name_check username',
    asyncUserMobileBindSign: 'open POST /app/user/mobile_bind_with_sign sign mobile',
    asyncUserMobileLogin: 'open once GET /app/user/info_pwd captcha mobile',
    aysncGenerateWXUrlLink: 'POST /app/generate_url_link path query',
    asyncUpdateAuthmode: 'POST /user/authmode? value',
    asyncUpdateAvatar: 'POST /user/avatar avatar',
    asyncUpdateMobile: 'POST /user/mobile? mobile',
    asyncUpdateNickName: 'POST /user/nickname? nick_name',
    asyncUserChangePassword: 'POST /user/change_password old_password new_password',
    asyncGetProfile: profile,
    asyncUpdateProfile: 'POST /user/profile',
    asyncGetSettings: 'GET /user/settings',
    asyncUpdateSettings: 'POST /user/settings user_id',
    asyncGetUserVerification: 'GET /app/user_verification',
    userVerificationByMobile: 'POST /app/user_verification_by_mobile mobile captcha',
    userChangeMobileCheckPassword: 'POST /app/user/mobile_prechange_by_password password',
    userChangeMobileCheckMobile: 'POST /app/user/mobile_prechange_by_mobile captcha mobile',
    userChangeMobile: 'POST /app/user/mobile_change captcha mobile sign',
  },

  rosterManage: {
    asyncGetUserProfile: profile,
    asyncRegester: register,
    asyncGetApplyList: 'GET /roster/apply/list cursor',
    asyncGetBlockedlist: 'GET /roster/blocked_list',
    asyncBlockeAdd: 'POST /roster/block? user_id',
    asyncBlockeRemove: 'POST /roster/unblock? user_id',
    asyncApply: 'POST /roster/apply user_id alias',
    asyncAccept: 'POST /roster/accept? user_id',
    asyncDecline: 'POST /roster/decline user_id',
    asyncUpdateRosterExt: 'POST /roster/ext user_id ext',
    asyncUpdateRosterAlias: 'POST /roster/ext user_id alias',
    asyncSearchRosterByName: 'GET /roster/name username',
    asyncSearchRosterById: 'GET /roster/id user_id',
  },

  groupManage: {
    asyncGetInfo: groupInfo,
    asyncGetMemberList: groupMembers,
    asyncGetAdminList: 'GET /group/admin_list group_id',
    asyncAdminAdd: 'POST /group/admin/add group_id user_list',
    asyncAdminRemove: 'POST /group/admin/remove group_id user_list',
    asyncGetAnouncementById: 'GET /group/announcement announcement_id group_id',
    asyncAnouncementDelete: 'POST /group/announcement/delete? announcement_id group_id',
    asyncAnnouncementEdit: 'POST /group/announcement/edit group_id content title',
    asyncGetAnnouncementList: 'GET /group/announcement/list group_id',
    asyncCreate: 'POST /group/create name',
    asyncDestroy: 'POST /group/destroy? group_id',
    asyncUpdateAvatar: 'POST /group/info/avatar group_id value',
    asyncUpdateDescription: 'POST /group/info/description group_id value',
    asyncUpdateExt: 'POST /group/info/ext group_id value',
    asyncUpdateName: 'POST /group/info/name group_id value',
    asyncGroupMsgMutemode: 'POST /group/msg/mute_mode group_id msg_mute_mode',
    asyncUpdateMsgNotDisturb: 'POST /group/msg/not_disturb group_id value',
    asyncGetPublicList: 'GET /group/public_list',
    asyncGroupBannedList: 'GET /group/banned_list group_id',
    asyncGroupBab: 'POST /group/ban group_id duration user_list',
    asyncGroupUnban: 'POST /group/unban group_id user_list',
    asyncGetSettings: 'GET /group/settings group_id',
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
    asyncGroupBockedlist: 'GET /group/blocked_list group_id',
    asyncGroupBlock: 'POST /group/block group_id user_list',
    asyncGroupUnblock: 'POST /group/unblock group_id user_list',
    asyncKick: 'POST /group/kick group_id user_list',
    asyncGetInvitationList: 'GET /group/invitation_list',
    asyncInvite: 'POST /group/invite group_id user_list',
    asyncInviteHandle: 'POST /group/invite/handle approval group_id user_id',
    asyncGetMemberDisplayName: groupCards,
    asyncLeave: 'POST /group/leave? group_id',
    asyncUpdateDisplayName: 'POST /group/display_name group_id value',
    asncGetApplicationList: 'safe POST /group/application_list group_list',
    asyncGetFileList: 'GET /group/file/list group_id',
    asyncFileDelete: 'POST /group/file/delete group_id file_list',
    asyncFileUpload: 'POST /group/file/upload group_id name size url',
  },

  sysManage: {
    asyncGetUserAvatarUploadUrl: 'GET /file/upload/avatar/user',
    asyncGetGroupAvatarUploadUrl: 'GET /file/upload/avatar/group group_id access-token',
    asyncGetFileUploadChatFileUrl: 'GET /file/upload/chat file_type to_id to_type',
    asyncQrcode: 'open GET /app/qr_code',
    asyncQrlogin: 'open GET /app/qr_login qr_code',
    asyncQrcodeGroupsign: 'GET /app/qrcode/group_sign group_id',
    asyncQrcodeGroupinvite: 'once GET /app/qrcode/group_invite qr_info',
    asyncWoaQrcode: 'open GET /app/official_account/qrcode',
    asyncWoaQrcodeStatus: 'open GET /app/official_account/qrcode_status qrcode_id',
    asyncWoaQrlogin: 'open once GET /app/official_account/login code',
    asyncWoaIsBind: 'GET /app/official_account/is_bind',
    asyncWxlogin: 'open once GET /app/wechat_login code',
    asyncWxbind: 'once GET /user/bind_openid open_id',
    asyncWechatBind: 'POST /app/wechat/bind open_id type',
    asyncWechatUnbind: 'POST /app/wechat/unbind',
    asyncWechatIsbind: 'GET /app/wechat/is_bind',
    asyncGetStaticContact: 'GET /app/support_staff',
  },
} as const satisfies Record<string, Endpoint | Record<string, Endpoint>>;

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
  const [, flags, method, path, mark, keys] = /^(.*?)(GET|POST) ([^ ?]+)(\??) ?(.*)$/.exec(endpoint) as unknown as [
    ...[string, string, 'GET' | 'POST'],
    ...[string, string, string],
  ];
  const isGet = method === 'GET';
  return {
    method,
    path,
    inQuery: isGet || mark !== '',
    open: /public|open/.test(flags),
    trusted: !flags.includes('public'),
    safe: isGet ? !flags.includes('once') : flags.includes('safe'),
    required: keys ? keys.split(' ') : [],
  };
}
