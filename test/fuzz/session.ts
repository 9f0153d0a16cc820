import { buildClient } from '../../src/client.ts';
import type { ConfigurableClient } from '../../src/client.ts';
import { isFlooError } from '../../src/errors.ts';
import { createMemoryKvProvider } from '../../src/platform/memory/index.ts';
import type { KvProvider, KvValue, Platform } from '../../src/platform/ports.ts';
import { createDevice } from '../support/client-device.ts';
import type { Device } from '../support/client-device.ts';
import { FakeServer } from './fake-server.ts';
import { PEER, textOf } from './inputs.ts';
import type { Input } from './inputs.ts';
import type { Chance } from './random.ts';

const LOGIN = { name: 'alice', password: 'secret12' };
/** A message and a send arrive within this time after any garbage. */
const GOES_ON_MS = 10_000;

/** Calls of these names end the login, wait for people, or need files. */
const NOT_CALLED = /login|logout|upload|download|register|delete|captcha|qr|sms|wechat|password|mobile/i;
const ARGUMENTS = {
  ...{ group_id: 7, user_id: Number(PEER), user_list: [Number(PEER)], list: [Number(PEER)], name: 'n', value: 'v' },
  ...{ username: 'bob', cursor: '', duration: 1, new_owner: Number(PEER), enabled: true, title: 't', content: 'c' },
};

const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Throws what is no error of ours. */
function mustBeFlooError(error: unknown): void {
  if (!isFlooError(error)) throw error;
}

/** One client that is logged in to a {@link FakeServer}, over a database of its own. */
export class Session {
  readonly device: Device = createDevice();
  readonly server: FakeServer;
  private readonly heard = new Set<string>();
  private readonly client: ConfigurableClient;
  private readonly chance: Chance;
  private count = 0;

  constructor(
    chance: Chance,
    transport: 'raw' | 'socket.io',
    kv: KvProvider = createMemoryKvProvider(),
    server = new FakeServer(),
  ) {
    this.chance = chance;
    this.server = server;
    server.nextDns = server.nextAnswer = undefined;
    const { http, sockets } = this.server;
    const platform: Platform = { ...this.device.platform, kv, http, sockets };
    this.client = buildClient({ platform, dropIn: false });
    this.client.configure({
      ...{ appid: 'fuzz', dnsServer: 'http://127.0.0.1:1/app_dns', transport, logLevel: 'error', autoLogin: false },
      ...{ requestTimeoutMs: 1500, connectTimeoutMs: 1500, answerTimeoutMs: 1500, backoff: { baseMs: 4, capMs: 40 } },
    });
    this.client.on('onRosterMessage', ({ content }) => this.heard.add(content));
  }

  async start(): Promise<void> {
    await this.client.login(LOGIN);
  }

  /** Gives the client one input, and waits until what it starts has run. */
  async feed(input: Input): Promise<void> {
    const { server } = this;
    if (input.kind === 'frame') server.sendFrame(input.bytes);
    else if (input.kind === 'packet') server.sendText(textOf(input));
    else if (input.kind === 'json') this.sayJson(textOf(input));
    else if (input.kind === 'rest') await this.call(textOf(input));
    else if (input.kind === 'dns') {
      server.nextDns = textOf(input);
      await this.client.logout().catch(mustBeFlooError);
      await this.client.login(LOGIN).catch(mustBeFlooError);
    }
    await turn();
  }

  /** @throws when a good message does not arrive, or a good send does not leave */
  async goesOn(): Promise<void> {
    if (!this.client.isLogin()) await this.client.login(LOGIN).catch(mustBeFlooError);
    const text = `good ${++this.count} ${this.chance.next()}`;
    this.server.say(text);
    this.client.sysManage.sendRosterMessage({ uid: PEER, content: text });
    const end = Date.now() + GOES_ON_MS;
    for (let polls = 0; !this.heard.has(text) || !this.server.received.has(text); polls++) {
      if (Date.now() > end) throw new Error(`the session does not go on: ${this.missing(text)}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      // A notice may have been lost with its socket, and a notice of garbage may have ended the login, as it should.
      if (polls % 100 === 99) {
        this.server.notify();
        if (!this.client.isLogin()) await this.client.login(LOGIN).catch(mustBeFlooError);
      }
    }
    const [error] = this.device.errors;
    if (error !== undefined) throw new Error(`logged as an error: ${JSON.stringify(error)}`, { cause: error });
  }

  async stop(): Promise<void> {
    await this.client.dispose();
  }

  private missing(text: string): string {
    const parts = [
      !this.heard.has(text) && 'a message did not arrive',
      !this.server.received.has(text) && 'a send did not leave',
    ];
    return `${parts.filter(Boolean).join(', ')}; logged in: ${this.client.isLogin()}`;
  }

  private sayJson(text: string): void {
    this.server.say(`json ${++this.count}`, { config: text, attachment: text, ext: text, ctype: this.chance.below(9) });
  }

  /** Calls one of the methods that ask the server, which gets this answer. */
  private async call(answer: string): Promise<void> {
    const { groupManage, rosterManage, sysManage, userManage } = this.client;
    const manager: Record<string, unknown> = Object(
      this.chance.pick([groupManage, rosterManage, sysManage, userManage]),
    );
    const names = namesOf(manager).filter((name) => name.startsWith('async') && !NOT_CALLED.test(name));
    const method = manager[this.chance.pick(names.length > 0 ? names : ['asyncNone'])];
    this.server.nextAnswer = answer;
    if (typeof method === 'function') {
      try {
        await (method as (argument: object) => unknown).call(manager, ARGUMENTS);
      } catch (error) {
        mustBeFlooError(error);
      }
    }
    this.server.nextAnswer = undefined;
  }
}

function namesOf(object: object): string[] {
  const names = new Set<string>();
  for (let at: unknown = object; at && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  return [...names];
}

/** Damages some of the values of a user's database. */
export async function damageStore(kv: KvProvider, name: string, chance: Chance, text: string): Promise<void> {
  const store = await kv.open(name);
  const entries = await store.range({ from: '', to: '\uffff' });
  for (const { key, value } of entries) {
    if (!chance.is(0.3)) continue;
    await store.commit([{ op: 'put', key, value: damagedValue(value, chance, text) }]);
  }
  await store.close();
}

function damagedValue(value: KvValue, chance: Chance, text: string): KvValue {
  if (chance.is(0.3)) return text;
  if (chance.is(0.2)) return chance.pick<KvValue>([0, '', [], {}, true]);
  return typeof value === 'string' ? chance.damagedText(value) : chance.damagedText(JSON.stringify(value));
}
