// npm run --silent chat -- --messages 1000: two Node clients, one on each transport, chat through the dev server over real
// sockets while every socket is cut ten times. Exits non-zero when a message was lost, emitted twice or out of order.
import { createDevServer } from 'flooim-devserver';
import { createClient } from '../src/entries/node.ts';
import type { FlooClient, Message } from '../src/entries/node.ts';

const DROPS = 10;
const SETTLE_TIMEOUT_MS = 60_000;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (done: () => boolean, what: string): Promise<void> => {
  const end = Date.now() + SETTLE_TIMEOUT_MS;
  while (!done()) {
    if (Date.now() > end) {
      console.error(`gave up waiting: ${what}`);
      return;
    }
    await sleep(20);
  }
};

interface Tally {
  /** Texts in message events from the other side, in the order they came. */
  received: string[];
  /** Client mids of the `sent` events. Each must occur once. */
  sent: number[];
  failed: number;
  outOfOrder: number;
}

/** Counts the messages of others that a client emits, and whether each conversation came in id order. */
function tally(client: FlooClient, self: () => string): Tally {
  const result: Tally = { received: [], sent: [], failed: 0, outOfOrder: 0 };
  const newest = new Map<string, bigint>();
  const listen = (message: Message): void => {
    if (message.from === self()) return;
    const conversation = `${message.toType}${message.toType === 'group' ? message.to : message.from}`;
    const id = BigInt(message.id);
    if (id <= (newest.get(conversation) ?? 0n)) result.outOfOrder++;
    newest.set(conversation, id);
    result.received.push(message.content);
  };
  client.on({
    onRosterMessage: listen,
    onGroupMessage: listen,
    onSendingMessageStatusChanged: ({ status, mid }) => {
      if (status === 'sent') result.sent.push(mid);
      if (status === 'failed') result.failed++;
    },
  });
  return result;
}

async function main(): Promise<number> {
  const at = process.argv.indexOf('--messages');
  const messages = at < 0 ? 1000 : Number(process.argv[at + 1]);
  if (!Number.isInteger(messages) || messages < 2) {
    console.error('usage: npm run --silent chat -- --messages N');
    return 2;
  }
  const each = Math.floor(messages / 2);
  const server = await createDevServer();
  const join = async (
    name: string,
    transport: 'socket.io' | 'raw',
  ): Promise<{ client: FlooClient; uid: number; tally: Tally }> => {
    const client = createClient({
      dnsServer: server.dnsUrl,
      transport,
      logLevel: 'error',
      backoff: { baseMs: 100, capMs: 1000 },
    });
    const counted = tally(client, () => String(client.userManage.getUid()));
    await client.userManage.asyncRegister({ username: name, password: 'password' });
    await client.login({ name, password: 'password' });
    return { client, uid: client.userManage.getUid()!, tally: counted };
  };
  const alice = await join('alice', 'socket.io');
  const bob = await join('bob', 'raw');
  const group = await alice.client.groupManage.asyncCreate({ name: 'chat', user_list: [bob.uid] });

  let dropped = 0;
  let sending = true as boolean;
  const cutter = (async () => {
    for (let i = 0; i < DROPS; i++) {
      await sleep(100 + Math.random() * 400);
      dropped += server.admin.dropSockets({ midFrame: i % 2 === 1 });
    }
    sending = false;
  })();
  const texts: string[] = [];
  // Spread over the cuts: a few at a time, the last ones once the cuts are over.
  for (let i = 0; i < each; i++) {
    const text = (from: string, to: string): string => {
      const content = `${from} to ${to} ${i}`;
      texts.push(content);
      return content;
    };
    alice.client.sysManage.sendRosterMessage({ uid: bob.uid, content: text('alice', 'bob') });
    bob.client.sysManage.sendRosterMessage({ uid: alice.uid, content: text('bob', 'alice') });
    alice.client.sysManage.sendGroupMessage({ gid: group.group_id, content: text('alice', 'group') });
    bob.client.sysManage.sendGroupMessage({ gid: group.group_id, content: text('bob', 'group') });
    if (sending) await sleep(Math.random() * (6000 / each));
  }
  await cutter;
  const received = (): string[] => [...alice.tally.received, ...bob.tally.received];
  const sent = (): number[] => [...alice.tally.sent, ...bob.tally.sent];
  await until(() => sent().length >= texts.length, 'every send answered');
  await until(() => new Set(received()).size >= texts.length, 'every message received');
  // A duplicate would come with the next sync, so this makes the clients sync again.
  server.admin.dropSockets();
  await sleep(1000);

  const unique = new Set(received());
  const lost = texts.filter((text) => !unique.has(text)).length + Math.max(0, texts.length - new Set(sent()).size);
  const duplicated = received().length - unique.size + (sent().length - new Set(sent()).size);
  const outOfOrder = alice.tally.outOfOrder + bob.tally.outOfOrder + countOutOfOrder(received());
  const failed = alice.tally.failed + bob.tally.failed;
  console.log(`sockets cut ${dropped}, sends answered ${sent().length}, refused ${failed}`);
  console.log(
    `sent ${texts.length}, received ${received().length}, lost ${lost}, duplicated ${duplicated}, out of order ${outOfOrder}`,
  );
  await Promise.all([alice.client.dispose(), bob.client.dispose()]);
  await server.close();
  return lost + duplicated + outOfOrder + failed === 0 ? 0 : 1;
}

/** Counts the messages that came after a later one of the same sender and receiver. */
function countOutOfOrder(received: readonly string[]): number {
  const last = new Map<string, number>();
  let count = 0;
  for (const text of received) {
    const [, stream, index] = /^(.*) (\d+)$/.exec(text)!;
    if (Number(index) < (last.get(stream!) ?? -1)) count++;
    last.set(stream!, Number(index));
  }
  return count;
}

process.exitCode = await main();
