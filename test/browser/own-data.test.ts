import { afterEach, expect, inject, test } from 'vitest';
import { createClient } from '../../src/entries/browser.ts';
import type { ClientOptions, FlooClient } from '../../src/entries/browser.ts';
import { EventRecord } from '../support/client-events.ts';
import { deployedRecords } from '../support/deployed-storage.ts';

const PASSWORD = 'secret12';
const clients: FlooClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  sessionStorage.clear();
  localStorage.clear();
});

/** An app of its own for one test: the page's storage and the server are shared. */
const newApp = (): string => `app${crypto.randomUUID().replace(/-/g, '')}`;

function create(appid: string, options: ClientOptions = {}): { client: FlooClient; events: EventRecord } {
  const client = createClient({ appid, dnsServer: inject('devServer').dnsUrl, logLevel: 'error', ...options });
  clients.push(client);
  return { client, events: new EventRecord(client) };
}

async function join(appid: string, name: string): Promise<{ client: FlooClient; events: EventRecord; id: number }> {
  const made = create(appid, { autoLogin: false });
  const { user_id: id } = await made.client.userManage.asyncRegister({ username: name, password: PASSWORD });
  await made.client.login({ name, password: PASSWORD });
  return { ...made, id };
}

const databases = async (appid: string): Promise<string[]> =>
  (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith(`flooim.${appid}.`) ? [name] : [])).sort();
const keysOf = (uid: number): string[] =>
  [sessionStorage, localStorage].flatMap((storage) => Object.keys(storage).filter((key) => key.includes(String(uid))));

test('the data of the deployed SDK in localStorage is taken over once, and is not removed', async () => {
  const appid = newApp();
  const alice = await join(appid, 'alice');
  const records = deployedRecords(String(alice.id), alice.client.userManage.getToken()!, appid);
  await alice.client.logout({ wipe: true });
  localStorage.clear();
  sessionStorage.clear();
  for (const [key, value] of Object.entries(records)) localStorage.setItem(key, value);

  const { client, events } = create(appid);
  await events.next('recentlistUpdate');
  expect(client.userManage.getConversationList()).toMatchObject([
    { type: 'roster', id: 200, content: 'image', draft: 'half a sen' },
    { type: 'group', id: 300, content: 'see you', hasAt: true },
    { type: 'roster', id: 202 },
  ]);
  await events.next('loginSuccess');
  expect(client.userManage.getUid()).toBe(alice.id);
  expect(localStorage.getItem(`flooim.${appid}.${alice.id}.guid`)).toBe(`${alice.id}_123456`);
  for (const [key, value] of Object.entries(records)) expect(localStorage.getItem(key)).toBe(value);
});

test('a logout of the deployed SDK in this tab is respected, and the user of the tab is preferred', async () => {
  const appid = newApp();
  const [alice, bob] = [await join(appid, 'alice'), await join(appid, 'bob')];
  const tokens = [alice, bob].map(({ client }) => client.userManage.getToken()!);
  await alice.client.dispose();
  await bob.client.dispose();
  const fresh = (): void => {
    localStorage.clear();
    sessionStorage.clear();
    for (const [at, { id }] of [alice, bob].entries())
      for (const [key, value] of Object.entries(deployedRecords(String(id), tokens[at]!, appid)))
        localStorage.setItem(key, value);
  };
  fresh();
  sessionStorage.setItem('key_user_id', String(alice.id));
  expect(create(appid, { autoLogin: false }).client.userManage.getUid()).toBe(alice.id);
  fresh();
  sessionStorage.setItem('key_stop_auto_login', 'true');
  expect(create(appid, { autoLogin: false }).client.userManage.getUid()).toBeUndefined();
});

test('logout keeps the database; with wipe it removes that of this user only', async () => {
  const appid = newApp();
  const [alice, bob] = [await join(appid, 'alice'), await join(appid, 'bob')];
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'keep me' });
  await alice.events.next('onRosterMessage');
  // The message may come again from the server, to what is a new device then; this cannot.
  alice.client.sysManage.saveConversationDraft(bob.id, 'roster', 'dear bob');
  const draft = (): string => alice.client.sysManage.getConversationDraft(bob.id, 'roster');
  const names = [alice.id, bob.id].map((id) => `flooim.${appid}.${id}`).sort();
  await alice.client.logout();
  expect(await databases(appid)).toEqual(names);
  await alice.client.login({ name: 'alice', password: PASSWORD });
  expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toMatchObject([{ content: 'keep me' }]);
  expect(draft()).toBe('dear bob');

  await alice.client.logout({ wipe: true });
  expect(await databases(appid)).toEqual([`flooim.${appid}.${bob.id}`]);
  expect(keysOf(alice.id)).toEqual([]);
  expect(keysOf(bob.id)).not.toEqual([]);
  expect(bob.client.isLogin()).toBe(true);
  await alice.client.login({ name: 'alice', password: PASSWORD });
  expect(draft()).toBe('');
});
