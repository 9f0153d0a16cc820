// A device in this process: Node on a directory, or a mini-program on a phone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildClient } from '../../src/client.ts';
import type { ConfigurableClient } from '../../src/client.ts';
import { miniProgramPlatforms } from '../../src/platform/mini-program/index.ts';
import { createNodePlatform } from '../../src/platform/node/index.ts';
import type { Platform } from '../../src/platform/ports.ts';
import type { FaultyNetwork } from '../../test/support/faulty-network.ts';
import { createPhone } from '../../test/support/mini-program.ts';
import type { Phone } from '../../test/support/mini-program.ts';
import { realPath, USER_DATA_PATH } from '../../test/support/mini-program-files.ts';
import { createMortalPlatform } from '../../test/support/mortal-platform.ts';
import type { MortalPlatform } from '../../test/support/mortal-platform.ts';
import { App, OPTIONS, pause } from './app.ts';
import type { Shown, User } from './app.ts';
import type { Device } from './device.ts';
import { reasonOf } from './history.ts';
import type { History } from './history.ts';
import type { OperationName, Step } from './plan.ts';

export interface LocalDeviceSpec {
  readonly kind: 'node' | 'wechat' | 'uniapp';
  readonly transport: 'socket.io' | 'raw';
  readonly engine: 3 | 4;
  /** It logs in for the first time in the middle of the run. */
  readonly isNew: boolean;
}

export interface Place {
  readonly number: number;
  readonly user: User;
  readonly friends: readonly number[];
  readonly network: FaultyNetwork;
  readonly history: History;
  /** Of the plan. */
  readonly seed: number;
}

interface Running {
  readonly client: ConfigurableClient;
  readonly mortal: MortalPlatform;
  readonly app: App;
}

export class LocalDevice implements Device {
  readonly number: number;
  readonly user: User;
  readonly name: string;
  readonly network: FaultyNetwork;
  readonly #place: Place;
  readonly #spec: LocalDeviceSpec;
  readonly #folder: string | undefined;
  readonly #phone: Phone | undefined;
  #running: Running | undefined;
  #hasBegun = false;
  #clockAhead = 0;
  /** Starts and ends go one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(place: Place, spec: LocalDeviceSpec) {
    const { kind, transport, engine } = spec;
    this.#place = place;
    this.#spec = spec;
    this.number = place.number;
    this.user = place.user;
    this.network = place.network;
    this.name = `${place.user.name}/${place.number} (${kind}, ${transport}${transport === 'raw' ? '' : ` ${engine}`})`;
    if (kind === 'node') this.#folder = mkdtempSync(join(tmpdir(), 'flooim-chaos-'));
    else this.#phone = createPhone(kind === 'wechat' ? 'wx' : 'uni');
  }

  get mortal(): MortalPlatform | undefined {
    return this.#running?.mortal;
  }

  get isOnline(): boolean {
    return this.#running?.app.isOnline ?? false;
  }

  get isDegraded(): boolean {
    return this.#running?.app.life.isDegraded ?? false;
  }

  get isWaiting(): boolean {
    return this.#spec.isNew && !this.#hasBegun;
  }

  async start(): Promise<void> {
    return this.#next(() => {
      if (!this.#running) this.#start();
    });
  }

  async restart(): Promise<void> {
    return this.#next(async () => {
      if (!this.#running) return;
      await this.#end('closed');
      this.#start();
    });
  }

  async crash(awayMs: number): Promise<void> {
    return this.#next(async () => {
      if (!this.#running) return;
      await this.#end('crashed');
      await pause(awayMs);
      this.#start();
    });
  }

  setClock(aheadMs: number): void {
    this.#clockAhead = aheadMs;
    if (this.mortal) this.mortal.clockAhead = aheadMs;
  }

  async perform(step: Step & { what: OperationName }, firstGroup: number): Promise<boolean> {
    return this.#running?.app.perform(step, this.#place.seed, firstGroup) ?? false;
  }

  async show(names: readonly string[]): Promise<Readonly<Record<string, Shown>> | undefined> {
    return this.#running?.app.show(names);
  }

  async createGroup(name: string, members: readonly number[]): Promise<number> {
    const { group_id } = await this.#running!.client.groupManage.asyncCreate({ name, user_list: members });
    return group_id;
  }

  async end(): Promise<void> {
    await this.#next(async () => {
      if (this.#running) await this.#end('closed');
    });
    await this.network.close();
    this.#phone?.remove();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  async #next(run: () => Promise<void> | void): Promise<void> {
    this.#turn = this.#turn.then(run).catch((error: unknown) => {
      this.#place.history.surprises.push(`${this.name}: ${reasonOf(error)}`);
    });
    return this.#turn;
  }

  #start(): void {
    const { history, user, friends, number } = this.#place;
    const { transport, engine } = this.#spec;
    const mortal = createMortalPlatform(this.#platform());
    mortal.clockAhead = this.#clockAhead;
    const client = buildClient({ platform: mortal.platform, dropIn: false });
    const around = {
      ...{ client, history, user, friends, device: number },
      file: (name: string, bytes: Uint8Array<ArrayBuffer>) => this.#file(name, bytes),
    };
    const app = new App(around, () =>
      client.configure({ ...OPTIONS, dnsServer: this.network.dnsUrl, transport, engine }),
    );
    this.#running = { client, mortal, app };
    this.#hasBegun = true;
  }

  async #end(how: 'closed' | 'crashed'): Promise<void> {
    const { app, mortal } = this.#running!;
    this.#running = undefined;
    // A disk that hangs would hold up the end of a client that closes for as long.
    if (mortal.storage === 'hangs') mortal.storage = undefined;
    await app.end(how);
    await mortal.die();
    for (const error of mortal.errors) this.#place.history.surprises.push(`${this.name} logged ${describe(error)}`);
  }

  #platform(): Platform {
    if (this.#folder !== undefined) return createNodePlatform({ dataDir: this.#folder });
    const run = this.#phone!.launch();
    return miniProgramPlatforms(() => run.api)();
  }

  /** A file of this device, as its app passes it. */
  #file(name: string, bytes: Uint8Array<ArrayBuffer>): unknown {
    if (!this.#phone) return bytes;
    const path = `${USER_DATA_PATH}/${name}`;
    writeFileSync(realPath(this.#phone.disk, path), bytes);
    return path;
  }
}

const describe = (error: unknown): string =>
  JSON.stringify(error, (_, value: unknown) => (value instanceof Error ? `${value.name}: ${value.message}` : value));
