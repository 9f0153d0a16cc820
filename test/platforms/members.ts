// Calls every function of a client once, where the SDK runs.
import members from '../api/members.json' with { type: 'json' };
import type { Message } from '../../src/model/message.ts';
import type { FileArgument } from './agent.ts';
import type { Run } from './run.ts';

export const PASSWORD = 'secret12';

/** The users, groups and messages of the calls. */
interface Scene {
  self: { name: string; id: number };
  ben: number;
  /** A message that ben was sent. */
  mid: string;
  /** Results of earlier calls, by member. */
  results: Record<string, unknown>;
  newName(): string;
}

type Arguments = (scene: Scene) => unknown[];

const none: Arguments = () => [];
const ben: Arguments = (scene) => [scene.ben];
const conversation: Arguments = (scene) => [{ id: scene.ben, type: 'roster' }];
const benMessage: Arguments = (scene) => [scene.ben, scene.mid];
const groupId = ({ results }: Scene): number => (results['groupManage.asyncCreate'] as { group_id: number }).group_id;
const group: Arguments = (scene) => [groupId(scene)];
const inGroup =
  (params: (scene: Scene) => object = () => ({})): Arguments =>
  (scene) => [{ group_id: groupId(scene), ...params(scene) }];
const value = (it: unknown): Arguments => inGroup(() => ({ value: it }));
const users = (more: object = {}): Arguments => inGroup((scene) => ({ user_list: [scene.ben], ...more }));
/** A file that was uploaded. */
const upload: Arguments = ({ results }) => [{ url: (results['sysManage.asyncFileUpload'] as { url: string }).url }];
/** The group's message that was sent last. */
const groupMessage: Arguments = (scene) => [
  groupId(scene),
  (lastOf(scene.results['groupManage.getGroupMessage']) as Message).id,
];
/** Not `at`: a list that a mini-program gave has the methods of its engine. */
const lastOf = (list: unknown): unknown => (list as unknown[])[(list as unknown[]).length - 1];
const idOf = (scene: Scene, member: string): unknown => (scene.results[member] as { id: unknown }).id;

