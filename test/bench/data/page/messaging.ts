// The real client against the dev server.
import { buildClient } from '../../../../src/client.ts';
import { createClient } from '../../../../src/entries/browser.ts';
import type { ClientOptions, FlooClient, SendingStatusEvent } from '../../../../src/entries/browser.ts';
import { createBrowserPlatform } from '../../../../src/platform/browser/index.ts';
import { createMemoryKvProvider } from '../../../../src/platform/memory/index.ts';
import { watchMainThread } from './monitor.ts';
import type { MainThread } from './monitor.ts';
import { watchStorageOrder } from './storage-order.ts';
import { textOf } from './texts.ts';
import { APP_ID, median } from './world.ts';

export interface Person {
  dnsServer: string;
  name: string;
  password: string;
}

const optionsOf = ({ dnsServer }: Person): ClientOptions => ({
  appid: APP_ID,
  dnsServer,
  autoLogin: false,
  logLevel: 'error',
});

/** The moment as Node's `performance` has it, too: ms since 1970. */
const now = (): number => performance.timeOrigin + performance.now();

/** Logs in to so many queued messages. `ms`: from the server's welcome to the event of the last one. */
export async function receiveQueued(
  person: Person,
  count: number,
): Promise<MainThread & { ms: number; distinct: number }> {
  const client = createClient(optionsOf(person));
  const ids = new Set<string>();
  let start = 0;
  let received = 0;
  const mainThread = watchMainThread();
  const end = new Promise<number>((resolve) => {
    client.on({
      flooNotice: (notice) => {
        if (notice.category === 'loginMessage' && notice.desc.startsWith('login socket success')) start = now();
      },
      onRosterMessage: ({ id }) => {
        ids.add(id);
        if (++received === count) resolve(now());
      },
    });
  });
  await client.login(person);
  const ms = (await end) - start;
  const watched = await mainThread.stop();
  await client.dispose();
  return { ...watched, ms, distinct: ids.size };
}

export interface SendResult {
  medianMs: number;
  frames: number;
  /** Frames that left before their outbox row was committed. */
  early: number;
}

/** Sends one message after the other's `sent`. `inMemory`: the same client with nothing stored. */
export async function sendOneByOne(person: Person, to: number, count: number, inMemory: boolean): Promise<SendResult> {
  const { sends } = watchStorageOrder();
  const client = inMemory ? createMemoryClient(optionsOf(person)) : createClient(optionsOf(person));
  await client.login(person);
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    const sent = nextSent(client);
    client.sysManage.sendRosterMessage({ uid: to, content: textOf(i) });
    await sent;
    times.push(performance.now() - start);
  }
  await client.dispose();
  return { medianMs: median(times), frames: sends.frames, early: sends.early };
}

/** Sends so many at once. */
export async function sendBurst(
  person: Person,
  to: number,
  count: number,
): Promise<{ ids: number; sent: number; ms: number }> {
  const client = createClient(optionsOf(person));
  await client.login(person);
  const sent: number[] = [];
  const start = performance.now();
  const all = new Promise<void>((resolve) => {
    client.on('onSendingMessageStatusChanged', ({ status, mid }) => {
      if (status === 'sent' && sent.push(mid) === count) resolve();
    });
  });
  const ids = Array.from({ length: count }, (_, i) =>
    client.sysManage.sendRosterMessage({ uid: to, content: textOf(i) }),
  );
  await all;
  const ms = performance.now() - start;
  // A second `sent` of a message would come a moment later.
  await new Promise((resolve) => setTimeout(resolve, 200));
  await client.dispose();
  return { ids: new Set(ids).size, sent: sent.length, ms };
}

/** When the app got the event of a live message, and whether the message was committed by then. */
export interface Received {
  content: string;
  at: number;
  stored: boolean;
}

let live: { client: FlooClient; received: Received[] } | undefined;

export async function listenLive(person: Person): Promise<void> {
  const order = watchStorageOrder();
  const client = createClient(optionsOf(person));
  const received: Received[] = [];
  client.on('onRosterMessage', ({ id, content }) => {
    const at = now();
    received.push({ content, at, stored: order.isStored(id) });
  });
  await client.login(person);
  live = { client, received };
}

export async function endLive(): Promise<Received[]> {
  const { client, received } = live!;
  await client.dispose();
  return received;
}

export { now as clock };

function createMemoryClient(options: ClientOptions): FlooClient {
  const client = buildClient({ platform: { ...createBrowserPlatform(), kv: createMemoryKvProvider() }, dropIn: false });
  client.configure(options);
  return client;
}

function nextSent(client: FlooClient): Promise<SendingStatusEvent> {
  return new Promise((resolve) => {
    const off = client.on('onSendingMessageStatusChanged', (event) => {
      if (event.status === 'sending') return;
      off();
      resolve(event);
    });
  });
}
