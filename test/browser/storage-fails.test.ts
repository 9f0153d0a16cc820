import { afterEach, expect, inject, test, vi } from 'vitest';
import { createClient } from '../../src/entries/browser.ts';
import type { FlooClient } from '../../src/entries/browser.ts';
import { EventRecord } from '../support/client-events.ts';

const PASSWORD = 'secret12';

interface Person {
  client: FlooClient;
  events: EventRecord;
  id: number;
}

const clients: FlooClient[] = [];
afterEach(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  for (const client of clients.splice(0)) await client.dispose();
});

const newApp = (): string => `app${crypto.randomUUID().replace(/-/g, '')}`;

async function join(appid: string, name: string): Promise<Person> {
  const client = createClient({ appid, dnsServer: inject('devServer').dnsUrl, logLevel: 'error', autoLogin: false });
  clients.push(client);
  const events = new EventRecord(client);
  const { user_id: id } = await client.userManage.asyncRegister({ username: name, password: PASSWORD });
  await client.login({ name, password: PASSWORD });
  return { client, events, id };
}

async function talk(from: Person, to: Person, content: string): Promise<void> {
  from.client.sysManage.sendRosterMessage({ uid: to.id, content });
  await to.events.next('onRosterMessage', (message) => message.content === content);
  await from.events.next(
    'onSendingMessageStatusChanged',
    ({ status, message }) => status === 'sent' && message?.content === content,
  );
}

const contents = (of: Person, peer: Person): string[] =>
  of.client.rosterManage.getRosterMessageByRid(peer.id).map(({ content }) => content);

test.each([
  ['no IndexedDB at all', undefined, 'ReferenceError|TypeError'],
  [
    'IndexedDB that is denied',
    {
      open() {
        throw new DOMException('denied', 'SecurityError');
      },
    },
    'SecurityError',
  ],
])('with %s a login works, the problem is emitted once, and messages arrive', async (_what, indexedDB, cause) => {
  vi.stubGlobal('indexedDB', indexedDB);
  const appid = newApp();
  const [alice, bob] = [await join(appid, 'alice'), await join(appid, 'bob')];
  const [error] = alice.events.all('storageDegraded');
  expect(error).toMatchObject({ reason: 'DbOperationFailed' });
  expect((error!.cause as Error).name).toMatch(new RegExp(`^(${cause})$`));
  await talk(bob, alice, 'to memory');
  await talk(alice, bob, 'from memory');
  expect(contents(alice, bob)).toEqual(['to memory', 'from memory']);
  expect(alice.client.userManage.getConversationList()).toMatchObject([{ id: bob.id }]);
  expect(alice.events.all('storageDegraded')).toHaveLength(1);
  expect(alice.events.all('flooError')).toEqual([]);
});

test('a disk that fills up in a session is reported once, and messages arrive in order', async () => {
  const appid = newApp();
  const [alice, bob] = [await join(appid, 'alice'), await join(appid, 'bob')];
  await talk(bob, alice, '1');
  // Every transaction that puts something into the database of alice ends as on a full disk.
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    if (this.transaction.db.name !== `flooim.${appid}.${alice.id}`) return put.call(this, value, key);
    const { transaction } = this;
    const error = { value: new DOMException('full', 'QuotaExceededError'), configurable: true };
    Object.defineProperty(transaction, 'error', error);
    transaction.commit = () => transaction.abort();
    return put.call(this, value, key);
  });
  await talk(bob, alice, '2');
  await talk(alice, bob, '3');
  expect(contents(alice, bob)).toEqual(['1', '2', '3']);
  const errors = alice.events.all('storageDegraded');
  expect(errors.map(({ cause }) => (cause as Error).name)).toEqual(['QuotaExceededError']);
  expect(bob.events.all('storageDegraded')).toEqual([]);
});

test('when another tab deletes the database, the session keeps its data and makes no new database', async () => {
  const appid = newApp();
  const [alice, bob] = [await join(appid, 'alice'), await join(appid, 'bob')];
  await talk(bob, alice, '1');
  const name = `flooim.${appid}.${alice.id}`;
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onblocked = () => reject(new Error('blocked'));
  });
  await talk(bob, alice, '2');
  await talk(alice, bob, '3');
  expect(contents(alice, bob)).toEqual(['1', '2', '3']);
  expect(alice.events.all('storageDegraded')).toHaveLength(1);
  expect((await indexedDB.databases()).map((database) => database.name)).not.toContain(name);
});
