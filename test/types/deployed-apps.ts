/**
 * What apps of the deployed SDK write, as TypeScript. It must compile strict and not strict, and with TypeScript 4.7:
 * `test/smoke/consumers.test.ts` does that with the packed package.
 */
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-floating-promises -- as deployed apps write it */
import flooim from '../../src/entries/node.ts';

/** What an app keeps of a message: an interface of its own. */
interface AppMessage {
  id: string | number;
  from: string;
  to: string;
  content: string;
  type?: string;
  ext?: string;
  timestamp?: string | number;
  toType?: string;
  status?: number;
  attach?: {
    url?: string;
    tUrl?: string;
    dName?: string;
    fLen?: number;
    duration?: number;
    width?: number;
    lat?: number;
  };
  config?: { action?: string; callId?: string; initiator?: number; mentionList?: number[] };
}

/** What an app uses of the client: an interface of its own, to which it assigns the client. */
interface AppClient {
  isReady(): boolean;
  isLogin(): boolean;
  login(credentials: { name: string; password: string }): unknown;
  logout(options?: { quitAllWeb?: boolean }): unknown;
  disConnect(): void;
  on(event: string, handler: (payload: any) => void): void;
  off(event: string, handler: unknown): void;
  listen(handlers: Record<string, (payload: any) => void>): void;
  userManage: {
    getUid(): number | undefined;
    getToken(): string | undefined;
    getConversationList(): { id: number; type: string; content: string; timestamp: string; unread?: number }[];
    asyncGetProfile(force?: boolean): Promise<{ user_id: number; nick_name?: string; avatar?: string }>;
  };
  rosterManage: {
    getAllRosterDetail(): Record<string, { user_id: number; nickname?: string; nick_name?: string; avatar?: string }>;
    getRosterMessageByRid(uid: number | string): AppMessage[];
    readRosterMessage(uid: number | string, mid?: number | string): void;
    asyncGetRosterIdList(force?: boolean): Promise<number[]>;
  };
  groupManage: {
    getGruopMessage(gid: number | string): AppMessage[];
    asyncGetMemberList(gid: number | string, force?: boolean): Promise<{ user_id: number }[]>;
    asyncGetJoinedGroups(force?: boolean): Promise<(number | { group_id: number; name?: string })[]>;
  };
  sysManage: {
    sendRosterMessage(message: {
      uid: number | string;
      content?: string;
      type?: string;
      ext?: string;
      config?: string;
      attachment?: object;
    }): unknown;
    sendGroupMessage(message: { gid: number | string; content?: string; type?: string; ext?: string }): unknown;
    requireHistoryMessage(id: number | string, mid: number | string, amount: number): void;
    getImage(options: { avatar?: string; type?: string; thumbnail?: boolean; sdefault?: string }): string;
  };
}

/** The same as functions in properties, whose parameters are compared more strictly. */
interface StrictAppClient {
  isLogin: () => boolean;
  login: (credentials: { name: string; password: string }) => Promise<unknown>;
  on: (event: string, handler: (payload: unknown) => void) => unknown;
  listen: (handlers: Record<string, (payload: unknown) => void>) => unknown;
  userManage: { getUid: () => number | undefined };
  rosterManage: { readRosterMessage: (uid: string | number, mid?: string | number) => unknown };
  sysManage: {
    sendRosterMessage: (message: { uid: string | number; content: string; type?: string; ext?: string }) => unknown;
    sendGroupMessage: (message: { gid: string | number; content: string; type?: string; ext?: string }) => unknown;
  };
}

const config = { appid: 'app', ws: false, autoLogin: true, logLevel: 'off', dnsServer: undefined, unknownOption: 1 };
const im = flooim(config);
const appClient: AppClient = im;
const strictAppClient: StrictAppClient = im;

export const clients = [appClient, strictAppClient];

