/** Whole clients beside a server that is killed and started again at its address: every message arrives once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';
import { temporaryDirectory } from '../../support/data-dir.ts';
import { ServerProcess } from '../../support/server-process.ts';

const KILLS = 6;
const PAUSE_MS = 8;
const SETTLE_MS = 60_000;

async function startServer(world: World): Promise<ServerProcess> {
  const server = new ServerProcess({ dataDir: temporaryDirectory(world) });
  world.cleanup(() => server.dispose());
  await server.start();
  return server;
}

type Half = Pick<Member, 'client' | 'events'> & { id: number };

async function member(world: World, server: ServerProcess, name: string): Promise<Half> {
  const { client, events } = world.client({ dnsServer: server.dnsUrl });
  await client.login({ name, password: PASSWORD });
  return { client, events, id: Number(client.userManage.getUid()) };
}

async function register(world: World, server: ServerProcess, name: string): Promise<void> {
  await world
    .client({ dnsServer: server.dnsUrl })
    .client.userManage.asyncRegister({ username: name, password: PASSWORD });
}

/** Texts of chat messages of a user that a client got, each time that it got one. */
const heard = ({ events }: Half, from: number): string[] =>
  events
    .all('onRosterMessage')
    .filter((message) => message.from === String(from))
    .map(({ content }) => content)
    .sort();

test(
  `every message of linked clients arrives once, over ${KILLS} kills of the server`,
  { timeout: 180_000 },
  async () => {
    const world = await startWorld();
    const server = await startServer(world);
    for (const name of ['alice', 'bob']) await register(world, server, name);
    const phone = await member(world, server, 'alice');
    const desk = await member(world, server, 'alice');
    const bob = await member(world, server, 'bob');
    const sent = new Map<Half, string[]>([
      [phone, []],
      [bob, []],
    ]);
    let isOver = false;
    const chat = async (from: Half, to: number, name: string): Promise<void> => {
      const texts = sent.get(from)!;
      while (!isOver) {
        texts.push(`${name} ${String(texts.length).padStart(5, '0')}`);
        from.client.sysManage.sendRosterMessage({ uid: to, content: texts.at(-1)! });
        await sleep(PAUSE_MS);
      }
    };
    const chats = [chat(phone, bob.id, 'alice'), chat(bob, phone.id, 'bob')];
    for (let kill = 1; kill <= KILLS; kill++) {
      await sleep(100 + Math.random() * 400);
      await server.kill();
      await server.start();
      await until(() => bob.client.isLogin() && phone.client.isLogin(), 'the clients to be back', SETTLE_MS);
    }
    isOver = true;
    await Promise.all(chats);

    const pending = (half: Half, peer: number): number =>
      half.client.sysManage.getSendingMessages(peer, 'roster').length;
    await until(() => pending(phone, bob.id) + pending(bob, phone.id) === 0, 'every answer', SETTLE_MS);
    const isHeard = (half: Half, from: number, texts: string[]): boolean =>
      new Set(heard(half, from)).size === texts.length;
    const ways = [
      [phone, bob.id, sent.get(bob)!],
      [desk, bob.id, sent.get(bob)!],
      [bob, phone.id, sent.get(phone)!],
      [desk, phone.id, sent.get(phone)!],
    ] as const;
    await until(() => ways.every(([half, from, texts]) => isHeard(half, from, texts)), 'every message', SETTLE_MS);
    for (const [half, from, texts] of ways) expect(heard(half, from)).toEqual(texts);

    const { users } = await server.control('truth');
    const [ofAlice, ofBob] = [phone, bob].map(({ id }) => users.find((user) => user.id === id)!.conversations[0]!);
    expect(ofAlice!.messages.map(({ body }) => body.content).sort()).toEqual([...sent.get(phone)!, ...sent.get(bob)!]);
    expect(bob.client.rosterManage.getUnreadCount(phone.id)).toBe(ofBob!.unread);
    expect(phone.client.rosterManage.getUnreadCount(bob.id)).toBe(ofAlice!.unread);
    expect(ofBob!.unread).toBe(sent.get(phone)!.length);
  },
);
