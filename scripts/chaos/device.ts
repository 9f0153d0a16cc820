// A device of a user: one client after the other on the same data, behind a network of its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildClient } from '../../src/client.ts';
import type { ConfigurableClient } from '../../src/client.ts';
import type { ClientOptions } from '../../src/options.ts';
import { miniProgramPlatforms } from '../../src/platform/mini-program/index.ts';
import { createNodePlatform } from '../../src/platform/node/index.ts';
import type { Platform } from '../../src/platform/ports.ts';
import type { FaultyNetwork } from '../../test/support/faulty-network.ts';
import { createPhone } from '../../test/support/mini-program.ts';
import type { Phone } from '../../test/support/mini-program.ts';
import { realPath, USER_DATA_PATH } from '../../test/support/mini-program-files.ts';
import { createMortalPlatform } from '../../test/support/mortal-platform.ts';
import type { MortalPlatform } from '../../test/support/mortal-platform.ts';
import { goneName, reasonOf } from './history.ts';
import type { History, Life } from './history.ts';

export const APP_ID = 'chaos';
export const PASSWORD = 'secret12';

/** How long a logged-out client waits before it tries again to log in, as an app does. */
const LOGIN_PAUSE_MS = 250;
/** Times that suit a run of half a minute. Real ones differ by factors, not in kind. */
const TIMES: ClientOptions = {
  requestTimeoutMs: 3000,
  connectTimeoutMs: 2000,
  answerTimeoutMs: 3000,
  backoff: { baseMs: 50, capMs: 800 },
};

export interface User {
  readonly name: string;
  readonly id: number;
}

export type DeviceKind = 'node' | 'wechat' | 'uniapp';

export interface DeviceSpec {
  readonly kind: DeviceKind;
  readonly transport: 'socket.io' | 'raw';
  readonly engine: 3 | 4;
  /** Whether it is there from the beginning. A new device logs in for the first time in the middle of the run. */
  readonly isNew: boolean;
}

export class Device {
  readonly number: number;
  readonly user: User;
  readonly spec: DeviceSpec;
  readonly network: FaultyNetwork;
  client: ConfigurableClient | undefined;
  life: Life | undefined;
  mortal: MortalPlatform | undefined;
  /** Mids and contents that this device has sent, newest last. */
  readonly sent: { mid: number; conversation: string; content: string }[] = [];
  /** Whether somebody is to be logged in. */
  #isWanted = false;
  /** Starts and ends go one after the other. */
  #turn: Promise<void> = Promise.resolve();
  readonly #history: History;
  readonly #folder: string | undefined;
  readonly #phone: Phone | undefined;
  #clockAhead = 0;

  constructor(number: number, user: User, spec: DeviceSpec, network: FaultyNetwork, history: History) {
    this.number = number;
    this.user = user;
    this.spec = spec;
    this.network = network;
    this.#history = history;
    if (spec.kind === 'node') this.#folder = mkdtempSync(join(tmpdir(), 'flooim-chaos-'));
    else this.#phone = createPhone(spec.kind === 'wechat' ? 'wx' : 'uni');
  }

  get name(): string {
    const { kind, transport, engine } = this.spec;
    return `${this.user.name}/${this.number} (${kind}, ${transport}${transport === 'raw' ? '' : ` ${engine}`})`;
  }

  /** Whether its client is online, as far as it knows. */
  get isOnline(): boolean {
    return this.#isOnline;
  }
  #isOnline = false;

