import { afterEach, describe, expect, inject, test } from 'vitest';
import { createClient, flooim } from '../../src/entries/browser.ts';
import type { ClientOptions, FlooClient, Message } from '../../src/entries/browser.ts';
import { unpackItems } from '../../src/store/segment-record.ts';
import { EventRecord, quiet, until } from '../support/client-events.ts';

const PASSWORD = 'secret12';

/** A server of this file alone, because its faults hold for everybody there. */
const server = inject('faultyServers').client;

const clients: FlooClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  // Other test files share the origin, so only our own data counts.
  for (const storage of [sessionStorage, localStorage]) {
    for (const key of Object.keys(storage)) if (/^flooim\.app[0-9a-f]{32}\./.test(key)) storage.removeItem(key);
  }
});

interface Person {
  client: FlooClient;
  events: EventRecord;
  id: number;
  name: string;
  appid: string;
}

/** An app of its own for one test: the page's storage and the server are shared. */
const newApp = (): string => `app${crypto.randomUUID().replace(/-/g, '')}`;

function create(appid: string, options: ClientOptions = {}): { client: FlooClient; events: EventRecord } {
  const client = createClient({
    appid,
    dnsServer: server.dnsUrl,
    logLevel: 'error',
    backoff: { baseMs: 4, capMs: 40 },
    ...options,
  });
  clients.push(client);
  return { client, events: new EventRecord(client) };
}

async function join(appid: string, name: string, options: ClientOptions = {}): Promise<Person> {
  const made = create(appid, { autoLogin: false, ...options });
  const { user_id: id } = await made.client.userManage.asyncRegister({ username: name, password: PASSWORD });
  await made.client.login({ name, password: PASSWORD });
  return { ...made, id, name, appid };
}

