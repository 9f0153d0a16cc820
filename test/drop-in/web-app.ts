// A chat page as deployed ones are, step by step. Runs in a page, beside the script-tag build.
import type { flooim as Factory } from '../../src/entries/browser.ts';
import type { FlooClient } from '../../src/floo-client.ts';
import type { createAppLog as CreateAppLog, Seen } from './app-log.ts';

declare const flooIM: typeof Factory & { flooim: typeof Factory; default: typeof Factory };
declare const createAppLog: typeof CreateAppLog;

const log = createAppLog();
const EVENTS =
  `loginSuccess loginFail flooNotice flooError recentlistUpdate onRosterListUpdate onGroupListUpdate onRosterInfoUpdate
  onRosterMessage onGroupMessage onSendingMessageStatusChanged onMessageStatusChanged onReceiveHistoryMsg onUnreadChange
  onGroupMemberChanged onMessageRecalled onMessageDeleted onMessageCanceled loginerror onDisconnect`.split(/\s+/);
let im: FlooClient;
let isOpen = false;
/** What a view counted with its own handler. */
let heardByView = 0;
let atLogin: unknown;

export const seen = (): Seen[] => log.seen;
export const nth = async (event: string, n: number): Promise<unknown> => log.nth(event, n);

/** The app starts. A second call is a change of the app id in the running page. */
export function open(dnsServer: string, autoLogin: boolean): unknown {
  const made = flooIM.default({
    appid: 'welovemaxim',
    dnsServer,
    ws: false,
    autoLogin,
    logLevel: 'off',
  });
  const isSame = made === im;
  im = made;
  if (!isOpen) {
    isOpen = true;
    log.bind(im, EVENTS);
    im.on('loginSuccess', () => {
      atLogin = [im.userManage.getUid(), typeof im.userManage.getToken(), im.isLogin(), im.isReady()];
    });
  }
  return { isSame, isReady: im.isReady(), isLogin: im.isLogin() };
}

/** The form is sent as soon as the page is there, whatever DNS does. The result is not looked at. */
export function submitForm(name: string, password: string): void {
  void im.login({ name, password });
}

export async function loggedIn(times: number): Promise<unknown> {
  await log.poll(() => im.isReady());
  await log.nth('loginSuccess', times);
  return atLogin;
}

export async function polledLogin(): Promise<boolean> {
  await log.poll(() => im.isReady());
  return im.isLogin();
}

/** A view is mounted: its handler has the same source text each time, and its leaving unbinds ''. */
export function mountView(): void {
  im.on({ onRosterMessage: () => (heardByView += 1) });
}
export function leaveView(): void {
  im.off({ onRosterMessage: '', loginerror: '' });
}
export const countOfView = (): number => heardByView;

/** What the list of chats shows. */
export function chats(): unknown {
  return im.userManage.getConversationList().map(({ id, type, content, timestamp }) => ({
    id,
    type,
    content,
    isTime: /^\d{13}$/.test(timestamp),
    unread: type === 'group' ? im.groupManage.getUnreadCount(id) : im.rosterManage.getUnreadCount(id),
  }));
}

export async function contacts(): Promise<unknown> {
  const ids = await im.rosterManage.asyncGetRosterIdList(true);
  await im.rosterManage.asnycGetRosterListDetailByIds(ids);
  const groups = await im.groupManage.asyncGetJoinedGroups();
  return {
    ids,
    names: ids.map((id) => im.rosterManage.getAllRosterDetail()[id]!.username),
    groups: groups.map((group) => (typeof group === 'object' ? [group.group_id, group.name] : group)),
    details: Object.keys(im.groupManage.getAllGroupDetail()),
    profile: (await im.userManage.asyncGetProfile(true)).username,
  };
}

/** A chat is opened: history is asked for when there is little of it, and everything is marked as read. */
export function openChat(uid: number): unknown {
  const messages = im.rosterManage.getRosterMessageByRid(uid);
  if (messages.length <= 3) im.sysManage.requireHistoryMessage(uid, 0, 20);
  return log.copy(messages);
}
export function messagesOf(uid: number): string[] {
  return im.rosterManage.getRosterMessageByRid(uid).map(({ content }) => content);
}
export function read(uid: number, mid: string): number {
  im.rosterManage.readRosterMessage(uid, mid);
  return im.rosterManage.getUnreadCount(uid);
}
export function unread(uid: number, mid: string): void {
  im.rosterManage.unreadMessage(uid, mid);
}
export const unreadCount = (uid: number): number => im.rosterManage.getUnreadCount(uid);
export function recall(uid: number, mid: string): void {
  im.rosterManage.recallMessage(uid, mid);
}
export function remove(uid: number, mid: string): void {
  im.rosterManage.deleteMessage(uid, mid);
}

