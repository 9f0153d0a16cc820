/** The endpoints of a dev server by how much they are needed, as the facts rank them. */

const lines = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim());
const each = (method: string, prefix: string, names: string): string[] =>
  names.split(' ').map((name) => `${method} ${prefix}${name}`);

/** What a typical chat app calls. */
export const P0: readonly string[] = [
  ...lines(`GET /v2/app_dns
    GET /api/health
    GET /
    GET /app/config`),
  ...each('POST', '/', 'user/register/v2 token/user token/id'),
  ...each('GET', '/user/', 'profile settings device/list'),
  ...each('POST', '/user/', 'profile nickname avatar settings change_password kick'),
  ...each('GET', '/roster/', 'list id name apply/list blocked_list'),
  ...each('POST', '/roster/', 'list apply accept decline delete ext block unblock'),
  ...each('GET', '/group/', 'info user_joined member_list invitation_list admin_list banned_list'),
  ...each('POST', '/group/', 'create destroy info/batch members/display_name display_name info/name invite'),
  ...each('POST', '/group/', 'invite/handle apply apply/handle application_list kick leave transfer'),
  ...each('POST', '/group/', 'admin/add admin/remove ban unban settings/ban_all settings/unban_all'),
  ...each('GET', '/group/', 'announcement/list file/list'),
  ...each('POST', '/group/', 'announcement/edit announcement/delete file/upload file/delete'),
  ...each('GET', '/file/', 'upload/chat upload/avatar/user upload/avatar/group download/chat download/avatar'),
];

/** What is cheap to have, and what admins set tests up with. */
export const P1: readonly string[] = [
  ...each('POST', '/', 'user/register/anonymous token/login'),
  ...each('GET', '/app/', 'user/name_check support_staff secret_info qr_code qr_login user_verification'),
  ...each('GET', '/app/qrcode/', 'group_sign group_invite'),
  ...each('POST', '/', 'app/secret_info'),
  ...each('POST', '/user/', 'authmode mobile push push/detail push/limit push/nickname sounds vibratory delete'),
  ...each('POST', '/user/token/', 'bind unbind'),
  ...each('GET', '/group/', 'settings blocked_list announcement announcement/last public_list'),
  ...each('POST', '/group/settings/', 'allow_member_invitation allow_member_modify enable_read_ack'),
  ...each('POST', '/group/settings/', 'history_visible hide_member_info require_admin_approval'),
  ...each('POST', '/group/', 'msg/mute_mode info/description info/avatar info/ext block unblock'),
  ...each('GET', '/file/', 'upload/forward'),
  ...each('POST', '/', 'user/add_roster message/send user/register/batch'),
  ...each('PUT', '/user/', 'disable enable'),
  ...each('GET', '/user/', 'rosters'),
  // What deployed apps do with mobile numbers and WeChat accounts.
  ...each('POST', '/app/', 'captcha/image user/mobile_bind user/mobile_bind_with_sign user/mobile_update'),
  ...each('POST', '/app/', 'user/mobile_prechange_by_password user/mobile_prechange_by_mobile user/mobile_change'),
  ...each('POST', '/app/', 'user_verification_by_mobile wechat/bind wechat/unbind generate_url_link'),
  ...each('GET', '/app/', 'captcha/image captcha/sms captcha/sms_web user/info_pwd wechat_login wechat/is_bind'),
  ...each('GET', '/app/official_account/', 'qrcode qrcode_status login is_bind'),
  ...each('GET', '/user/', 'bind_openid'),
  // Of the documented server API.
  ...each('POST', '/', 'push/notify'),
  ...each('GET', '/message/', 'conversation unread ack'),
  ...each('DELETE', '/message/', 'conversation'),
  ...each('POST', '/message/', 'recall'),
  ...each('POST', '/user/conversation/', 'pin unpin'),
  ...each('GET', '/user/conversation/', 'pin_list'),
  ...each('POST', '/user/push/', 'alias badge tag'),
  ...each('GET', '/user/push/', 'tag'),
  ...each('DELETE', '/user/push/', 'tag tag/all'),
  ...each('POST', '/group/', 'msg/not_disturb msg/push_mode file/update_name qrcode/invite'),
  ...each('GET', '/group/', 'file qrcode/sign'),
];

/** What this server answers "not implemented" to. */
export const P2: readonly string[] = [
  ...each('GET', '/', 'push/certificate user/online_status roster/mobile roster/may_message'),
  ...each('POST', '/message/', 'broadcast notify'),
  ...each('POST', '/user/', 'avatar/batch profile/batch register/push username device/remove'),
  ...each('POST', '/', 'push/task/detail ai/message/send no/such/path'),
];
