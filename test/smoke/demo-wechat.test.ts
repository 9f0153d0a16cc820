/** demo/wechat, from its own files, with the built SDK, on the least of WeChat's framework. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createDevServer, DEMO_PASSWORD } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import type { FlooClient } from '../../src/entries/wechat.ts';
import { until } from '../support/client-events.ts';
import { bytesOf } from '../support/file-bytes.ts';
import { putTempFile } from '../support/mini-program-files.ts';
import { startProject } from '../support/mini-program-pages.ts';
import type { MiniProgramPage, MiniProgramProject, Rows } from '../support/mini-program-pages.ts';
import { createPhone } from '../support/mini-program.ts';
import type { Phone } from '../support/mini-program.ts';

vi.setConfig({ testTimeout: 120_000 });

const FOLDER = fileURLToPath(new URL('../../demo/wechat', import.meta.url));
const [LOGIN, CONVERSATIONS, CONTACTS, CHAT] = [
  'pages/login/login',
  'pages/conversations/conversations',
  'pages/contacts/contacts',
  'pages/chat/chat',
] as const;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(): Promise<DevServer> {
  const server = await createDevServer({ seed: 'demo' });
  cleanups.push(() => server.close());
  return server;
}

function newPhone(): Phone {
  const phone = createPhone();
  cleanups.push(() => phone.remove());
  return phone;
}

function start(server: DevServer, phone = newPhone()): MiniProgramProject {
  const project = startProject(FOLDER, phone, { dnsServer: server.dnsUrl, backoff: { baseMs: 4, capMs: 40 } });
  cleanups.push(async () => project.run.hasEnded || (project.app['im'] as FlooClient).dispose());
  return project;
}

const rowsOf = (page: MiniProgramPage, name: string) => (page.data as Record<string, Rows>)[name]!;
const typed = (value: string): unknown => ({ detail: { value } });
const tapped = (dataset: object): unknown => ({ currentTarget: { dataset } });

async function login(project: MiniProgramProject, name: string): Promise<void> {
  const page = await project.see(LOGIN);
  page['typeName']!(typed(name));
  page['typePassword']!(typed(DEMO_PASSWORD));
  await page['submit']!();
  await project.see(CONVERSATIONS);
}

async function openContact(project: MiniProgramProject, kind: 'friends' | 'groups', name: string): Promise<void> {
  project.engine.run("wx.switchTab({ url: '/pages/contacts/contacts' })");
  const page = await project.see(CONTACTS, (data) => data[kind]!.some((one) => one['name'] === name));
  const found = rowsOf(page, kind).find((one) => one['name'] === name)!;
  page['open']!(tapped({ type: kind === 'friends' ? 'roster' : 'group', id: found['id'] }));
  await project.see(CHAT);
}

describe('the project', () => {
  const { pages } = JSON.parse(readFileSync(join(FOLDER, 'app.json'), 'utf8')) as { pages: string[] };

  test.each(pages)('%s has its files, and every handler that its markup names', (route) => {
    for (const end of ['js', 'json', 'wxml', 'wxss'])
      expect(existsSync(join(FOLDER, `${route}.${end}`)), end).toBe(true);
    const names = readFileSync(join(FOLDER, `${route}.wxml`), 'utf8').matchAll(/\sbind\w+="(\w+)"/g);
    const code = readFileSync(join(FOLDER, `${route}.js`), 'utf8');
    const handlers = [...names].map(([, name]) => name!);
    expect(handlers.length).toBeGreaterThan(0);
    expect(handlers.filter((name) => !new RegExp(`^  (async )?${name}\\(`, 'm').test(code))).toEqual([]);
  });
});

describe('the demo', () => {
  test('two people log in, find one another among their contacts, and chat with text and a picture', async () => {
    const server = await serve();
    const [phoneA, phoneB] = [newPhone(), newPhone()];
    const [a, b] = [start(server, phoneA), start(server, phoneB)];
    await Promise.all([login(a, 'alice'), login(b, 'bob')]);
    await openContact(a, 'friends', 'Bob');
    expect(a.title()).toBe('Bob');

    const mine = a.page();
    mine['typeText']!(typed('  吃了吗 '));
    mine['send']!();
    expect(mine.data['text']).toBe('');
    await a.see(CHAT, (data) => data['messages']!.some(({ text, state }) => text === '吃了吗' && state === ''));

    const list = await b.see(CONVERSATIONS, ({ items }) => items![0]?.['unread'] === 1);
    const row = rowsOf(list, 'items')[0]!;
    expect(row).toMatchObject({ title: 'Alice', preview: '吃了吗', time: expect.stringMatching(/^\d\d:\d\d$/) });
    list['open']!(tapped(row));
    await b.see(CHAT, ({ messages }) => messages!.length === 1);
    // Bob has it in front of him: Alice sees that.
    await a.see(CHAT, ({ messages }) => messages![0]?.['state'] === '已读');

    a.picks.push(putTempFile(phoneA.disk, 'cat.jpg', bytesOf(5000)));
    await mine['sendImage']!();
    const seen = await b.see(CHAT, ({ messages }) => Boolean(messages![1]?.['image']));
    expect(rowsOf(seen, 'messages')[1]).toMatchObject({ name: 'Alice', isMine: false });

    b.engine.run('wx.navigateBack()');
    const after = await b.see(CONVERSATIONS, ({ items }) => items![0]?.['unread'] === 0);
    expect(after.data['items']).toMatchObject([{ preview: '[图片]' }]);
    expect([...a.engine.logged, ...b.engine.logged]).toEqual([]);
  });

  test('a group, and older messages page by page', async () => {
    const server = await serve();
    const [a, b] = [start(server), start(server)];
    await Promise.all([login(a, 'alice'), login(b, 'bob')]);
    await openContact(a, 'groups', 'Demo group');
    for (let i = 1; i <= 45; i++) {
      a.page()['typeText']!(typed(`第 ${i} 条`));
      a.page()['send']!();
    }
    const newest = (lists: Record<string, Rows>) => lists['messages']!.at(-1);
    await a.see(CHAT, (lists) => newest(lists)?.['text'] === '第 45 条' && newest(lists)?.['state'] === '');
    await openContact(b, 'groups', 'Demo group');
    const page = await b.see(CHAT, ({ messages }) => messages!.length === 20);
    const texts = (): unknown[] => rowsOf(page, 'messages').map(({ text }) => text);
    expect(texts()[0]).toBe('第 26 条');
    await page['older']!();
    expect(texts().length).toBe(40);
    await page['older']!();
    expect(texts()).toEqual(Array.from({ length: 45 }, (_, i) => `第 ${i + 1} 条`));
    expect(page.data['hasMore']).toBe(false);
    await page['older']!();
    expect(texts().length).toBe(45);
  });

  test('a call is declined, and another one is missed: the chat and the list say so', async () => {
    const server = await serve();
    const [a, b] = [start(server), start(server)];
    await Promise.all([login(a, 'alice'), login(b, 'bob')]);
    const { rtcManage, userManage } = b.app['im'] as FlooClient;
    const { id: uid } = server.data.app('welovemaxim').users.byName('alice')!;
    const initiator = userManage.getUid();
    const say = (action: string, callId: string, content = ''): unknown =>
      rtcManage.sendRTCMessage({ uid, content, config: { action, callId, initiator, roomId: 1, type: 1, pin: 'p' } });
    const hangups: string[] = [];
    (b.app['im'] as FlooClient).on('onRosterRTCMessage', ({ config, content, isOwn }) => {
      if (!isOwn && config?.['action'] === 'hangup') hangups.push(`${String(config['callId'])} ${content}`);
    });

    say('call', 'one');
    await until(() => a.questions.length === 1, 'the question');
    expect(a.questions[0]!.title).toBe('Bob来电');
    a.questions[0]!.success({ confirm: true });
    await until(() => hangups.length === 1, 'the hangup');
    expect(hangups).toEqual(['one rejected']);
    say('record', 'one', 'rejected');
    await a.see(CONVERSATIONS, ({ items }) => items![0]?.['preview'] === '已拒绝来电');

    // Whoever answers too late declines nothing.
    say('call', 'two');
    await until(() => a.questions.length === 2, 'the second question');
    say('hangup', 'two', 'canceled');
    say('record', 'two', 'canceled');
    const list = await a.see(CONVERSATIONS, ({ items }) => items![0]?.['preview'] === '未接来电');
    a.questions[1]!.success({ confirm: true });
    list['open']!(tapped(rowsOf(list, 'items')[0]!));
    const chat = await a.see(CHAT, ({ messages }) => messages!.length === 2);
    expect(rowsOf(chat, 'messages').map(({ text }) => text)).toEqual(['已拒绝来电', '未接来电']);
    expect(hangups.length).toBe(1);
  });

  test('a stranger is invited as a friend, and accepts', async () => {
    const server = await serve();
    server.data.app('welovemaxim').users.byName('carol')!.settings.auth_mode = 1;
    const [a, c] = [start(server), start(server)];
    await Promise.all([login(a, 'alice'), login(c, 'carol')]);
    a.engine.run("wx.switchTab({ url: '/pages/contacts/contacts' })");
    const page = await a.see(CONTACTS);
    page['typeName']!(typed('nobody'));
    await page['add']!();
    expect(page.data['said']).toBe('添加失败：UserNotExist');
    page['typeName']!(typed('carol'));
    await page['add']!();
    expect(page.data['said']).toBe('已发送好友申请');
    c.engine.run("wx.switchTab({ url: '/pages/contacts/contacts' })");
    const asked = await c.see(CONTACTS, ({ applicants }) => applicants!.length === 1);
    await asked['accept']!(tapped(rowsOf(asked, 'applicants')[0]!));
    expect(asked.data['applicants']).toEqual([]);
    await a.see(CONTACTS, ({ friends }) => friends!.some(({ name }) => name === 'Carol'));
    await c.see(CONTACTS, ({ friends }) => friends!.some(({ name }) => name === 'Alice'));
  });

  test('a wrong password shows an error; a session resumes when the app starts again without a network; a logout ends it', async () => {
    const server = await serve();
    const phone = newPhone();
    const first = start(server, phone);
    const page = await first.see(LOGIN);
    page['typeName']!(typed('alice'));
    page['typePassword']!(typed('wrong'));
    await page['submit']!();
    expect(page.data).toMatchObject({ error: '登录失败：UserAuthFailed', isBusy: false });
    await login(first, 'alice');
    await openContact(first, 'friends', 'Bob');
    first.page()['typeText']!(typed('晚安'));
    first.page()['send']!();
    await first.see(CHAT, ({ messages }) => messages![0]?.['state'] === '');

    const again = start(server, phone);
    again.run.network(false);
    await again.see(CONVERSATIONS, ({ items }) => items![0]?.['preview'] === '晚安');
    again.run.network(true);
    const list = await again.see(CONVERSATIONS, () => !again.page().data['isOffline']);
    await list['logout']!();
    await again.see(LOGIN);
    const third = start(server, phone);
    expect(third.page().route).toBe(LOGIN);
  });

  test('a kicked user is back at the login', async () => {
    const server = await serve();
    const a = start(server);
    await login(a, 'alice');
    const { id } = server.data.app('welovemaxim').users.byName('alice')!;
    server.admin.kick({ uid: id, type: 1 });
    await a.see(LOGIN);
  });
});