/** Every event form of the four apps. */
export function bind(name: string, uid: number): void {
  im.on('loginSuccess', () => uid);
  im.on('loginFail', (message) => message.includes('Operation rejected'));
  im.on('flooNotice', ({ category, desc }) => category === 'action' && desc === 'relogin');
  im.on('flooError', ({ category, desc, code }) => [category, desc, code]);
  im.on({
    onRosterMessage: (message: AppMessage) => message.attach?.url,
    onGroupMessage: async (message) => message.content.length,
    onSendingMessageStatusChanged: ({ status, mid, message }) => [status, mid, message?.id],
    onReceiveHistoryMsg: ({ next }) => next,
    onRosterInfoUpdate: (ids) => ids.includes(uid),
    recentlistUpdate: () => undefined,
    onUnreadChange: '' as const,
  });
  // Names that apps bind and the deployed SDK never emits.
  im.on('loginerror', ({ desc }) => desc);
  im.on({ onDisconnect: () => undefined, login: () => undefined });
  im.listen({ auth: () => undefined, message: (message) => message.content, loginMessage: (text) => text });
  im.on(name, (payload) => payload.content);
  im.off(name, bind);
  im.off({ onRosterMessage: '', loginerror: '' });
  const handlers: Record<string, (payload: any) => void> = { [name]: () => undefined };
  im.on(handlers);
  im.off(handlers);
}

/** Sends with a type that is known only when it runs. */
export function send(uid: number | string, type: string, text: string, attachment: object, isGroup: boolean): void {
  const message = { uid, content: text, type: 'image', attachment: { url: 'u', dName: 'n', fLen: 5 }, ext: '{}' };
  im.sysManage.sendRosterMessage(message);
  im.sysManage.sendRosterMessage({ uid, content: text, type, attachment, config: '{}' });
  im.sysManage.sendGroupMessage({ gid: uid, content: text, type, attachment, priority: 1 });
  im.sysManage.sendGroupMessage({ gid: uid, content: text, type: isGroup ? 'text' : 'command' });
  const mention = { gid: uid, txt: text, mentionAll: false, mentionList: [1], mentionedMessage: '', pushMessage: '' };
  im.sysManage.sendMentionMessage({ ...mention, senderNickname: 'n' });
  im.sysManage.sendMentionMessage({ ...mention, senderNickName: 'n' });
  im.rtcManage.sendRTCMessage({ uid, content: text, config: '{}', ext: '{}' });
  const status: string = text ? 'typing' : 'nothing';
  im.sysManage.sendInputStatusMessage(uid, status);
  const kind: string = isGroup ? 'group' : 'roster';
  im.sysManage.saveConversationDraft(uid, kind, text);
  im.sysManage.getConversationDraft(uid, kind);
  im.sysManage.touchConversation(uid, kind);
  im.sysManage.deleteConversation(uid, true);
}

/** Reads as the apps read: without asking for the type first. */
export async function read(uid: number, gid: string, force: boolean): Promise<unknown[]> {
  const { userManage, rosterManage, groupManage, sysManage } = im;
  const details = rosterManage.getAllRosterDetail();
  const detail = details[uid];
  const members: { user_id: number; display_name: string }[] = groupManage.getGroupMembers(gid);
  const messages: AppMessage[] = rosterManage.getRosterMessageByRid(uid);
  const names: (string | undefined)[] = [detail?.nickname, detail?.nick_name, detail?.display_name, detail?.alias];
  const found: unknown[] = [names, messages, members, detail?.has_nick, groupManage.getAllGroupDetail()[gid]?.name];
  for (const message of groupManage.getGruopMessage(gid)) {
    const { url, duration, dName, width, lat, tUrl } = message.attach ?? {};
    found.push(sysManage.getChatFile({ url }), sysManage.getAudio({ url, type: 'audio' }), Number(duration), dName);
    found.push(sysManage.getImage({ avatar: tUrl, type: 'roster', thumbnail: false }), Number(width), Number(lat));
    found.push(message.config?.action === 'call', message.config?.initiator === uid);
    void sysManage.forwardMessage({ uid, message });
  }
  for (const message of messages) void sysManage.forwardMessage({ gid, message });
  for (const { id, type, content, timestamp } of userManage.getConversationList()) {
    found.push(type === 'group' ? groupManage.getUnreadCount(id) : rosterManage.getUnreadCount(id), content, timestamp);
    found.push(sysManage.getMessageStatus(id, '1', type === 'group'));
  }
  const profile = await userManage.asyncGetProfile(true);
  const avatar: string = sysManage.getImage({ avatar: profile.avatar, type: 'roster', sdefault: '/image/roster.png' });
  for (const { user_id } of await groupManage.asyncGetMemberList(Number(gid), true)) found.push(user_id);
  for (const { user_id } of await groupManage.asyncGetAdminList({ group_id: gid })) found.push(user_id);
  for (const group of await groupManage.asyncGetJoinedGroups(force))
    found.push(typeof group === 'object' ? group.group_id : group);
  const [contact] = await sysManage.asyncGetStaticContact();
  found.push(contact?.nickname, contact?.nick_name, avatar, await userManage.asyncGetSettings(true));
  found.push(await rosterManage.asyncGetUserProfile(true), await groupManage.asyncGetGroupMembers(gid, force));
  return found;
}

