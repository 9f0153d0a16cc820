/** The code of docs/recipes works as printed, against the dev server. */
import type { DevServer } from 'flooim-devserver';
import { createDevServer } from 'flooim-devserver';
import { expect, onTestFinished, test } from 'vitest';
import { createClient } from '../../src/entries/node.ts';
import type { FlooClient } from '../../src/floo-client.ts';
import type { ArrivedMessage, Message } from '../../src/model/message.ts';
import type { ClientOptions } from '../../src/options.ts';
import { EventRecord } from '../support/client-events.ts';
import { writeRecipe } from '../support/recipe-files.ts';

const PASSWORD = 'demo1234';
const USERS = ['alice', 'bob', 'carol'] as const;

async function startServer(): Promise<DevServer> {
  const server = await createDevServer({ seed: 'demo' });
  onTestFinished(async () => server.close());
  return server;
}

function recipe(page: string): ReturnType<typeof writeRecipe> {
  const files = writeRecipe(page);
  onTestFinished(() => files.remove());
  return files;
}

const optionsFor = ({ dnsUrl }: DevServer): ClientOptions => ({
  dnsServer: dnsUrl,
  logLevel: 'off',
  backoff: { baseMs: 5, capMs: 50 },
});

function newClient(server: DevServer): { im: FlooClient; events: EventRecord } {
  const im = createClient(optionsFor(server));
  onTestFinished(async () => im.dispose());
  return { im, events: new EventRecord(im) };
}

async function logIn(server: DevServer, name: (typeof USERS)[number]): ReturnType<typeof loggedIn> {
  return loggedIn(newClient(server), name);
}

async function loggedIn(client: ReturnType<typeof newClient>, name: string) {
  await client.im.login({ name, password: PASSWORD });
  return { ...client, id: client.im.userManage.getUid()! };
}

test('token-refresh: a client is online again after its token was revoked', async () => {
  const server = await startServer();
  const files = recipe('token-refresh.md');
  const { createChatTokens } = await files.load<{
    createChatTokens(options: ClientOptions): {
      createAccount(name: string): Promise<{ user_id: number; password: string }>;
      tokenFor(account: object): Promise<{ user_id: number; token: string }>;
      close(): Promise<void>;
    };
  }>('server/chat-tokens.ts');
  const { keepLoggedIn } = await files.load<{
    keepLoggedIn(im: FlooClient, fetchToken: () => Promise<{ user_id: number; token: string }>): Promise<void>;
  }>('src/keep-logged-in.ts');
  const tokens = createChatTokens(optionsFor(server));
  onTestFinished(async () => tokens.close());
  const account = await tokens.createAccount('dave');

  const { im } = newClient(server);
  const given: string[] = [];
  await keepLoggedIn(im, async () => {
    const token = await tokens.tokenFor(account);
    given.push(token.token);
    return token;
  });
  expect(im.isSelf(account.user_id)).toBe(true);

  server.admin.revokeToken({ uid: account.user_id });
  server.admin.dropSockets({ uid: account.user_id });
  await expect.poll(() => given.length).toBe(2);
  await expect.poll(async () => (await im.explain()).state.state).toBe('online');
  expect(im.userManage.getToken()).toBe(given[1]);
});

test('token-refresh: a server that refuses every token is asked once', async () => {
  const server = await startServer();
  const { keepLoggedIn } = await recipe('token-refresh.md').load<{
    keepLoggedIn(im: FlooClient, fetchToken: () => Promise<{ user_id: number; token: string }>): Promise<void>;
  }>('src/keep-logged-in.ts');
  const { im, events } = newClient(server);
  const user_id = server.data.app('welovemaxim').users.byName('alice')!.id;
  let asked = 0;
  const outcome = keepLoggedIn(im, async () => {
    asked++;
    return Promise.resolve({ user_id, token: 'no token' });
  });
  await expect(outcome).rejects.toMatchObject({ reason: 'InvalidToken' });
  expect(events.all('flooNotice')).toContainEqual({ category: 'action', desc: 'relogin' });
  expect(asked).toBe(1);
});

test('push-tokens: the token of a device is bound at the login, and settings are changed', async () => {
  const server = await startServer();
  const files = recipe('push-tokens.md');
  const { bindPushToken } = await files.load<{
    bindPushToken(im: FlooClient, notifier: string, token: string): () => void;
  }>('src/push.ts');
  const { quietNights } = await files.load<{ quietNights(im: FlooClient): Promise<void> }>('src/push-settings.ts');
  const client = newClient(server);
  bindPushToken(client.im, 'apns-production', 'token of the device');
  const { im, id } = await loggedIn(client, 'alice');
  const pushToken = (): unknown =>
    server.data
      .app('welovemaxim')
      .devices.of(id)
      .find(({ sn }) => sn === im.userManage.getDeviceSN())?.pushToken;
  await expect.poll(pushToken).toBe('token of the device');

  await quietNights(im);
  expect(await im.userManage.asyncGetSettings()).toMatchObject({ no_push_start_hour: 22, no_push_end_hour: 7 });
  await im.logout();
  expect(pushToken()).toBeUndefined();
});

