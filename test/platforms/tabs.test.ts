/** Tabs of one origin in real browsers: one client to their user and to the server. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BROWSERS } from '../support/killed-browser.ts';
import { follow, logIn, openWindow, pause, until } from './tab-window.ts';
import type { Tab, TabWindow } from './tab-window.ts';

/** Another tab leads within this time. */
const SUCCESSION_MS = 1000;

describe.each(BROWSERS)('%s', { timeout: 30_000 }, (name) => {
  let window: TabWindow;
  let tabs: Tab[] = [];
  beforeAll(async () => {
    window = await openWindow(name);
  }, 60_000);
  afterAll(async () => window.close());
  beforeEach(async () => window.renew());
  afterEach(async () => {
    // The next test begins with nobody logged in. A tab that was kicked or closed cannot, and need not.
    await tabs[0]?.call('logout', { wipe: true }).catch(() => undefined);
    for (const tab of tabs.splice(0)) await tab.close();
    await until(
      () => window.connections() === 0,
      () => 'the sockets to close',
    );
  });

  /** The first tab, which has the socket, and others. */
  async function open(others = 1): Promise<[leader: Tab, ...followers: Tab[]]> {
    const leader = await logIn(window);
    tabs.push(leader);
    for (let left = others; left > 0; left--) tabs.push(await follow(window));
    return tabs as [Tab, ...Tab[]];
  }
  const say = (content: string): number =>
    window.bob.client.sysManage.sendRosterMessage({ uid: window.alice, content });
  const contents = async (tab: Tab): Promise<string[]> =>
    ((await tab.call('rosterManage.getRosterMessageByRid', window.bob.id)) as { content: string }[]).map(
      ({ content }) => content,
    );
  const unread = async (tab: Tab): Promise<unknown> => tab.call('rosterManage.getUnreadCount', window.bob.id);

  test('a new tab is logged in, shows its list at once and opens no socket', async ({ annotate }) => {
    const leader = await logIn(window);
    tabs.push(leader);
    say('for the list');
    await leader.next('onRosterMessage');
    const follower = await follow(window);
    tabs.push(follower);
    expect(await follower.call('isLogin')).toBe(true);
    const ms = (await follower.agent('listMs'))!;
    await annotate(`a new tab shows its list after ${ms.toFixed(0)} ms`);
    expect(await contents(follower)).toEqual(['for the list']);
    await pause(300);
    expect(await follower.agent('sockets')).toEqual({ opened: 0, open: 0 });
    expect(window.connections()).toBe(1);
    expect(await leader.all('flooError')).toEqual([]);
  });

  test('every tab gets the same events, once and in the same order', async () => {
    const all = await open(2);
    for (let i = 1; i <= 20; i++) say(String(i));
    const got = [];
    for (const tab of all) got.push(await tab.count('onRosterMessage', 20));
    expect(got[0]!.map(({ content }) => content)).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 1)));
    expect(got[1]).toEqual(got[0]);
    expect(got[2]).toEqual(got[0]);
    await pause(200);
    for (const tab of all) expect(await tab.all('onRosterMessage')).toHaveLength(20);
    for (const tab of all) expect(await unread(tab)).toBe(20);
    for (const tab of all)
      expect(await tab.call('userManage.getConversationList')).toEqual(
        await all[0].call('userManage.getConversationList'),
      );
  });

  test('a message that a follower sends is shown there at once, and is sent once', async () => {
    const [leader, follower] = await open();
    const { id } = window.bob;
    const shown = await follower!.run(
      ['sysManage.sendRosterMessage', { uid: id, content: 'from the follower' }],
      ['sysManage.getSendingMessages', id, 'roster'],
    );
    expect(shown).toMatchObject([{ content: 'from the follower' }]);
    const isSent = ({ status }: Record<string, unknown>): boolean => status === 'sent';
    const answers = [];
    for (const tab of [leader, follower!]) {
      answers.push(await tab.next('onSendingMessageStatusChanged', isSent));
      await tab.next('onRosterMessage', ({ content }) => content === 'from the follower');
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(await window.bob.events.next('onRosterMessage')).toMatchObject({ content: 'from the follower' });
    await pause(200);
    for (const tab of [leader, follower!]) {
      const statuses = (await tab.all('onSendingMessageStatusChanged')).map(({ status }) => status);
      expect(statuses).toEqual(['sending', 'sent']);
      expect(await contents(tab)).toEqual(['from the follower']);
    }
  });

  test('drafts, marks, recalls, edits and deletions of a follower are seen in all tabs', async () => {
    const [leader, follower] = await open();
    const { id, client, events } = window.bob;
    say('one');
    say('two');
    for (const tab of [leader, follower!]) await tab.count('onRosterMessage', 2);
    const draft = await follower!.run(
      ['sysManage.saveConversationDraft', id, 'roster', 'typed'],
      ['sysManage.getConversationDraft', id, 'roster'],
    );
    expect(draft).toBe('typed');
    await until(
      async () => (await leader.call('sysManage.getConversationDraft', id, 'roster')) === 'typed',
      () => 'the typed text in the leader',
    );
    const after = await follower!.run(['rosterManage.readRosterMessage', id], ['rosterManage.getUnreadCount', id]);
    expect(after).toBe(0);
    await until(
      async () => (await unread(leader)) === 0,
      () => 'the mark in the leader',
    );
    await events.next('onMessageStatusChanged');

    const mid = await follower!.call('sysManage.sendRosterMessage', { uid: id, content: 'to be changed' });
    const { id: serverId } = await events.next('onRosterMessage', ({ content }) => content === 'to be changed');
    await leader.next('onRosterMessage', ({ content }) => content === 'to be changed');
    await follower!.call('rosterManage.replaceMessage', id, serverId, 'changed');
    await leader.next('onRosterMessageReplace', ({ content }) => content === 'changed');
    expect(await events.next('onRosterMessageReplace')).toMatchObject({ content: 'changed' });
    await leader.call('rosterManage.recallMessage', id, mid);
    await follower!.next('onMessageRecalled');
    await events.next('onMessageRecalled');
    for (const tab of [leader, follower!]) expect(await contents(tab)).toEqual(['one', 'two']);

    await follower!.call('sysManage.deleteConversation', id, true, 'roster');
    await until(
      async () => ((await leader.call('userManage.getConversationList')) as unknown[]).length === 0,
      () => 'the deletion in the leader',
    );
    expect(client.isLogin()).toBe(true);
  });

  test('pages, counts and searches of a follower find what those of the leader find', async () => {
    const [leader, follower] = await open();
    const { id } = window.bob;
    for (let i = 1; i <= 60; i++) say(i % 10 === 0 ? `needle ${i}` : `hay ${i}`);
    for (const tab of [leader, follower!]) await tab.count('onRosterMessage', 60);
    for (const [path, ...args] of [
      ['sysManage.getMessages', { id, type: 'roster', limit: 25 }],
      ['sysManage.countMessages', { id, type: 'roster' }],
      ['sysManage.searchMessages', 'needle'],
    ] as const) {
      const there = await leader.call(path, ...args);
      expect(await follower!.call(path, ...args)).toEqual(there);
    }
    expect(await follower!.call('sysManage.searchMessages', 'needle')).toHaveLength(6);
  });

  test('a file that a follower sends is uploaded, and all tabs see how far', async () => {
    const [leader, follower] = await open();
    const text = 'x'.repeat(300_000);
    await follower!.call('sysManage.sendRosterMessage', { uid: window.bob.id, type: 'file', file: { fileOf: text } });
    for (const tab of [leader, follower!]) {
      await tab.next('onUploadProgress', ({ percent }) => percent === 100);
      await tab.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    }
    const { attach } = await window.bob.events.next('onRosterMessage');
    const file = await window.bob.client.sysManage.asyncFileDownload({ url: String(attach!.url) });
    expect(file.size).toBe(text.length);
  });

  test('friends and groups that a follower changes are those of all tabs', async () => {
    const [leader, follower] = await open();
    const { id } = window.bob;
    const group = (await follower!.call('groupManage.asyncCreate', { name: 'all', user_list: [id] })) as {
      group_id: number;
    };
    const isIn = async (tab: Tab): Promise<boolean> =>
      ((await tab.call('groupManage.asyncGetJoinedGroups', false)) as { group_id: number }[]).some(
        ({ group_id }) => group_id === group.group_id,
      );
    for (const tab of [follower!, leader])
      await until(
        async () => isIn(tab),
        () => 'the group',
      );
    await follower!.call('sysManage.sendGroupMessage', { gid: group.group_id, content: 'hello group' });
    await leader.next('onGroupMessage', ({ content }) => content === 'hello group');
    await follower!.call('rosterManage.asyncApply', { user_id: id, alias: 'bob' });
    for (const tab of [leader, follower!]) {
      await tab.next('onRosterListUpdate');
      await until(
        async () => ((await tab.call('rosterManage.asyncGetRosterIdList')) as number[]).includes(id),
        () => 'the friend',
      );
    }
    await follower!.call('rosterManage.asyncDeleteRoster', { user_id: id });
    await until(
      async () => !((await leader.call('rosterManage.asyncGetRosterIdList')) as number[]).includes(id),
      () => 'no friend in the leader',
    );
  });

  test('when the leader is closed another tab leads within a second, and what was under way is answered once', async ({
    annotate,
  }) => {
    const [leader, follower, third] = await open(2);
    const { id, events } = window.bob;
    // The answers do not come before the leader goes.
    window.server.admin.setDelay(200);
    for (let i = 1; i <= 10; i++)
      await follower!.call('sysManage.sendRosterMessage', { uid: id, content: `late ${i}` });
    const at = Date.now();
    await leader.close();
    tabs = tabs.filter((tab) => tab !== leader);
    window.server.admin.setDelay(0);
    const isSent = ({ status }: Record<string, unknown>): boolean => status === 'sent';
    for (const tab of [follower!, third!]) await tab.count('onSendingMessageStatusChanged', 10, isSent);
    const found = [...(await follower!.events()), ...(await third!.events())];
    const online = Math.min(
      ...found.filter((one) => one.event === 'loginSuccess' && one.at >= at).map((one) => one.at - at),
    );
    await annotate(`another tab is online after ${online} ms`);
    expect(online).toBeLessThan(SUCCESSION_MS);
    await pause(300);
    for (const tab of [follower!, third!]) {
      expect(await tab.all('onSendingMessageStatusChanged', isSent)).toHaveLength(10);
      expect(await contents(tab)).toEqual(Array.from({ length: 10 }, (_, i) => `late ${i + 1}`));
    }
    expect(events.all('onRosterMessage').filter(({ content }) => content.startsWith('late '))).toHaveLength(10);
    expect(window.connections()).toBe(1);
  });

  test('a login reaches the tabs that have no user, and a logout all of them', async () => {
    const early = await window.open();
    tabs.push(early);
    expect(await early.call('isLogin')).toBe(false);
    const [, ...others] = await open().then((all) => all.slice(1) as [Tab, Tab]);
    await early.next('loginSuccess');
    expect(await early.call('userManage.getUid')).toBe(window.alice);
    await others[0].call('logout');
    for (const tab of tabs) {
      await tab.next('logout');
      expect(await tab.call('isLogin')).toBe(false);
      // JSON, which the drivers use, has no `undefined`.
      expect((await tab.call('userManage.getToken')) ?? null).toBeNull();
    }
    await until(
      () => window.connections() === 0,
      () => 'the socket to close',
    );
  });

  test('a kick reaches all tabs, and a wipe leaves nothing in any of them', async () => {
    const [leader, follower] = await open();
    say('to be wiped');
    for (const tab of [leader, follower!]) await tab.next('onRosterMessage');
    await follower!.call('logout', { wipe: true });
    await leader.next('logout');
    await leader.call('login', window.login);
    await follower!.next('loginSuccess');
    window.server.admin.kick({ uid: window.alice, type: 1 });
    for (const tab of [leader, follower!]) {
      await tab.next('flooError', ({ category }) => String(category).startsWith('User'));
      expect(await tab.call('isLogin')).toBe(false);
    }
  });
});