/** The arguments of each member, in the order of the calls: later calls use the results of earlier ones. */
const CALLS: Readonly<Record<string, Arguments>> = {
  isLogin: none,
  isReady: none,
  isSelf: ({ self }) => [self.id],
  explain: none,
  isAppInfoReady: none,
  setLogLevel: () => ['error'],

  'userManage.getUid': none,
  'userManage.getToken': none,
  'userManage.getAppid': none,
  'userManage.getDeviceSN': none,
  'userManage.getConversationList': none,
  'userManage.asyncGetDeviceList': none,
  'userManage.asyncGetProfile': none,
  'userManage.asyncGetSettings': none,
  'userManage.asyncGetUserVerification': none,
  'userManage.asyncUpdateProfile': () => [{ description: 'hello' }],
  'userManage.asyncUpdateSettings': ({ self }) => [{ user_id: self.id, group_confirm: false }],
  'userManage.asyncUpdateAuthmode': () => [{ value: 0 }],
  'userManage.asyncUpdateAvatar': () => [{ avatar: 'http://h/a.png' }],
  'userManage.asyncUpdateNickName': () => [{ nick_name: 'Anna' }],
  'userManage.asyncUserNameCheck': (scene) => [{ username: scene.newName() }],
  'userManage.asyncRegister': (scene) => [{ username: scene.newName(), password: PASSWORD }],
  'userManage.asyncRegisterAnonymous': (scene) => [{ username: scene.newName(), password: PASSWORD }],
  'userManage.asyncTokenUser': ({ self }) => [{ name: self.name, password: PASSWORD }],
  'userManage.asyncTokenId': ({ self }) => [{ user_id: self.id, password: PASSWORD }],
  'userManage.asyncBindDeviceToken': ({ results }) => [
    { device_sn: results['userManage.getDeviceSN'], device_token: 'token', notifier_name: 'notifier' },
  ],
  'userManage.asyncUnbindDeviceToken': ({ results }) => [{ deviceSn: results['userManage.getDeviceSN'] }],
  'userManage.asyncGenerateSecretInfo': () => [{ expire_seconds: 60, secret_text: 'secret' }],
  'userManage.asyncSendSecretInfo': ({ results }) => [results['userManage.asyncGenerateSecretInfo']],

  'sysManage.getServers': none,
  'sysManage.getServerIp': none,
  'sysManage.getAppConfig': none,
  'sysManage.getAppStatus': none,
  'sysManage.getAccountVerification': none,
  'sysManage.getLinkServer': none,
  'sysManage.getNoticeMessage': none,
  'sysManage.getStaticVars': none,
  'sysManage.getMessages': conversation,
  'sysManage.getMessage': (scene) => [{ id: scene.ben, type: 'roster', mid: scene.mid }],
  'sysManage.countMessages': conversation,
  'sysManage.searchMessages': () => ['old'],
  'sysManage.makeSearch': () => ['ben'],
  'sysManage.getMessageStatus': benMessage,
  'sysManage.saveConversationDraft': (scene) => [scene.ben, 'roster', 'a draft'],
  'sysManage.getConversationDraft': (scene) => [scene.ben, 'roster'],
  'sysManage.touchConversation': (scene) => [scene.ben, 'roster'],
  'sysManage.markMessageUnread': benMessage,
  'sysManage.getSendingMessages': (scene) => [scene.ben, 'roster'],
  'sysManage.sendRosterMessage': (scene) => [{ uid: scene.ben, content: 'one more' }],
  'sysManage.resendMessage': ({ results }) => [results['sysManage.sendRosterMessage']],
  'sysManage.discardMessage': ({ results }) => [results['sysManage.sendRosterMessage']],
  'sysManage.sendInputStatusMessage': (scene) => [scene.ben, 'typing'],
  'sysManage.forwardMessage': (scene) => [{ uid: scene.ben, message: { content: 'forwarded', type: 'text' } }],
  'sysManage.requireHistoryMessage': (scene) => [scene.ben, scene.mid, 5],
  'sysManage.asyncGetUserAvatarUploadUrl': none,
  'sysManage.asyncGetFileUploadChatFileUrl': (scene) => [{ file_type: 101, to_id: scene.ben, to_type: 1 }],
  'sysManage.asyncFileUpload': (scene) => [
    {
      ...{ file: { fileOf: 'text' } satisfies FileArgument, toType: 'chat', fileType: 'file' },
      ...{ to_id: scene.ben, chatType: 'roster' },
    },
  ],
  'sysManage.getImage': () => [{ avatar: 'http://h/a.png', thumbnail: true }],
  'sysManage.getChatFile': upload,
  'sysManage.getAudio': upload,
  'sysManage.asyncFileDownload': upload,
  'sysManage.downloadAudio': upload,
  'sysManage.asyncQrcode': none,
  'sysManage.asyncGetStaticContact': none,

  'rosterManage.getRosterMessageByRid': ben,
  'rosterManage.getUnreadCount': ben,
  'rosterManage.readRosterMessage': ben,
  'rosterManage.unreadMessage': benMessage,
  'rosterManage.markPlayed': benMessage,
  'rosterManage.asyncGetUserProfile': () => [true],
  'rosterManage.asyncRegister': (scene) => [{ username: scene.newName(), password: PASSWORD }],
  'rosterManage.asyncApply': (scene) => [{ user_id: scene.ben, alias: '' }],
  'rosterManage.asyncGetApplyList': () => [{ cursor: '' }],
  'rosterManage.asyncGetRosterIdList': () => [true],
  'rosterManage.asyncGetRosterInfo': (scene) => [scene.ben, true],
  'rosterManage.asyncGetRosterListDetailByIds': (scene) => [[scene.ben]],
  'rosterManage.getRosterInfo': ben,
  'rosterManage.getAllRosterDetail': none,
  'rosterManage.asyncUpdateRosterExt': (scene) => [{ user_id: scene.ben, ext: 'x' }],
  'rosterManage.asyncUpdateRosterAlias': (scene) => [{ user_id: scene.ben, alias: 'Ben' }],
  'rosterManage.asyncSearchRosterByName': () => [{ username: 'ben' }],
  'rosterManage.asyncSearchRosterById': (scene) => [{ user_id: scene.ben }],
  'rosterManage.asyncBlockAdd': (scene) => [{ user_id: scene.ben }],
  'rosterManage.asyncGetBlockedlist': none,
  'rosterManage.asyncBlockRemove': (scene) => [{ user_id: scene.ben }],
  'rosterManage.appendMessageContent': (scene) => [scene.ben, scene.mid, ' and more'],
  'rosterManage.replaceMessage': (scene) => [scene.ben, scene.mid, 'another text'],

  'groupManage.asyncCreate': (scene) => [{ name: 'group', user_list: [scene.ben] }],
  'sysManage.sendGroupMessage': (scene) => [{ gid: groupId(scene), content: 'hello group' }],
  'sysManage.sendMentionMessage': (scene) => [
    { gid: groupId(scene), txt: 'hello ben', mentionAll: false, mentionList: [scene.ben] },
  ],
  'sysManage.asyncGetGroupAvatarUploadUrl': inGroup(),
  'sysManage.asyncQrcodeGroupsign': inGroup(),
  'groupManage.asyncGetInfo': inGroup(),
  'groupManage.asyncGetSettings': inGroup(),
  'groupManage.asyncGetUserJoined': none,
  'groupManage.asyncGetPublicList': none,
  'groupManage.asyncGetMemberList': inGroup(),
  'groupManage.asyncGetMemberDisplayName': users(),
  'groupManage.asyncGetAdminList': inGroup(),
  'groupManage.asyncGetInvitationList': none,
  'groupManage.asyncGetApplicationList': (scene) => [{ group_list: group(scene) }],
  'groupManage.asyncGroupBannedList': inGroup(),
  'groupManage.asyncGroupBlockedlist': inGroup(),
  'groupManage.asyncGetAnnouncementList': inGroup(),
  'groupManage.asyncGetFileList': inGroup(),
  'groupManage.asyncGetJoinedGroups': () => [true],
  'groupManage.asyncGetGroupInfo': (scene) => [groupId(scene), true],
  'groupManage.asyncGetGroupListDetail': (scene) => [group(scene)],
  'groupManage.getAllGroupDetail': none,
  'groupManage.openGroup': group,
  'groupManage.asyncGetGroupMembers': group,
  'groupManage.getGroupMembers': group,
  'groupManage.getGroupMessage': group,
  'groupManage.getUnreadCount': group,
  'groupManage.consumeGroupAtStatus': group,
  'groupManage.asyncUpdateName': value('another name'),
  'groupManage.asyncUpdateDescription': value('about it'),
  'groupManage.asyncUpdateAvatar': value('http://h/g.png'),
  'groupManage.asyncUpdateExt': value('x'),
  'groupManage.asyncUpdateDisplayName': value('Anna of the group'),
  'groupManage.asyncUpdateAllowMemberInvitation': value(true),
  'groupManage.asyncUpdateAllowMemberModify': value(true),
  'groupManage.asyncUpdateEnableReadack': value(true),
  'groupManage.asyncUpdateHistoryVisible': value(true),
  'groupManage.asyncHideMemberInfo': value(true),
  'groupManage.asyncUpdateRequireadminapproval': inGroup(() => ({ apply_approval: 1 })),
  'groupManage.asyncGroupMsgMutemode': inGroup(() => ({ msg_mute_mode: 1 })),
  'groupManage.asyncAdminAdd': users(),
  'groupManage.asyncAdminRemove': users(),
  'groupManage.asyncGroupBan': users({ duration: 10 }),
  'groupManage.asyncGroupUnban': users(),
  'groupManage.asyncBanAll': inGroup(() => ({ duration: -1 })),
  'groupManage.asyncUnBanAll': inGroup(),
  'groupManage.asyncAnnouncementEdit': inGroup(() => ({ title: 'title', content: 'content' })),
  'groupManage.asyncGetAnnouncementById': inGroup((scene) => ({
    announcement_id: idOf(scene, 'groupManage.asyncAnnouncementEdit'),
  })),
  'groupManage.asyncAnnouncementDelete': inGroup((scene) => ({
    announcement_id: idOf(scene, 'groupManage.asyncAnnouncementEdit'),
  })),
  'groupManage.asyncFileUpload': inGroup(() => ({ name: 'f', size: 1, url: 'http://h/f?x', type: 'txt' })),
  'groupManage.asyncFileDelete': inGroup(({ results }) => ({
    file_list: [(results['groupManage.asyncFileUpload'] as { file_id: unknown }).file_id],
  })),
  'groupManage.unreadMessage': groupMessage,
  'groupManage.markPlayed': groupMessage,
  'groupManage.readGroupMessage': group,
  'groupManage.appendMessageContent': (scene) => [...groupMessage(scene), ' and more'],
  'groupManage.replaceMessage': (scene) => [...groupMessage(scene), 'another text'],
  'groupManage.recallMessage': groupMessage,
  'groupManage.deleteMessage': groupMessage,
  'groupManage.asyncInvite': users(),
  'groupManage.asyncKick': users(),
  'groupManage.asyncGroupBlock': users(),
  'groupManage.asyncGroupUnblock': users(),
  'groupManage.asyncDestroy': inGroup(),

  'rtcManage.getJanusObject': none,
  'rtcManage.getPublishHandler': none,
  'rtcManage.getSubscribeHandler': none,
  'rtcManage.getInCallStatus': none,
  'rtcManage.sendRTCMessage': (scene) => [{ uid: scene.ben, config: { action: 'call', callId: 'c' } }],

  'rosterManage.recallMessage': benMessage,
  'rosterManage.deleteMessage': benMessage,
  'sysManage.deleteConversation': (scene) => [scene.ben, false, 'roster'],
  'rosterManage.asyncDeleteRoster': (scene) => [{ user_id: scene.ben }],
};

