// Mini-programs and uni-apps as deployed ones are, step by step. Runs in the app's engine, beside the copied file.
import type { flooim as Factory } from '../../src/entries/wechat.ts';
import type { FlooClient } from '../../src/floo-client.ts';
import type { Message } from '../../src/model/message.ts';
import type { createAppLog as CreateAppLog, Seen } from './app-log.ts';

declare const createAppLog: typeof CreateAppLog;

const log = createAppLog();
const EVENTS =
  `loginSuccess loginerror onDisconnect flooNotice flooError onRosterMessage onGroupMessage onRosterListUpdate
  onReceiveHistoryMsg onSendingMessageStatusChanged onUnreadChange`.split(/\s+/);
let im: FlooClient;

export const seen = (): Seen[] => log.seen;
export const nth = async (event: string, n: number): Promise<unknown> => log.nth(event, n);

/** The app is launched. `dnsServer` is among the options and undefined, as in deployed ones, unless a test names a server. */
export function launch(flooim: typeof Factory, dnsServer: string | undefined): unknown {
  const options = { autoLogin: true, dnsServer: undefined, appid: 'welovemaxim', ws: true };
  im = flooim(dnsServer === undefined ? options : { ...options, dnsServer });
  log.bind(im, EVENTS);
  return { hasIsLogin: typeof im.isLogin, isLogin: im.isLogin() };
}

/** WeChat's login; its whole result is what `idLogin` gets. */
export async function logInByWechat(): Promise<unknown> {
  const result = await im.sysManage.asyncWxlogin({ code: 'c' });
  void im.idLogin(result);
  await log.nth('loginSuccess', 1);
  return [im.userManage.getUid(), im.isLogin()];
}

export async function logIn(name: string, password: string): Promise<unknown> {
  const returned: unknown = im.login({ name, password });
  await log.nth('loginSuccess', 1);
  await returned;
  return [im.userManage.getUid(), im.isLogin()];
}

export const bindWechat = async (): Promise<unknown> => {
  const { openid } = await im.sysManage.asyncWxlogin({ code: 'c' });
  await im.sysManage.asyncWxbind({ open_id: openid!, type: 1 });
  return im.sysManage.asyncWechatIsbind();
};

/** The app is hidden, and shown again: it asks who is logged in at each of these moments. */
export function hide(): boolean {
  im.disConnect();
  return im.isLogin();
}
export async function show(name: string, password: string, times: number): Promise<boolean[]> {
  void im.login({ name, password });
  const atOnce = im.isLogin();
  await log.nth('loginSuccess', times);
  return [atOnce, im.isLogin()];
}

/** A chat that is opened marks everything as read, without naming a message. */
export function openChat(uid: number): unknown {
  const before = im.rosterManage.getUnreadCount(uid);
  im.rosterManage.readRosterMessage(uid);
  return [before, im.rosterManage.getUnreadCount(uid), log.copy(im.rosterManage.getRosterMessageByRid(uid))];
}

export function say(uid: number | string, content: string): void {
  im.sysManage.sendRosterMessage({ uid, content, type: 'text' });
}

/** Two pages bind a method each, as Vue does: bound functions all print as native code. */
export function bindPages(): number[] {
  const heard = [0, 0];
  const pages = [0, 1].map((index) => ({
    index,
    onMessage(this: { index: number }, _message: Message): void {
      heard[this.index]! += 1;
    },
  }));
  const [first, second] = pages.map((page) => page.onMessage.bind(page));
  im.on({ onRosterMessage: first! });
  im.on({ onRosterMessage: second! });
  im.off({ onRosterMessage: first!, loginerror: '' });
  im.on({ onRosterMessage: second! });
  return heard;
}

/** The members are fetched, and read in the same turn that the promise resolves in. */
export async function members(gid: number): Promise<unknown> {
  await im.groupManage.asyncGetGroupMembers(gid);
  return im.groupManage
    .getGroupMembers(gid)
    .map(({ user_id, username, display_name }) => [user_id, typeof username, typeof display_name]);
}

export async function logOut(): Promise<unknown> {
  await im.logout();
  return [im.isLogin(), im.isReady()];
}
