// The page that is killed: a real client that sends without end and reports its events to the harness.
import { createClient } from '../../../src/entries/browser.ts';
import type { Message } from '../../../src/entries/browser.ts';

/** The task of a page, in the fragment of its URL. */
export interface PageTask {
  appid: string;
  dnsServer: string;
  name: string;
  password: string;
  peer: number;
  /** Begins every text that this page sends; absent: it sends nothing. */
  prefix?: string;
}

/** A report of a page to the harness. */
export type Report =
  /** The row of a send is stored: from here on it is promised. */
  | { type: 'promised'; text: string; mid: number }
  | { type: 'sent'; text: string; mid: number; id: string }
  | { type: 'received'; text: string; id: string }
  | { type: 'failed'; text: string; reason: string }
  | { type: 'online' }
  /** The stored identity was gone: logged in by password. */
  | { type: 'login' }
  /** Later data is in memory only: a killed page loses it. */
  | { type: 'degraded'; text: string }
  | { type: 'problem'; text: string };

/** One record of the user's database. */
export type RawRecord = [key: string, value: unknown];

declare global {
  interface Window {
    report(report: Report): Promise<void>;
    readDatabase(name: string): Promise<RawRecord[]>;
    readThroughClient(peer: number): Promise<{ content: string; id: string }[]>;
  }
}

const MOST_AT_ONCE = 4;
const MOST_PAUSE_MS = 100;
const PAGE = 50;

const task = JSON.parse(decodeURIComponent(location.hash.slice(1))) as PageTask;
const { appid, dnsServer, peer } = task;
const report = (line: Report): void => void window.report(line);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const client = createClient({ appid, dnsServer, logLevel: 'error', backoff: { baseMs: 50, capMs: 400 } });
const opened = new Promise<void>((resolve) => client.on('recentlistUpdate', () => resolve()));
client.on({
  onSendingMessageStatusChanged: ({ status, mid, message, errorReason }) => {
    const text = message?.content ?? '';
    if (status === 'sent') report({ type: 'sent', text, mid, id: message?.id ?? '' });
    if (status === 'failed') report({ type: 'failed', text, reason: errorReason ?? '' });
  },
  onRosterMessage: ({ content, id }) => report({ type: 'received', text: content, id }),
  loginSuccess: () => report({ type: 'online' }),
  storageDegraded: ({ rawMessage, cause }) => report({ type: 'degraded', text: `${rawMessage} ${String(cause)}` }),
  flooError: ({ category, desc }) => report({ type: 'problem', text: `${category} ${desc}` }),
});

/** `sending` is emitted before the row is stored, so the transactions themselves are watched. */
function reportStoredRows(): void {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
    const { mid, message } = (value ?? {}) as { mid?: string; message?: Message };
    if (String(key).startsWith('o/') && message)
      this.transaction.addEventListener('complete', () =>
        report({ type: 'promised', text: message.content, mid: Number(mid) }),
      );
    return put.call(this, value, key);
  };
}
reportStoredRows();

async function run(): Promise<void> {
  if (client.userManage.getToken()) await opened;
  else {
    report({ type: 'login' });
    await client.login(task);
  }
  for (let sent = 0; task.prefix !== undefined;) {
    for (let left = Math.ceil(Math.random() * MOST_AT_ONCE); left > 0; left--) {
      client.sysManage.sendRosterMessage({ uid: peer, content: `${task.prefix}.${++sent}` });
    }
    await pause(Math.random() * MOST_PAUSE_MS);
  }
}
void run();

window.readDatabase = async (name) => {
  const opening = indexedDB.open(name);
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });
  const db = await done(opening);
  const store = db.transaction('kv').objectStore('kv');
  const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll() as IDBRequest<unknown[]>)]);
  db.close();
  return keys.map((key, index) => [String(key), values[index]]);
};

window.readThroughClient = async (id) => {
  const found: Message[] = [];
  for (let before = '0'; ;) {
    const { messages } = await client.sysManage.getMessages({ id, type: 'roster', before, limit: PAGE });
    found.push(...messages);
    if (messages.length < PAGE) break;
    before = messages[0]!.id;
  }
  return found.map(({ content, id }) => ({ content, id }));
};