/** @returns the kind of what is returned; apps do not look at it */
export function say(uid: number, content: string, more: object): string {
  return typeof im.sysManage.sendRosterMessage({ uid, content, type: 'text', ...more });
}
export function sayInGroup(gid: number, content: string): void {
  im.sysManage.sendGroupMessage({ gid, content, type: 'text' });
}
export function statusOf(uid: number, mid: string): unknown {
  return im.sysManage.getMessageStatus(uid, mid);
}

/** URLs as a render asks for them; the token is replaced, since it is new each time. */
export function urls(file: string): string[] {
  const { sysManage, userManage } = im;
  return [
    sysManage.getImage({ avatar: '', type: 'roster' }),
    sysManage.getImage({ avatar: '', type: 'group', sdefault: '/image/my.png' }),
    sysManage.getImage({ avatar: '/image/local.png' }),
    sysManage.getImage({ avatar: file, thumbnail: true }),
    sysManage.getAudio({ url: file }),
    sysManage.getChatFile({ url: file }),
    sysManage.getChatFile({ url: '' }),
  ].map((url) => url.replace(userManage.getToken()!, 'TOKEN'));
}

/** The settings page of a group, with the names as they are spelt. */
export async function settings(gid: number, uid: number): Promise<unknown> {
  const { groupManage } = im;
  await groupManage.asyncUpdateName({ group_id: gid, value: 'renamed' });
  await groupManage.asyncUpdateAllowMemberInvitation({ group_id: gid, value: 1 });
  await groupManage.asyncUpdateAllowMemberModify({ group_id: gid, value: 1 });
  await groupManage.asyncUpdateEnableReadack({ group_id: gid, value: 1 });
  await groupManage.asyncUpdateHistoryVisible({ group_id: gid, value: 1 });
  await groupManage.asyncUpdateRequireadminapproval({ group_id: gid, apply_approval: 1 });
  await groupManage.asyncGroupMsgMutemode({ group_id: gid, msg_mute_mode: 2 });
  await groupManage.asyncAdminAdd({ group_id: gid, user_list: [uid] });
  await groupManage.asyncGroupBab({ group_id: gid, duration: 10, user_list: [uid] });
  const banned = await groupManage.asyncGroupBannedList({ group_id: gid });
  await groupManage.asyncGroupUnban({ group_id: gid, user_list: [uid] });
  await groupManage.asyncAnnouncementEdit({ group_id: gid, title: 't', content: 'c' });
  const [announcement] = await groupManage.asyncGetAnnouncementList({ group_id: gid });
  await groupManage.asyncAnouncementDelete({ group_id: gid, announcement_id: announcement!.id });
  const info = await groupManage.asyncGetInfo({ group_id: gid });
  return {
    name: info.name,
    group_id: info.group_id,
    owner_id: info.owner_id,
    flags: [info.member_invite, info.member_modify, info.read_ack, info.history_visible, info.apply_approval].map(
      Number,
    ),
    msg_mute_mode: info.msg_mute_mode,
    banned: banned.map(({ user_id }) => user_id),
    admins: (await groupManage.asyncGetAdminList({ group_id: gid })).map(({ user_id }) => user_id),
    announcement: [announcement!.title, announcement!.content],
    announcements: (await groupManage.asyncGetAnnouncementList({ group_id: gid })).length,
    applications: await groupManage.asncGetApplicationList({ group_list: [gid] }),
    blocked: await groupManage.asyncGroupBockedlist({ group_id: gid }),
  };
}

/** `openGroup` shows its effect by the event, then the getter is read. */
export async function members(gid: number): Promise<unknown> {
  im.groupManage.openGroup(gid);
  await log.nth('onGroupMemberChanged', 2);
  return im.groupManage.getGroupMembers(gid).map(({ user_id, display_name }) => [user_id, typeof display_name]);
}

export async function captcha(): Promise<unknown> {
  const image = await im.userManage.asyncCaptchaImagePost();
  return typeof image === 'string' && image !== '';
}

export function logOut(options?: { linkLogin?: boolean }): void {
  void im.logout(options);
}
export const isLogin = (): boolean => im.isLogin();
export const token = (): unknown => im.userManage.getToken();
export function takeToken(user_id: number, given: string): void {
  void im.tokenLogin({ user_id, token: given });
}
