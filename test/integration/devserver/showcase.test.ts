/** The demo data that `npx flooim-devserver` starts with. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageBodyContentType } from 'flooim/wire';
import { createDevServer } from 'flooim-devserver';
import type { AppData, DevServer } from 'flooim-devserver';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readScript } from '../../../devserver/src/demo-data/script.ts';
import { createClient } from '../../../src/entries/node.ts';
import { APP_ID } from './harness.ts';

let server: DevServer;
let app: AppData;
beforeAll(async () => {
  server = await createDevServer({ seed: 'showcase', bot: false });
  app = server.data.app(APP_ID);
});
afterAll(() => server.close());

const idOf = (name: string): number => app.users.byName(name)!.id;

/** All that the server has, without what differs between two runs: times, and the random names of files. */
function comparable({ admin, url }: DevServer): unknown {
  const text = JSON.stringify(admin.truth(), (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const withoutNames = text.replaceAll(url, '').replaceAll(/(file_sign|object_name)=[\w-]+/g, '$1=');
  return JSON.parse(withoutNames.replaceAll(/\b1[789]\d{11}\b/g, 'TIME').replaceAll(/:TIME/g, ':"TIME"'));
}

test('two starts have the same people and messages', async () => {
  const other = await createDevServer({ seed: 'showcase', bot: false });
  onTestFinished(() => other.close());
  expect(comparable(other)).toEqual(comparable(server));
});

test('has alice, bob and carol as the data `demo` has them', async () => {
  const demo = await createDevServer({ seed: 'demo' });
  onTestFinished(() => demo.close());
  const before = demo.data.app(APP_ID);
  for (const { id, username, password } of before.users)
    expect(app.users.get(id)).toMatchObject({ username, password });
  const [group] = [...before.groups];
  expect(app.groups.get(group!.id)).toMatchObject({ ownerId: group!.ownerId, info: { name: group!.info.name } });
  for (const pair of [
    ['alice', 'bob'],
    ['bob', 'carol'],
    ['alice', 'carol'],
  ] as const) {
    const [a, b] = pair.map((name) => before.users.byName(name)!.id) as [number, number];
    expect(app.roster.areFriends(a, b), String(pair)).toBe(before.roster.areFriends(a, b));
  }
});

test('has messages of every kind, from up to a week ago until now', () => {
  const views = [...app.users].flatMap(({ id }) =>
    app.messages.conversationsOf(id).map((conversation) => app.historyView(id, conversation)),
  );
  const messages = views.flatMap((view) => app.messages.upTo(view, 2n ** 63n));
  const kinds = new Set(messages.map(({ body }) => body.ctype));
  const { TEXT, IMAGE, AUDIO, VIDEO, FILE, LOCATION, COMMAND, RTC } = MessageBodyContentType;
  expect([...kinds].sort()).toEqual([TEXT, IMAGE, AUDIO, VIDEO, FILE, LOCATION, COMMAND, RTC].sort());
  expect(messages.some(({ body }) => body.edit_timestamp)).toBe(true);
  const ages = messages.map(({ timestamp }) => Date.now() - timestamp);
  expect(Math.min(...ages)).toBeGreaterThan(0);
  expect(Math.max(...ages)).toBeLessThan(7 * 24 * 3600 * 1000);
});

test('every file can be downloaded by who got it', async () => {
  const { token } = server.data.tokens.issue(APP_ID, idOf('alice'), Date.now());
  const views = app.messages.conversationsOf(idOf('alice')).map((one) => app.historyView(idOf('alice'), one));
  const urls = views
    .flatMap((view) => app.messages.upTo(view, 2n ** 63n))
    .flatMap(({ body }) => (JSON.parse(body.attachment || '{}') as { url?: string }).url ?? []);
  const shared = [...app.groups].flatMap(({ members, files }) =>
    members.has(idOf('alice')) ? files.map(({ url }) => url) : [],
  );
  const avatars = [...app.users].flatMap(({ profile }) => profile.avatar ?? []);
  expect(avatars.length).toBeGreaterThan(12);
  for (const url of [...urls, ...shared, ...avatars]) {
    const answer = await fetch(`${url}&access-token=${token}&app_id=${APP_ID}`);
    expect(answer.headers.get('content-type'), url).toMatch(/^(image\/png|audio\/wav|video\/webm|text\/plain)/);
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(50);
  }
});

describe('a client of alice', () => {
  const login = async (): Promise<ReturnType<typeof createClient>> => {
    const im = createClient({ appid: APP_ID, dnsServer: server.dnsUrl });
    onTestFinished(async () => im.dispose());
    await im.login({ name: 'alice', password: 'demo1234' });
    return im;
  };

  test('has read and unread conversations, with people and groups', async () => {
    const im = await login();
    const unread = (): Record<string, number> =>
      Object.fromEntries(im.userManage.getConversationList().map((one) => [one.id, one.unread]));
    await expect.poll(() => unread()[idOf('bob')]).toBe(3);
    await expect.poll(() => unread()[idOf('hanmeimei')]).toBe(0);
    const release = [...app.groups].find(({ info }) => info.name.startsWith('Release'))!;
    await expect.poll(() => unread()[release.id]).toBe(4);
    const list = im.userManage.getConversationList();
    expect(list.find(({ id }) => id === release.id)?.hasAt).toBe(true);
    const bob = im.rosterManage.getRosterMessageByRid(idOf('bob'));
    expect(bob.map(({ type }) => type)).toEqual(expect.arrayContaining(['image', 'file', 'audio', 'location', 'rtc']));
    expect(bob.some(({ content }) => content === 'Shall we meet at eight?')).toBe(false);
    expect(bob.some(({ isOwn, status }) => isOwn && status === 2)).toBe(true);
  });

  test('has open friend requests, aliases, somebody blocked and support staff', async () => {
    const im = await login();
    const requests = await im.rosterManage.asyncGetApplyList({ cursor: '' });
    expect(requests.map(({ user_id }) => user_id)).toEqual(['carol', 'sofia', 'wangwei'].map(idOf));
    expect(await im.rosterManage.asyncGetRosterInfo(idOf('lilei'), true)).toMatchObject({ alias: '老李' });
    expect(app.roster.blockedBy(idOf('alice'))).toEqual([idOf('lucky_prize')]);
    expect(await im.sysManage.asyncGetStaticContact()).toMatchObject([{ username: 'assistant', source: 'chatbot' }]);
  });
});

test('has groups of many kinds: roles, announcements, files, a big one', () => {
  const groups = [...app.groups];
  expect(groups.length).toBeGreaterThanOrEqual(4);
  expect(groups.every(({ info }) => info.avatar)).toBe(true);
  expect(groups.some(({ members }) => members.size > 180)).toBe(true);
  expect(groups.some(({ announcements }) => announcements.length > 1)).toBe(true);
  expect(groups.some(({ files }) => files.length > 0)).toBe(true);
  expect(groups.some(({ applications }) => applications.size > 0)).toBe(true);
  expect(groups.some(({ members }) => [...members.values()].some(({ admin }) => admin))).toBe(true);
});

test('is there again after a restart with --data, and after a reset', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'flooim-showcase-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const first = await createDevServer({ seed: 'showcase', bot: false, dataDir });
  const { port } = first;
  const before = comparable(first);
  await first.close();
  const second = await createDevServer({ seed: 'showcase', bot: false, dataDir, port });
  onTestFinished(() => second.close());
  expect(comparable(second)).toEqual(before);
  second.admin.reset();
  expect([...second.data.app(APP_ID).users]).toHaveLength([...app.users].length);
});

test('a script with a line that says nothing known is refused', () => {
  expect(() => readScript('@ 1h ago\nbob dances')).toThrow('bob dances');
  expect(() => readScript('bob: hello')).toThrow('later than the start');
});