const BY_SESSION = 'the session calls it';
const NO_SERVICE = 'needs a service that the dev server does not have';
const OTHERS = 'needs something that another user does first';
const NO_CALLS = 'throws without the option `rtc`';
const ENDS = 'ends the session';

/** The members that are not called here, each with the reason. */
const NOT_CALLED: Readonly<Record<string, string>> = {
  ...reason(BY_SESSION, '', 'login on'),
  ...reason('the same as `on` and `login`, which the session calls', '', 'listen idLogin qrlogin tokenLogin'),
  ...reason('starts the client again', '', 'configure'),
  ...reason('takes a function, which cannot be sent to where the SDK runs', '', 'off'),
  ...reason(ENDS, '', 'logout cleanup kickAllWeb disConnect dispose'),
  ...reason(ENDS, 'userManage', 'deleteToken asyncDeleteUser asyncUserChangePassword asyncKickDevice'),
  ...reason(NO_SERVICE, '', 'wxlogin'),
  ...reason(
    NO_SERVICE,
    'userManage',
    'asyncUserBindMobile asyncUserMobileBind asyncUserUpdateMobile asyncUserSendSms asyncCaptchaSms asyncCaptchaImagePost ' +
      'asyncUserMobileBindSign asyncUserMobileLogin asyncGenerateWXUrlLink aysncGenerateWXUrlLink asyncUpdateMobile ' +
      'userVerificationByMobile userChangeMobileCheckPassword userChangeMobileCheckMobile userChangeMobile',
  ),
  ...reason(
    NO_SERVICE,
    'sysManage',
    'asyncWoaQrcode asyncWoaQrcodeStatus asyncWoaQrlogin asyncWoaIsBind asyncWxlogin asyncWxbind asyncWechatBind ' +
      'asyncWechatUnbind asyncWechatIsbind asyncParseLink asyncParseLinkV2 aysncParseLink aysncParseLinkV2',
  ),
  ...reason(NO_SERVICE, 'groupManage', 'asyncUpdateMsgNotDisturb'),
  ...reason(OTHERS, 'sysManage', 'asyncQrlogin asyncQrcodeGroupinvite'),
  ...reason(OTHERS, 'rosterManage', 'asyncAccept asyncDecline'),
  ...reason(OTHERS, 'groupManage', 'asyncApply asyncApplyHandle asyncInviteHandle asyncLeave asyncOwnerTransfer'),
  ...reason('needs a frame of the protocol', 'sysManage', 'sendMessage'),
  ...reason('gives a path, and only mini-programs have one', 'sysManage', 'downloadChatFile'),
  ...reason(
    NO_CALLS,
    'rtcManage',
    'initRTCEngine joinRoom leaveRoom publish unPublish subscribe unSubscribe muteLocalAudio muteLocalVideo ' +
      'muteRemoteAudio muteRemoteVideo destroy',
  ),
  ...reason('does not work after its right spelling has done it', 'groupManage', 'asyncAnouncementDelete'),
  ...reason('does not work after its right spelling has done it', 'rosterManage', 'asyncBlockeAdd'),
};