/** Test controls of the server, by HTTP. */
async function admin<T>(control: string, body: object = {}): Promise<T> {
  const response = await fetch(`${server.controlUrl}/${control}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return ((await response.json()) as { result: T }).result;
}

/** One value, read with plain IndexedDB. */
async function readRaw(database: string, key: string): Promise<unknown> {
  const opening = indexedDB.open(database);
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error!);
  });
  try {
    const reading = db.transaction('kv').objectStore('kv').get(key);
    return await new Promise((resolve, reject) => {
      reading.onsuccess = () => resolve(reading.result);
      reading.onerror = () => reject(reading.error!);
    });
  } finally {
    db.close();
  }
}

/** A message of a conversation's first segment, as IndexedDB has it. */
async function readRawMessage(database: string, peer: number, id: string): Promise<unknown> {
  const segment = unpackItems(await readRaw(database, `s/r${peer}/${'0'.padStart(20, '0')}`));
  return segment.find((message) => message.id === id);
}

describe.each([
  ['socket.io', {}],
  ['socket.io, engine 4', { engine: 4 }],
  ['raw', { ws: true }],
] as [string, ClientOptions][])('in one page, over %s', (way, options) => {
  test('one client sends, the other has the message in IndexedDB before its event', async () => {
    const appid = newApp();
    const [alice, bob] = [await join(appid, 'alice', options), await join(appid, 'bob', options)];
    const stored: Promise<unknown>[] = [];
    bob.client.on('onRosterMessage', ({ id }) => {
      stored.push(readRawMessage(`flooim.${appid}.${bob.id}`, alice.id, id));
    });
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'from page to page 😀' });
    const received = await bob.events.next('onRosterMessage');
    expect(received).toMatchObject({ content: 'from page to page 😀', from: String(alice.id) });
    // Whose a message is depends on who reads it, so that is not stored.
    const { isOwn, ...synced } = received;
    expect([isOwn, ...(await Promise.all(stored))]).toEqual([false, synced]);
    const sent = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    expect(sent).toMatchObject({ mid, message: { id: received.id } });
    // An own message is stored with the next change, or a moment later.
    await expect
      .poll(async () => readRawMessage(`flooim.${appid}.${alice.id}`, bob.id, received.id))
      .toMatchObject({ content: 'from page to page 😀', clientMid: String(mid) });
    expect(await readRaw(`flooim.${appid}.${alice.id}`, `o/${String(mid).padStart(20, '0')}`)).toBeUndefined();
    expect(bob.client.rosterManage.getRosterMessageByRid(alice.id)).toEqual([received]);
    expect(bob.client.rosterManage.getUnreadCount(alice.id)).toBe(1);
    expect(bob.client.userManage.getConversationList()).toMatchObject([{ id: alice.id, unread: 1 }]);
    expect(bob.client.userManage.getUid()).toBe(bob.id);
    expect(alice.client.userManage.getUid()).toBe(alice.id);
    const connections = await admin<{ uid: number; transport: string }[]>('connections');
    const ours = connections.filter(({ uid }) => uid === alice.id || uid === bob.id);
    expect(ours.map(({ transport }) => transport)).toEqual(Array(2).fill(way.split(',')[0]));
  });
});

test('a reload shows the conversation before the network answers, and sends the waiting messages', async () => {
  const appid = newApp();
  const [alice, bob] = [await join(appid, 'alice'), await join(appid, 'bob')];
  for (let i = 0; i < 30; i++) bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: String(i) });
  await alice.events.count('onRosterMessage', 30);
  alice.client.rosterManage.readRosterMessage(bob.id, alice.events.all('onRosterMessage')[0]!.id);
  await bob.events.next('onMessageStatusChanged');
  await admin('stall', { uid: alice.id, on: true });
  const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'left over' });
  await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sending');
  await admin('dropSockets', { uid: alice.id });
  const shown = (client: FlooClient): unknown => ({
    list: client.userManage.getConversationList(),
    messages: client.rosterManage.getRosterMessageByRid(bob.id),
    unread: client.rosterManage.getUnreadCount(bob.id),
    users: client.rosterManage.getAllRosterDetail(),
  });
  const before = shown(alice.client);
  await alice.client.dispose();
  bob.client.disConnect();

  // A reload resumes the user who logged in last.
  localStorage.setItem(`flooim.${appid}.uid`, String(alice.id));
  sessionStorage.setItem(`flooim.${appid}.uid`, String(alice.id));
  await admin('stall', { on: true, alsoNew: true });
  await admin('failRest', { path: '/roster/list', hang: true, count: 2 });
  const next = create(appid);
  await next.events.next('recentlistUpdate');
  expect(next.client.userManage.getUid()).toBe(alice.id);
  expect(shown(next.client)).toEqual(before);
  expect(before).toMatchObject({ unread: 29 });
  expect(next.events.all('loginSuccess')).toEqual([]);
  await admin('clearFaults');
  await next.events.next('loginSuccess');
  expect(await next.events.next('onSendingMessageStatusChanged')).toMatchObject({ status: 'sent', mid });
  expect(next.events.all('onRosterMessage').map(({ content }) => content)).toEqual(['left over']);
});

test('two tabs that are not one client, of one user on one storage: the later one takes over, once, and nothing is lost', async () => {
  const appid = newApp();
  const [alice, bob] = [await join(appid, 'alice', { shareTabs: false }), await join(appid, 'bob')];
  const token = alice.client.userManage.getToken()!;
  const tab = create(appid, { autoLogin: false, shareTabs: false });
  await tab.client.tokenLogin(alice.id, token);
  expect(await alice.events.next('flooError')).toMatchObject({ category: 'UserKickedBySameDevice' });
  await quiet(200);
  expect(alice.client.isLogin()).toBe(false);
  expect(tab.client.isLogin()).toBe(true);
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'who is there' });
  expect(await tab.events.next('onRosterMessage')).toMatchObject({ content: 'who is there' });
  const connections = await admin<{ uid: number }[]>('connections');
  expect(connections.filter(({ uid }) => uid === alice.id)).toHaveLength(1);
});

test('two tabs of one user are one client: both are logged in, on one socket, and both have every message', async () => {
  const appid = newApp();
  const [alice, bob] = [await join(appid, 'alice'), await join(appid, 'bob')];
  const tab = create(appid, { autoLogin: false });
  await tab.client.tokenLogin(alice.id, alice.client.userManage.getToken()!);
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'who is there' });
  for (const { client, events } of [alice, tab]) {
    expect(await events.next('onRosterMessage')).toMatchObject({ content: 'who is there' });
    expect(client.isLogin()).toBe(true);
    expect(events.all('flooError')).toEqual([]);
  }
  const connections = await admin<{ uid: number }[]>('connections');
  expect(connections.filter(({ uid }) => uid === alice.id)).toHaveLength(1);
});

test('with cut sockets and a page that comes back, every message arrives once and in order', async () => {
  const appid = newApp();
  const [alice, bob] = [await join(appid, 'alice'), await join(appid, 'bob', { ws: true })];
  for (let i = 0; i < 40; i++) {
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: String(i) });
    if (i % 10 === 5) {
      await admin('dropSockets', { uid: i % 20 === 5 ? alice.id : bob.id, midFrame: true });
      window.dispatchEvent(new Event('online'));
    }
  }
  const received = await bob.events.count('onRosterMessage', 40);
  expect(received.map(({ content }) => content)).toEqual(Array.from({ length: 40 }, (_, i) => String(i)));
  await alice.events.count('onSendingMessageStatusChanged', 40, ({ status }) => status === 'sent');
  const connections = (): Promise<{ uid: number }[]> => admin('connections');
  await quiet(100);
  expect((await connections()).filter(({ uid }) => uid === bob.id)).toHaveLength(1);
  expect(bob.events.all('onRosterMessage')).toHaveLength(40);
});

test('500 queued messages arrive at a login', async () => {
  const appid = newApp();
  const bob = await join(appid, 'bob');
  const alice = create(appid, { autoLogin: false });
  const { user_id } = await alice.client.userManage.asyncRegister({ username: 'alice', password: PASSWORD });
  for (let i = 0; i < 500; i++) bob.client.sysManage.sendRosterMessage({ uid: user_id, content: String(i) });
  await bob.events.count('onSendingMessageStatusChanged', 500, ({ status }) => status === 'sent');
  await alice.client.login({ name: 'alice', password: PASSWORD });
  const received: Message[] = await alice.events.count('onRosterMessage', 500);
  expect(received.map(({ content }) => content)).toEqual(Array.from({ length: 500 }, (_, i) => String(i)));
});

test('a missing host fails the login with the documented error', async () => {
  const { client, events } = create(newApp(), { dnsServer: 'http://127.0.0.1:2/', autoLogin: false });
  await expect(client.login({ name: 'alice', password: PASSWORD })).rejects.toMatchObject({
    reason: 'ServerDNSFailed',
  });
  expect(events.all('loginFail')).toHaveLength(1);
  expect(events.all('flooError')).toMatchObject([{ category: 'DNS_FAILED' }]);
});

test('the drop-in is one object in a page, and logout without reload is requested by linkLogin', async () => {
  const appid = newApp();
  const config = { appid, dnsServer: server.dnsUrl, logLevel: 'error' as const };
  const im = flooim(config);
  clients.push(im);
  expect(new flooim(config)).toBe(im);
  const { user_id } = await im.userManage.asyncRegister({ username: 'alice', password: PASSWORD });
  const events = new EventRecord(im);
  void im.login({ name: 'alice', password: PASSWORD });
  await events.next('loginSuccess');
  expect(im.userManage.getUid()).toBe(user_id);
  await im.logout({ linkLogin: true });
  await events.next('logout');
  expect(im.isLogin()).toBe(false);
  expect(im.userManage.getToken()).toBeUndefined();
  flooim(config);
  await until(() => im.isReady(), 'DNS');
  expect(im.userManage.getUid()).toBeUndefined();
});
