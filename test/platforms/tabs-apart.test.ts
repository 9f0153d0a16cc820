/** Clients of one origin that are not one: of other users, by their options, or because the browser lacks what tabs need. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BROWSERS } from '../support/killed-browser.ts';
import { follow, logIn, openWindow, PASSWORD, pause, until } from './tab-window.ts';
import type { Tab, TabWindow } from './tab-window.ts';

describe.each(BROWSERS)('%s', { timeout: 30_000 }, (name) => {
  let window: TabWindow;
  const tabs: Tab[] = [];
  beforeAll(async () => {
    window = await openWindow(name);
  }, 60_000);
  afterAll(async () => window.close());
  beforeEach(async () => window.renew());
  afterEach(async () => {
    // The next test begins with nobody logged in. A tab that was kicked or closed cannot, and need not.
    for (const tab of tabs) await tab.call('logout', { wipe: true }).catch(() => undefined);
    for (const tab of tabs.splice(0)) await tab.close();
  });

  const keep = (tab: Tab): Tab => {
    tabs.push(tab);
    return tab;
  };
  const say = (to: number, content: string): number =>
    window.bob.client.sysManage.sendRosterMessage({ uid: to, content });
  const isKicked = ({ category }: Record<string, unknown>): boolean => category === 'UserKickedBySameDevice';

  test('a tab of another user is another client', async () => {
    const carol = window.register(`carol of ${name}`);
    const first = keep(await logIn(window));
    const second = keep(await window.open());
    await second.next('loginSuccess');
    await second.call('login', { name: `carol of ${name}`, password: PASSWORD });
    await until(
      () => window.connections(carol) === 1,
      () => 'a socket of the other user',
    );
    say(carol, 'to carol');
    say(window.alice, 'to alice');
    await second.next('onRosterMessage', ({ content }) => content === 'to carol');
    await first.next('onRosterMessage', ({ content }) => content === 'to alice');
    await pause(200);
    expect((await first.all('onRosterMessage')).map(({ content }) => content)).toEqual(['to alice']);
    expect((await second.all('onRosterMessage')).map(({ content }) => content)).toEqual(['to carol']);
    expect(await first.call('userManage.getUid')).toBe(window.alice);
    expect(await second.call('userManage.getUid')).toBe(carol);
    expect(window.connections()).toBe(1);
    await second.call('logout');
    await pause(200);
    expect(await first.call('isLogin')).toBe(true);
  });

  test('a worker is a tab', async () => {
    const page = keep(await logIn(window));
    const worker = keep(await window.openWorker());
    await worker.call('login', window.login);
    say(window.alice, 'to both');
    for (const tab of [page, worker]) await tab.next('onRosterMessage', ({ content }) => content === 'to both');
    await worker.call('sysManage.sendRosterMessage', { uid: window.bob.id, content: 'from the worker' });
    for (const tab of [page, worker])
      await tab.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    await window.bob.events.next('onRosterMessage', ({ content }) => content === 'from the worker');
    expect(window.connections()).toBe(1);
    expect(await page.all('flooError', isKicked)).toEqual([]);
    // The page leads; without it the worker does.
    tabs.shift();
    await page.close();
    say(window.alice, 'to the worker');
    await worker.next('onRosterMessage', ({ content }) => content === 'to the worker');
  });

  test('without shareTabs the later tab takes over', async () => {
    const options = { shareTabs: false };
    const first = keep(await logIn(window, options));
    const second = keep(await follow(window, options));
    await first.next('flooError', isKicked);
    expect(await first.call('isLogin')).toBe(false);
    say(window.alice, 'who is there');
    await second.next('onRosterMessage', ({ content }) => content === 'who is there');
    expect(window.connections()).toBe(1);
    expect(await second.agent('sockets')).toMatchObject({ open: 1 });
  });

  test('beside a newer release the tabs of the older one end their sessions', async () => {
    const tab = keep(await logIn(window));
    const newer = keep(await window.open(null));
    const channel = `flooim.${window.options.appid}.${window.alice}`;
    await newer.agent('post', channel, { type: 'hello', from: 'newer', protocol: 99, tab: { lane: 1 } });
    await tab.next('flooError', isKicked);
    expect(await tab.call('isLogin')).toBe(false);
    await until(
      () => window.connections() === 0,
      () => 'the end of the socket',
    );
  });

  test.each([
    ['no Web Locks', ['locks']],
    ['no BroadcastChannel', ['BroadcastChannel']],
  ] as const)('with %s the later tab takes over, and the earlier one writes nothing any more', async (_, missing) => {
    const open = async (): Promise<Tab> => {
      const tab = keep(await window.open(null));
      await tab.agent('forget', missing);
      await tab.agent('create', window.options);
      return tab;
    };
    const first = await open();
    await first.call('login', window.login);
    say(window.alice, 'one');
    await first.next('onRosterMessage', ({ content }) => content === 'one');
    const second = await open();
    await second.next('loginSuccess');
    await first.next('flooError', isKicked);
    say(window.alice, 'two');
    await second.next('onRosterMessage', ({ content }) => content === 'two');
    await first.call('rosterManage.readRosterMessage', window.bob.id);
    await pause(200);
    expect(await second.call('rosterManage.getUnreadCount', window.bob.id)).toBe(2);
    expect(window.connections()).toBe(1);
  });
});
