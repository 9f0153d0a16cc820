/** A server that keeps its data in a folder, killed again and again while clients send, sync and call REST. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageBodyType, MessageOperationType, StatusErrorCode } from 'flooim/wire';
import type { SyncDown } from 'flooim/wire';
import type { ConversationTruth, UserTruth } from 'flooim-devserver';
import { expect, onTestFinished, test } from 'vitest';
import { BareClient } from '../../support/bare-client.ts';
import { ServerProcess } from '../../support/server-process.ts';
import { APP_ID } from './harness.ts';
import type { Envelope } from './harness.ts';

const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 12);
const BURST = 4;
const UNREAD_AT_THE_END = 3;
const DUPLICATE = 'client msg id duplicated';

async function startServer(): Promise<ServerProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'flooim-kills-'));
  const server = new ServerProcess({ dataDir, pageSize: 7 });
  onTestFinished(async () => {
    await server.dispose();
    await rm(dataDir, { recursive: true });
  });
  await server.start();
  return server;
}

async function rest(server: ServerProcess, path: string, body: object, token = ''): Promise<Envelope> {
  const headers = { app_id: APP_ID, 'access-token': token };
  return (
    await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  ).json() as Promise<Envelope>;
}

interface Account {
  readonly id: number;
  readonly token: string;
}

async function register(server: ServerProcess, username: string): Promise<Account> {
  const password = 'secret12';
  const { user_id: id } = (await rest(server, '/user/register/v2', { username, password })).data;
  const { token } = (await rest(server, '/token/user', { name: username, password })).data;
  return { id, token };
}

/** A device that sends, syncs and reads without end. It remembers everything that the server has answered. */
class Person {
  readonly account: Account;
  /** Conversation → text → the id in the server's answer; undefined until one came. */
  readonly sent = new Map<number, Map<string, bigint | undefined>>();
  /** Conversation → the items that came, each time they came. */
  readonly received = new Map<number, bigint[]>();
  /** Conversation → the greatest key that the server took. */
  readonly keys = new Map<number, bigint>();
  readonly name: string;
  readonly #server: ServerProcess;
  readonly #conversations: readonly number[];
  #client!: BareClient;
  #deviceSN: number | undefined;
  #texts = 0;
  #greatestId = 0n;

  constructor(server: ServerProcess, name: string, account: Account, conversations: readonly number[]) {
    this.#server = server;
    this.name = name;
    this.account = account;
    this.#conversations = conversations;
    for (const conversation of conversations) this.sent.set(conversation, new Map());
  }