function reason(why: string, manager: string, names: string): Record<string, string> {
  const prefix = manager && `${manager}.`;
  return Object.fromEntries(names.split(' ').map((name) => [prefix + name, why]));
}

/** Deployed misspellings, by their right spelling. */
const MISSPELT = new Map(
  Object.entries(members.rightSpelling).flatMap(([manager, names]) =>
    Object.entries(names).map(([wrong, right]): [string, string] => [`${manager}.${right}`, `${manager}.${wrong}`]),
  ),
);

/**
 * Calls every member that the client there has; a session must be online.
 *
 * @throws Error that names each member which failed, or for which this file has neither a call nor a reason.
 */
export async function callMembers(run: Run, about: { self: Scene['self']; ben: number; mid: string }): Promise<void> {
  const existing = await run.members();
  const spellings = new Set(MISSPELT.values());
  const isKnown = (member: string): boolean => member in CALLS || member in NOT_CALLED || spellings.has(member);
  const problems = [
    ...existing
      .filter((member) => !isKnown(member))
      .map((member) => `${member}: test/platforms/members.ts has no call of it`),
    ...[...Object.keys(CALLS), ...Object.keys(NOT_CALLED)]
      .filter((member) => !existing.includes(member))
      .map((member) => `${member}: there is none`),
  ];
  let names = 0;
  const scene: Scene = { ...about, results: {}, newName: () => `newcomer${about.self.id}n${++names}` };
  const call = async (member: string, right = member): Promise<void> => {
    try {
      scene.results[right] = await run.call(member, ...CALLS[right]!(scene));
    } catch (error) {
      const { message } = error as Error;
      problems.push((message.startsWith(member) ? message : `${member}: ${message}`).slice(0, 200));
    }
  };
  for (const member of Object.keys(CALLS)) {
    await call(member);
    const misspelt = MISSPELT.get(member);
    if (misspelt !== undefined && !(misspelt in NOT_CALLED)) await call(misspelt, member);
  }
  if (problems.length > 0) throw new Error(problems.join('; '));
}