test('several-accounts: two users at once, one after another, and a stored token', async () => {
  const server = await startServer();
  const files = recipe('several-accounts.md');
  const { openAccounts } = await files.load<{
    openAccounts(accounts: readonly object[], options: ClientOptions): Promise<FlooClient[]>;
  }>('src/accounts.ts');
  const { resumeAccount } = await files.load<{
    resumeAccount(id: number, token: string, options: ClientOptions): Promise<FlooClient>;
  }>('src/resume-account.ts');
  const { switchUser } = await files.load<{
    switchUser(im: FlooClient, name: string, password: string): Promise<void>;
  }>('src/switch-user.ts');
  const options = optionsFor(server);
  const accounts = ['alice', 'bob'].map((name) => ({ name, password: PASSWORD }));
  const [alice, bob] = await openAccounts(accounts, options);
  for (const im of [alice!, bob!]) onTestFinished(async () => im.dispose());
  const heard = new Promise<ArrivedMessage>((resolve) => bob!.on('onRosterMessage', resolve));
  alice!.sysManage.sendRosterMessage({ uid: bob!.userManage.getUid()!, content: 'from the other client' });
  expect(await heard).toMatchObject({ content: 'from the other client', isOwn: false });

  const [id, token] = [bob!.userManage.getUid()!, bob!.userManage.getToken()!];
  await switchUser(bob!, 'carol', PASSWORD);
  expect(bob!.isSelf(id)).toBe(false);
  const resumed = await resumeAccount(id, token, options);
  onTestFinished(async () => resumed.dispose());
  expect(resumed.isSelf(id)).toBe(true);
});

test('moderation: a recall by the owner, a ban, a block and a filter of words', async () => {
  const server = await startServer();
  const files = recipe('moderation.md');
  const group = await files.load<{
    quiet(im: FlooClient, group: number, message: Pick<Message, 'id' | 'from'>): Promise<void>;
    remove(im: FlooClient, group: number, user: string): Promise<void>;
    announceOnly(im: FlooClient, group: number, isOn: boolean): Promise<void>;
    roleOf(im: FlooClient, group: number): Promise<string>;
  }>('src/moderate-group.ts');
  const user = await files.load<{
    block(im: FlooClient, user: number): Promise<void>;
    mute(im: FlooClient, group: number): Promise<void>;
    askBeforeFriendship(im: FlooClient): Promise<void>;
  }>('src/protect-user.ts');
  const { createWordFilter } = await files.load<{
    createWordFilter(words: readonly string[]): {
      send(im: FlooClient, uid: number, content: string): number | undefined;
      show(message: Pick<Message, 'content'>): string;
    };
  }>('src/word-filter.ts');
  const [alice, bob, carol] = await Promise.all(USERS.map(async (name) => logIn(server, name)));
  const [gid] = await alice!.im.groupManage.asyncGetJoinedGroups(true);
  const roles = await Promise.all([alice!, bob!].map(async ({ im }) => group.roleOf(im, gid!)));
  expect(roles).toEqual(['owner', 'member']);

  bob!.im.sysManage.sendGroupMessage({ gid: gid!, content: 'something bad' });
  const { id, from } = await alice!.events.next('onGroupMessage');
  await group.quiet(alice!.im, gid!, { id, from });
  expect(await carol!.events.next('onMessageRecalled')).toEqual({ uid: String(gid), mid: id });
  expect(await carol!.events.next('onGroupBaned')).toMatchObject({ groupId: gid, toUids: [bob!.id], content: '60' });
  const mid = bob!.im.sysManage.sendGroupMessage({ gid: gid!, content: 'again' });
  const refused = await bob!.events.next('onSendingMessageStatusChanged', (event) => event.status === 'failed');
  expect(refused).toMatchObject({ mid, error: { reason: 'GroupMemberBanned' } });

  await group.announceOnly(alice!.im, gid!, true);
  await group.announceOnly(alice!.im, gid!, false);
  await group.remove(alice!.im, gid!, from);
  expect(await alice!.im.groupManage.asyncGroupBlockedlist({ group_id: gid! })).toMatchObject([{ user_id: bob!.id }]);
  await expect(group.remove(carol!.im, gid!, from)).rejects.toMatchObject({ reason: 'GroupAdminPermissionRequired' });

  await user.mute(carol!.im, gid!);
  await user.askBeforeFriendship(carol!.im);
  await user.block(carol!.im, bob!.id);
  expect([...(await carol!.im.rosterManage.asyncGetBlockedlist())]).toEqual([bob!.id]);

  const filter = createWordFilter(['darn', 'c++']);
  expect(filter.send(alice!.im, bob!.id, 'Darn it')).toBeUndefined();
  expect(filter.send(alice!.im, bob!.id, 'fine')).toBeTypeOf('number');
  expect(filter.show({ content: 'DARN, c++ is fine' })).toBe('****, *** is fine');
  expect(createWordFilter([]).show({ content: 'anything' })).toBe('anything');
});

test('custom-platform: a guest is logged in until the client ends', async () => {
  const server = await startServer();
  const { createGuestClient } = await recipe('custom-platform.md').load<{
    createGuestClient(options: ClientOptions): FlooClient;
  }>('src/guest-client.ts');
  const guest = createGuestClient(optionsFor(server));
  await guest.login({ name: 'alice', password: PASSWORD });
  expect(guest.isLogin()).toBe(true);
  await guest.dispose();
  const next = createGuestClient(optionsFor(server));
  onTestFinished(async () => next.dispose());
  await expect.poll(() => next.isReady()).toBe(true);
  expect(next.isLogin()).toBe(false);
});

test('ssr: a module with a client may be imported where there is no window', async () => {
  const { chatClient } = await recipe('ssr.md').load<{ chatClient(): FlooClient | undefined }>('src/chat-client.ts');
  expect(chatClient()).toBeUndefined();
});