  /** Logs in with the first token, as the same device, and sends again what was not answered. */
  async connect(): Promise<void> {
    this.#client = await BareClient.open(this.#server.url);
    const { id, token } = this.account;
    const answer = await this.#client.provision({ xid: { uid: String(id) }, token, device_guid: this.name });
    expect(answer.status).toMatchObject({ code: StatusErrorCode.OK });
    expect(answer.xid?.deviceSN).toBe((this.#deviceSN ??= answer.xid?.deviceSN));
    for (const [conversation, texts] of this.sent) {
      for (const [text, known] of texts) if (known === undefined) await this.send(conversation, text);
    }
  }

  async disconnect(): Promise<void> {
    this.#client.close();
    await this.#client.closed;
  }

  /** Works until the server is gone. */
  async work(): Promise<void> {
    const gone = this.#client.closed.then(() => Promise.reject(new Error('gone')));
    try {
      for (;;) {
        for (const conversation of this.#conversations) {
          const burst = Array.from({ length: BURST }, () => this.send(conversation, `${this.name} ${++this.#texts}`));
          await Promise.race([Promise.all(burst), gone]);
          await Promise.race([this.syncOnce(conversation), gone]);
          await Promise.race([this.readAll(conversation), gone]);
        }
      }
    } catch (error) {
      if (!this.#client.isClosed) throw error;
    }
  }

  async send(conversation: number, text: string): Promise<void> {
    const texts = this.sent.get(conversation)!;
    const isNew = !texts.has(text);
    texts.set(text, undefined);
    const type = conversation % 16 === 1 ? MessageBodyType.GROUPCHAT : MessageBodyType.CHAT;
    const mid = text.split(' ')[1]!;
    const { status, server_mid } = await this.#client.send(conversation, { type, content: text }, mid);
    if (status?.reason === DUPLICATE && !isNew) {
      // Stored before the kill, without an answer. The server's truth has the id.
      texts.set(text, -1n);
      return;
    }
    expect(status).toMatchObject({ code: StatusErrorCode.OK });
    const id = BigInt(server_mid!);
    expect(id).toBeGreaterThan(this.#greatestId);
    texts.set(text, id);
  }

  /** No id that comes after a restart may be one that was there before. */
  noteGreatestId(): void {
    const all = [...this.sent.values()].flatMap((texts) => [...texts.values()].map((id) => id ?? 0n));
    for (const id of [...all, ...[...this.received.values()].flat()]) if (id > this.#greatestId) this.#greatestId = id;
  }

  /** Gets a page and acknowledges it. An item that was acknowledged must not come again. */
  async syncOnce(conversation: number): Promise<boolean> {
    const page = await this.#client.sync(conversation);
    this.#receive(conversation, page);
    if (page.next_key === '0') return false;
    this.#receive(conversation, await this.#client.sync(conversation, page.next_key));
    this.keys.set(conversation, BigInt(page.next_key!));
    return true;
  }

  async syncAll(): Promise<void> {
    for (const conversation of this.#conversations) while (await this.syncOnce(conversation));
  }

  async readAll(conversation: number): Promise<void> {
    const newest = this.received.get(conversation)?.at(-1);
    if (newest === undefined) return;
    const operation = { type: MessageOperationType.READ_ALL, mid: String(newest), xid: { uid: String(conversation) } };
    const mid = String(1_000_000 + ++this.#texts);
    await this.#client.send(this.account.id, { type: MessageBodyType.OPER, operation }, mid);
  }

  unread(): Promise<Record<string, number>> {
    return this.#client.unread();
  }

  #receive(conversation: number, { metas = [] }: SyncDown): void {
    const items = this.received.get(conversation) ?? [];
    for (const { id } of metas) {
      expect(BigInt(id!)).toBeGreaterThanOrEqual(this.keys.get(conversation) ?? 0n);
      items.push(BigInt(id!));
    }
    this.received.set(conversation, items);
  }
}

/** A user who calls REST without end, and remembers what was answered. */
class Caller {
  readonly registered: string[] = [];
  /** The number in the last nickname that was answered. */
  nickname = 0;
  readonly #server: ServerProcess;
  readonly #account: Account;
  #calls = 0;

  constructor(server: ServerProcess, account: Account) {
    this.#server = server;
    this.#account = account;
  }

  /** Works until the server is gone. */
  async work(): Promise<void> {
    try {
      for (;;) await this.#call(++this.#calls);
    } catch (error) {
      // What fetch throws when the server is killed.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  async #call(number: number): Promise<void> {
    const username = `user_${number}_x`;
    const { code } = await rest(this.#server, '/user/register/v2', { username, password: 'secret12' });
    if (code === 200) this.registered.push(username);
    const set = await rest(this.#server, '/user/profile', { nick_name: String(number) }, this.#account.token);
    if (set.code === 200) this.nickname = number;
  }

  async check(): Promise<void> {
    const { users } = await this.#server.control('truth');
    expect(users.map(({ username }) => username)).toEqual(expect.arrayContaining(this.registered));
    const headers = { app_id: APP_ID, 'access-token': this.#account.token };
    const { data } = (await (await fetch(`${this.#server.url}/user/profile`, { headers })).json()) as Envelope;
    // The call that was cut may have been done.
    expect([this.nickname, this.#calls]).toContain(Number(data.nick_name ?? 0));
  }
}

const truthOf = async (server: ServerProcess, { id }: Account): Promise<UserTruth> =>
  (await server.control('truth', { uid: id })).users[0]!;

const conversationOf = ({ conversations }: UserTruth, id: number): ConversationTruth =>
  conversations.find((conversation) => conversation.id === id)!;

/** Everything that was sent is in the conversation once, under the id that was answered, and came to the other device. */
function compare(
  conversation: ConversationTruth,
  senders: readonly [Person, number][],
  receiver: Person,
  from: number,
): void {
  const contents = conversation.messages.map(({ body }) => body.content!);
  const sent = new Map(senders.flatMap(([person, to]) => [...person.sent.get(to)!]));
  expect([...contents].sort()).toEqual([...sent.keys()].sort());
  const ids = conversation.messages.map(({ id }) => BigInt(id));
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => (a < b ? -1 : 1)));
  const wrong = contents.filter((text, index) => sent.get(text) !== -1n && sent.get(text) !== ids[index]);
  expect(wrong).toEqual([]);
  const others = conversation.messages.filter(({ from: sender }) => sender !== receiver.account.id);
  const arrived = new Set(receiver.received.get(from));
  expect(others.filter(({ id }) => !arrived.has(BigInt(id)))).toEqual([]);
}

test(
  `nothing that was answered is lost in ${ROUNDS} kills, and nothing is doubled`,
  { timeout: 60_000 + ROUNDS * 10_000 },
  async () => {
    const server = await startServer();
    const [a, b] = [await register(server, 'alice'), await register(server, 'bob')];
    const made = await rest(server, '/group/create', { name: 'both', user_list: [b.id] }, a.token);
    const group: number = made.data.group_id;
    const alice = new Person(server, 'alice', a, [b.id, group]);
    const bob = new Person(server, 'bob', b, [a.id, group]);
    const people = [alice, bob];
    const caller = new Caller(server, a);

    for (let round = 1; round <= ROUNDS; round++) {
      for (const person of people) await person.connect();
      const working = people.map((person) => person.work());
      const calling = caller.work();
      await sleep(50 + Math.random() * 350);
      await server.kill();
      await Promise.all([...working, calling]);
      for (const person of people) person.noteGreatestId();
      await server.start();
      await caller.check();
    }

    for (const person of people) await person.connect();
    for (const person of people) await person.syncAll();
    const [ofAlice, ofBob] = [await truthOf(server, a), await truthOf(server, b)];
    compare(
      conversationOf(ofAlice, b.id),
      [
        [alice, b.id],
        [bob, a.id],
      ],
      alice,
      b.id,
    );
    compare(
      conversationOf(ofBob, a.id),
      [
        [alice, b.id],
        [bob, a.id],
      ],
      bob,
      a.id,
    );
    compare(
      conversationOf(ofBob, group),
      [
        [alice, group],
        [bob, group],
      ],
      bob,
      group,
    );
    expect(conversationOf(ofAlice, group).messages.map(({ id }) => id)).toEqual(
      conversationOf(ofBob, group).messages.map(({ id }) => id),
    );
    expect(alice.sent.get(group)!.size).toBeGreaterThan(ROUNDS);

    for (const conversation of [a.id, group]) await bob.readAll(conversation);
    for (let count = 1; count <= UNREAD_AT_THE_END; count++) await alice.send(b.id, `alice ${2_000_000 + count}`);
    await server.kill();
    await server.start();
    for (const person of people) await person.connect();
    const after = await truthOf(server, b);
    expect([conversationOf(after, a.id).unread, conversationOf(after, group).unread]).toEqual([UNREAD_AT_THE_END, 0]);
    expect(await bob.unread()).toMatchObject({ [a.id]: UNREAD_AT_THE_END, [group]: 0 });
    expect(after.devices[0]!.queues.find(({ conversation }) => conversation === a.id)!.undelivered).toHaveLength(
      UNREAD_AT_THE_END,
    );
    for (const person of people) await person.disconnect();
  },
);
