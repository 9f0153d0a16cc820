/** What deployed web pages do with the SDK, with the built script, and what they got from the deployed one. */
import { expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import type { Target } from '../support/chromium.ts';
import { PASSWORD, startWorld } from '../support/client-world.ts';
import type { World } from '../support/client-world.ts';
import { asScript, readText, serveSite } from '../platforms/site.ts';
import type { Seen } from './app-log.ts';
import type * as WebApp from './web-app.ts';

type Steps = typeof WebApp;

/** Carries out a step of the app in its page. */
type Page = <K extends keyof Steps>(step: K, ...args: Parameters<Steps[K]>) => Promise<Awaited<ReturnType<Steps[K]>>>;

/** A browser, where each call opens the app's page anew. */
async function openBrowser(world: World): Promise<() => Promise<{ page: Page; target: Target }>> {
  const site = await serveSite({
    '/index.html': '<script src="/flooim.umd.js"></script><script src="/app.js"></script>',
    '/flooim.umd.js': readText('../../dist/flooim.umd.js'),
    '/app.js': asScript('../drop-in/app-log.ts') + asScript('../drop-in/web-app.ts'),
  });
  const browser = await launchChromium();
  world.cleanup(async () => {
    await browser.close();
    site.close();
    expect(site.violations).toEqual([]);
  });
  return async () => {
    const target = await browser.open(`${site.url}/index.html`);
    const page: Page = async (step, ...args) =>
      target.evaluate(`${step}(${args.map((arg) => JSON.stringify(arg)).join()})`) as never;
    return { page, target };
  };
}

const payloads = (seen: readonly Seen[], event: string): unknown[] =>
  seen.filter((one) => one.event === event).map(({ payload }) => payload);

test('a page logs in by its form, chats, and is there again after a reload; logout reloads it', async () => {
  const world = await startWorld();
  const bob = await world.member('bob');
  const anna = await world.register('anna');
  world.app.roster.befriend(anna, bob.id);
  const gid = world.group({ id: anna }, bob);
  bob.client.sysManage.sendRosterMessage({ uid: anna, content: 'before you came' });
  await bob.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
  const open = await openBrowser(world);
  const { dnsUrl } = world.server;

  let { page, target } = await open();
  expect(await page('open', dnsUrl, false)).toEqual({ isSame: false, isReady: false, isLogin: false });
  await page('submitForm', 'anna', PASSWORD);
  expect(await page('loggedIn', 1)).toEqual([anna, 'string', true, true]);
  const steps = (await page('seen')).filter(({ event }) => event === 'flooNotice' || event === 'loginSuccess');
  expect(steps).toEqual([
    ...[
      'getting token...',
      'token sucecc, getting roster lists..',
      'socket connecting...',
      'socket connect success...',
      'logining socket service...',
      'login socket success.....',
    ].map((desc) => ({ event: 'flooNotice', payload: { category: 'loginMessage', desc } })),
    { event: 'loginSuccess', payload: {} },
  ]);
  expect(await page('contacts')).toEqual({
    ids: [bob.id],
    names: ['bob'],
    groups: [[gid, 'group']],
    details: [String(gid)],
    profile: 'anna',
  });

  // What waited; then a chat is opened.
  await page('nth', 'onRosterMessage', 1);
  const shown = { id: bob.id, type: 'roster', content: 'before you came', isTime: true };
  expect(await page('chats')).toEqual([{ ...shown, unread: 1 }]);
  const [first] = (await page('openChat', bob.id)) as { id: string }[];
  expect(first).toMatchObject({
    id: expect.stringMatching(/^\d+$/),
    from: bob.uid,
    to: String(anna),
    type: 'text',
    content: 'before you came',
    status: expect.any(Number),
    timestamp: expect.stringMatching(/^\d{13}$/),
    toType: 'roster',
    isHistory: expect.any(Boolean),
  });
  // Deployed: a Long, which prints as this text.
  expect(await page('nth', 'onReceiveHistoryMsg', 1)).toMatchObject({ next: '0' });
  expect(await page('read', bob.id, first!.id)).toBe(0);
  expect(payloads(await page('seen'), 'onUnreadChange').at(-1)).toSatisfy((id) => Number(id) === bob.id);
  await page('unread', bob.id, first!.id);
  expect(await page('nth', 'onMessageCanceled', 1)).toMatchObject({ mid: first!.id });
  expect(await page('unreadCount', bob.id)).toBe(1);
  expect(await page('read', bob.id, first!.id)).toBe(0);

  // A view that is mounted again and again hears once.
  await page('mountView');
  await page('leaveView');
  await page('mountView');
  bob.events.skip();
  const ext = '{"ai":{"stream":true}}';
  expect(await page('say', bob.id, 'hello', { ext, config: '{"action":"x","initiator":12345678901}' })).toBe('number');
  const heard = await bob.events.next('onRosterMessage');
  expect(heard).toMatchObject({ content: 'hello', ext, config: { action: 'x', initiator: 12345678901 } });
  await page('nth', 'onRosterMessage', 2);
  await page('nth', 'onSendingMessageStatusChanged', 2);
  const seen = await page('seen');
  const [sending, sent] = payloads(seen, 'onSendingMessageStatusChanged') as {
    status: string;
    mid: number;
    message: { id: string };
  }[];
  expect(sending).toMatchObject({ status: 'sending', message: { id: String(sending!.mid), content: 'hello', ext } });
  expect(sent).toMatchObject({ status: 'sent', mid: sending!.mid, message: { id: heard.id, content: 'hello' } });
  expect(payloads(seen, 'onRosterMessage').at(-1)).toMatchObject({ id: heard.id, from: String(anna), to: bob.uid });
  expect(await page('countOfView')).toBe(1);
  bob.client.rosterManage.readRosterMessage(anna, heard.id);
  await page('nth', 'onMessageStatusChanged', 3);
  expect(await page('messagesOf', bob.id)).toEqual(['before you came', 'hello']);

  await page('recall', bob.id, heard.id);
  expect(await page('nth', 'onMessageRecalled', 1)).toMatchObject({ mid: heard.id, uid: bob.uid });
  expect(await bob.events.next('onMessageRecalled')).toMatchObject({ mid: heard.id });
  await page('remove', bob.id, first!.id);
  expect(await page('nth', 'onMessageDeleted', 1)).toMatchObject({ mid: first!.id });
  expect(await page('messagesOf', bob.id)).toEqual([]);

  // A group and its settings.
  await page('sayInGroup', gid, 'to all');
  expect(await page('nth', 'onGroupMessage', 1)).toMatchObject({ to: String(gid), toType: 'group', content: 'to all' });
  expect(await page('members', gid)).toEqual([
    [bob.id, 'string'],
    [anna, 'string'],
  ]);
  expect(await page('settings', gid, bob.id)).toEqual({
    name: 'renamed',
    group_id: gid,
    owner_id: anna,
    flags: [1, 1, 1, 1, 1],
    msg_mute_mode: 2,
    banned: [bob.id],
    admins: [bob.id],
    announcement: ['t', 'c'],
    announcements: 0,
    applications: [],
    blocked: [],
  });
  expect(await page('captcha')).toBe(true);
  const { ratel } = bob.client.sysManage.getServers('welovemaxim');
  expect(await page('urls', `${ratel}/file/download/chat?file_sign=1`)).toEqual([
    '/image/roster.png',
    '/image/my.png',
    '/image/local.png',
    ...['image_type=2', 'format=mp3', 'access-token=TOKEN'].map((part) => expect.stringContaining(part) as string),
    '',
  ]);
  const token = (await page('token')) as string;

  // The page is loaded again: its session and its data are there.
  await target.close();
  ({ page, target } = await open());
  expect(await page('open', dnsUrl, true)).toMatchObject({ isLogin: true });
  expect(await page('polledLogin')).toBe(true);
  const [newest] = (await page('chats')) as unknown[];
  expect(newest).toEqual({ id: gid, type: 'group', content: 'to all', isTime: true, unread: 0 });
  expect(await page('loggedIn', 1)).toEqual([anna, 'string', true, true]);

  // A link logs in another user: no reload, and the token may be used by the object form.
  await page('logOut', { linkLogin: true });
  expect(await page('isLogin')).toBe(false);
  await page('submitForm', 'anna', PASSWORD);
  expect(await page('loggedIn', 2)).toEqual([anna, 'string', true, true]);
  const fresh = (await page('token')) as string;
  expect(fresh).not.toBe(token);
  // The deployed SDK misread this form; the page means it like this.
  await page('takeToken', anna, fresh);
  expect(await page('loggedIn', 3)).toEqual([anna, 'string', true, true]);

  await target.evaluate('void (window.isOld = true)');
  await page('logOut').catch(() => undefined);
  await expect
    .poll(async () => target.evaluate('!window.isOld && typeof seen').catch(() => 'loading'), { timeout: 10_000 })
    .toBe('function');
  await page('open', dnsUrl, true);
  expect(await page('polledLogin')).toBe(false);
  // Another app id in the same page: the same object with the same handlers, ready when DNS has answered once more.
  expect(await page('open', dnsUrl, false)).toEqual({ isSame: true, isReady: false, isLogin: false });
  await page('submitForm', 'anna', PASSWORD);
  expect(await page('loggedIn', 1)).toEqual([anna, 'string', true, true]);
}, 60_000);