  start(): Promise<void> {
    return this.#next(() => {
      if (!this.client) this.#start();
    });
  }

  restart(): Promise<void> {
    return this.#next(async () => {
      if (!this.client) return;
      await this.#end('closed');
      this.#start();
    });
  }

  /** @param awayMs - until somebody starts it again */
  crash(awayMs: number): Promise<void> {
    return this.#next(async () => {
      if (!this.client) return;
      await this.#end('crashed');
      await pause(awayMs);
      this.#start();
    });
  }

  /** Logs out, and soon in again. */
  relogin(): Promise<void> {
    return this.#next(async () => {
      const { client, life } = this;
      if (!client?.isLogin() || !life) return;
      this.#isWanted = false;
      await this.#history.call(life, 'logout', this.untilCrash(client.logout()));
      // The next login opens the stored data again.
      life.end = 'closed';
      this.#newLife();
      this.#isWanted = true;
    });
  }

  /** A file of this device, as its app passes it. */
  file(name: string, bytes: Uint8Array<ArrayBuffer>): unknown {
    if (!this.#phone) return bytes;
    const path = `${USER_DATA_PATH}/${name}`;
    writeFileSync(realPath(this.#phone.disk, path), bytes);
    return path;
  }

  /** The promise of a client that crashed never settles, and that is no fault of its. */
  async untilCrash<T>(promise: Promise<T>): Promise<T> {
    const { life } = this;
    let timer: NodeJS.Timeout | undefined;
    const crashed = new Promise<never>((_, reject) => {
      timer = setInterval(() => {
        if (life?.end === 'crashed') reject(new Error('its client crashed'));
      }, 50);
    });
    return Promise.race([promise, crashed]).finally(() => clearInterval(timer));
  }

  setClock(aheadMs: number): void {
    this.#clockAhead = aheadMs;
    if (this.mortal) this.mortal.clockAhead = aheadMs;
  }

  async end(): Promise<void> {
    await this.#next(async () => {
      if (this.client) await this.#end('closed');
    });
    await this.network.close();
    this.#phone?.remove();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  #next(run: () => Promise<void> | void): Promise<void> {
    this.#turn = this.#turn.then(run).catch((error: unknown) => {
      this.#history.surprises.push(`${this.name}: ${reasonOf(error)}`);
    });
    return this.#turn;
  }

  #start(): void {
    const mortal = createMortalPlatform(this.#platform());
    mortal.clockAhead = this.#clockAhead;
    const client = buildClient({ platform: mortal.platform, dropIn: false });
    Object.assign(this, { mortal, client });
    this.#newLife();
    this.#record(client);
    const { transport, engine } = this.spec;
    client.configure({
      ...TIMES,
      appid: APP_ID,
      dnsServer: this.network.dnsUrl,
      transport,
      engine,
      logLevel: 'error',
    });
    this.#isWanted = true;
    void this.#keepLoggedIn(client);
  }

  #newLife(): Life {
    const earlier = this.#history.lives.filter(({ device }) => device === this.number).length;
    const life: Life = { device: this.number, number: earlier + 1, end: 'lives', isDegraded: false };
    this.#history.lives.push(life);
    this.life = life;
    return life;
  }

  async #end(how: 'closed' | 'crashed'): Promise<void> {
    const client = this.client!;
    const life = this.life!;
    const mortal = this.mortal!;
    this.#isOnline = false;
    this.client = undefined;
    life.end = how;
    // A disk that hangs for ever would hold up the end of a client that closes, too.
    if (mortal.storage === 'hangs') mortal.storage = undefined;
    if (how === 'closed') await this.#history.call(life, 'dispose', client.dispose());
    await mortal.die();
    for (const error of mortal.errors) this.#history.surprises.push(`${this.name} logged ${describe(error)}`);
  }

  #platform(): Platform {
    if (this.#folder !== undefined) return createNodePlatform({ dataDir: this.#folder });
    const run = this.#phone!.launch();
    return miniProgramPlatforms(() => run.api)();
  }

  /** Logs in again and again while nobody is, as an app does that knows the password. */
  async #keepLoggedIn(client: ConfigurableClient): Promise<void> {
    const isCurrent = (): boolean => this.client === client;
    for (let waited = 0; !client.isReady() && waited < 1000 && isCurrent(); waited += 20) await pause(20);
    while (isCurrent()) {
      if (this.#isWanted && !client.isLogin()) {
        const login = client.login({ name: this.user.name, password: PASSWORD });
        await this.#history.call(this.life!, 'login', this.untilCrash(login));
      }
      await pause(LOGIN_PAUSE_MS);
    }
  }

  #record(client: ConfigurableClient): void {
    const history = this.#history;
    const current = (): Life => this.life!;
    const self = String(this.user.id);
    client.on({
      loginSuccess: () => void (this.#isOnline = true),
      disconnected: () => {
        history.disconnects++;
        this.#isOnline = false;
      },
      storageDegraded: () => void (current().isDegraded = true),
      onRosterMessage: ({ from, to, id, content, arrival, clientMid }) => {
        const conversation = `roster:${from === self ? to : from}`;
        history.messages.push({ life: current(), conversation, id, content, arrival, isOwn: clientMid !== undefined });
      },
      onGroupMessage: ({ to, id, content, arrival, clientMid }) => {
        const conversation = `group:${to}`;
        history.messages.push({ life: current(), conversation, id, content, arrival, isOwn: clientMid !== undefined });
      },
      onMessageRecalled: ({ mid }) => void history.gone.add(goneName(this.number, mid)),
      onMessageDeleted: ({ mid }) => void history.gone.add(goneName(this.number, mid)),
      onSendingMessageStatusChanged: ({ mid, status, message, errorReason, error }) => {
        const reason = error?.reason ?? errorReason ?? '';
        const at = history.now();
        history.sending.push({ life: current(), mid, status, at, reason, ...(message && { id: message.id }) });
      },
    });
  }
}

const describe = (error: unknown): string =>
  JSON.stringify(error, (_, value: unknown) => (value instanceof Error ? `${value.name}: ${value.message}` : value));

export const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