/** The REST calls of the apps, in their forms. */
export async function call(uid: number, gid: number, file: unknown, kind: string): Promise<unknown[]> {
  const { userManage, rosterManage, groupManage, sysManage } = im;
  await im.login({ name: 'alice', password: 'secret' });
  await im.tokenLogin({ user_id: uid, token: 't' });
  await im.idLogin(await sysManage.asyncWxlogin({ code: 'c' }));
  im.qrlogin({ user_id: String(uid), password: 'p' });
  im.logout({ quitAllWeb: true, linkLogin: false, deleteUser: false });
  await userManage.asyncUpdateSettings({ auth_mode: 1, user_id: uid });
  await userManage.asyncUnbindDeviceToken({ deviceSn: userManage.getDeviceSN() });
  await userManage.asyncRegisterAnonymous({ username: 'a', password: 'p', cid: 'c' });
  await rosterManage.asyncApply({ user_id: uid, alias: '', reason: '' });
  await rosterManage.asyncUpdateRosterAlias({ user_id: uid, alias: 'a' });
  await rosterManage.asnycGetRosterListDetailByIds([uid, String(uid)]);
  await rosterManage.asyncBlockeAdd({ user_id: uid });
  await rosterManage.asyncGetBlockedlist({});
  await groupManage.asyncCreate({ name: 'n', type: 0, avatar: '', description: '', user_list: [uid, String(uid)] });
  await groupManage.asyncUpdateHistoryVisible({ group_id: gid, value: 1 });
  await groupManage.asyncUpdateHistoryVisible({ group_id: gid, value: Number(true) });
  await groupManage.asyncBanAll({ group_id: gid, duration: -1 });
  await groupManage.asncGetApplicationList({ group_list: [gid] });
  await groupManage.asyncFileUpload({ name: 'n', size: 1, type: 't', group_id: gid, url: 'u' });
  await groupManage.asyncInviteHandle({ approval: true, user_id: uid, group_id: gid });
  await groupManage.asyncGroupMsgMutemode({ group_id: gid, msg_mute_mode: 2 });
  const uploaded = await sysManage.asyncFileUpload({
    file,
    toType: kind,
    fileType: kind,
    chatType: kind,
    to_id: gid,
    processCallback: (progress) => progress.loaded / progress.total,
  });
  await sysManage.aysncParseLink('https://link.example.com/info', { link: 'l' });
  await sysManage.asyncWxbind({ open_id: 'o', type: 1 });
  await userManage.asyncUnbindDeviceToken();
  const { alias, description } = await userManage.asyncGetProfile(true);
  const most: number = sysManage.getAppConfig('app')?.message_forward_max_user_num ?? 1;
  const hidden: unknown = sysManage.getAppConfig('app')?.hide_member_info;
  const kept = sysManage.getNoticeMessage().map(({ payload }) => [payload.type, Number(payload.gid?.uid)]);
  const rest: unknown[] = [alias, description, most, hidden, kept, () => im.rtcManage.joinRoom({})];
  return [uploaded.url, sysManage.getServers('app').ratel, ...rest];
}
