// A page in Chromium, or one of several tabs of a user: the app runs there, and what happens is fetched from it.
import type { Chromium, Target } from '../../test/support/chromium.ts';
import type { FaultyNetwork } from '../../test/support/faulty-network.ts';
import { pause } from './app.ts';
import type { Shown, User } from './app.ts';
import type { Device } from './device.ts';
import { reasonOf } from './history.ts';
import type { Call, History, Life } from './history.ts';
import type { Place } from './local-device.ts';
import type { ChaosPage, PageNews } from './page.ts';
import type { OperationName, Step } from './plan.ts';

/** How long a page has from its last report to its crash, at most. */
const FETCH_MS = 100;

/** One page, from its opening to its end. */
class Run {
  readonly target: Target;
  readonly #place: Place;
  /** Lives of this device before this page. */
  readonly #earlier: number;
  readonly #lives: Life[] = [];
  readonly #calls: Call[] = [];
  readonly #gone: Promise<undefined>;
  #fetching: Promise<void> = Promise.resolve();
  readonly leave: () => void;
  hasLeft = false;
  isOnline = false;

  constructor(target: Target, place: Place) {
    this.target = target;
    this.#place = place;
    this.#earlier = place.history.lives.filter(({ device }) => device === place.number).length;
    let resolve: (value: undefined) => void;
    this.#gone = new Promise((done) => (resolve = done));
    this.leave = () => {
      this.hasLeft = true;
      this.isOnline = false;
      resolve(undefined);
    };
    void this.#fetchAgain();
  }

  /** Calls a function of the page. Undefined when the page is gone before it answers. */
  async call<K extends keyof ChaosPage>(
    name: K,
    ...args: Parameters<ChaosPage[K]>
  ): Promise<Awaited<ReturnType<ChaosPage[K]>> | undefined> {
    if (this.hasLeft) return undefined;
    const answer = this.target.evaluate(`chaos.${name}(...${JSON.stringify(args)})`);
    answer.catch(() => undefined);
    return (await Promise.race([answer, this.#gone])) as Awaited<ReturnType<ChaosPage[K]>> | undefined;
  }

  /** Fetches what happened. One after the other: what a page gave away is gone there. */
  async fetch(): Promise<void> {
    this.#fetching = this.#fetching.then(async () => {
      const news = await this.call('take');
      if (news) this.#take(news);
    });
    return this.#fetching;
  }

  /** The page ended without a word. */
  crashed(): void {
    for (const life of this.#lives) if (life.end === 'lives') life.end = 'crashed';
    for (const call of this.#calls) {
      if (call.outcome !== 'pending') continue;
      call.outcome = 'failed';
      call.reason = 'its client crashed';
    }
  }

  async #fetchAgain(): Promise<void> {
    while (!this.hasLeft) {
      await this.fetch();
      await pause(FETCH_MS);
    }
  }

  #take({ isOnline, lives, calls, messages, sending, sends, gone, disconnects, surprises }: PageNews): void {
    const { history } = this.#place;
    this.isOnline = isOnline && !this.hasLeft;
    for (const [index, life] of lives.entries()) {
      const own = (this.#lives[index] ??= newLife(history, { ...life, number: this.#earlier + life.number }));
      own.end = life.end;
      own.isDegraded = life.isDegraded;
    }
    const here = <T extends { readonly life: Life }>(of: T): T => ({ ...of, life: this.#lives[of.life.number - 1]! });
    for (const [index, call] of calls.entries()) {
      const own = (this.#calls[index] ??= newCall(history, here(call)));
      own.outcome = call.outcome;
      own.reason = call.reason;
    }
    history.messages.push(...messages.map(here));
    history.sending.push(...sending.map(here));
    history.sends.push(...sends.map(here));
    for (const name of gone) history.gone.add(name);
    history.disconnects += disconnects;
    history.surprises.push(...surprises);
  }
}

function newLife(history: History, life: Life): Life {
  history.lives.push(life);
  return life;
}

function newCall(history: History, call: Call): Call {
  history.calls.push(call);
  return call;
}

export class PageDevice implements Device {
  readonly number: number;
  readonly user: User;
  readonly name: string;
  readonly network: FaultyNetwork;
  readonly mortal = undefined;
  readonly isWaiting = false;
  /** Nobody breaks the storage of the browser. */
  readonly isDegraded = false;
  readonly #place: Place;
  readonly #chromium: Chromium;
  readonly #url: string;
  #run: Run | undefined;
  #turn: Promise<void> = Promise.resolve();

  /** @param url - of the user's site: all tabs of a user have the same */
  constructor(place: Place, chromium: Chromium, url: string) {
    this.#place = place;
    this.#chromium = chromium;
    this.#url = url;
    this.number = place.number;
    this.user = place.user;
    this.network = place.network;
    this.name = `${place.user.name}/${place.number} (page)`;
  }

  get isOnline(): boolean {
    return this.#run?.isOnline ?? false;
  }

  async start(): Promise<void> {
    return this.#next(async () => {
      if (!this.#run) await this.#start();
    });
  }

  async restart(): Promise<void> {
    return this.#next(async () => {
      if (!this.#run) return;
      await this.#close();
      await this.#start();
    });
  }

  async crash(awayMs: number): Promise<void> {
    return this.#next(async () => {
      const run = this.#run;
      if (!run) return;
      this.#run = undefined;
      await run.fetch();
      run.leave();
      run.crashed();
      // It has no answer.
      void run.target.send('Page.crash').catch(() => undefined);
      await pause(awayMs);
      await run.target.close();
      await this.#start();
    });
  }

  setClock(): void {
    // The clock of the browser is not ours.
  }

  async perform(step: Step & { what: OperationName }, firstGroup: number): Promise<boolean> {
    return (await this.#run?.call('perform', step, firstGroup)) ?? false;
  }

  async show(names: readonly string[]): Promise<Readonly<Record<string, Shown>> | undefined> {
    await this.#run?.fetch();
    return this.#run?.call('show', names);
  }

  async createGroup(): Promise<number> {
    throw new Error('a page makes no group here');
  }

  async end(): Promise<void> {
    await this.#next(async () => {
      if (this.#run) await this.#close();
    });
    await this.network.close();
  }

  async #next(run: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(run).catch((error: unknown) => {
      this.#place.history.surprises.push(`${this.name}: ${reasonOf(error)}`);
    });
    return this.#turn;
  }

  async #start(): Promise<void> {
    const { number, user, friends, seed } = this.#place;
    const run = new Run(await this.#chromium.open(this.#url), this.#place);
    const dnsServer = this.network.dnsUrl;
    await run.call('start', { dnsServer, transport: 'socket.io', device: number, user, friends, seed });
    this.#run = run;
  }

  async #close(): Promise<void> {
    const run = this.#run!;
    this.#run = undefined;
    await run.call('end');
    await run.fetch();
    run.leave();
    await run.target.close();
  }
}
