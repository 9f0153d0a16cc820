// A tab of the window as it is seen from outside: what it was asked for and what it reported, until it is gone.
import { readFileSync } from 'node:fs';
import type { ClientOptions } from '../../src/entries/browser.ts';
import type { Chromium, Target } from '../../test/support/chromium.ts';
import type { Happened, Started, Tab } from './page.ts';

export interface Login {
  options: ClientOptions;
  name: string;
  password: string;
  peer: number;
}

/** Long enough for the process that runs the page to be known by its use of the CPU. */
const FIND_PROCESS_MS = 400;

const MOST_FILE_BYTES = 200_000;

const GONE = Symbol('gone');

/** One life of a tab: from the creation of its client until it is gone. */
export class Seat {
  /** Begins every text that this life sends. */
  readonly name: string;
  readonly asked: { text: string; at: number }[] = [];
  readonly happened: Happened[] = [];
  started: Started | undefined;
  /** Its page neither runs nor answers for a while. */
  isSuspended = false;
  isGone = false;
  pid: number | undefined;
  private texts = 0;
  private files = 0;
  readonly page: Target;
  private readonly chromium: Chromium;
  private end: () => void = () => undefined;
  private readonly gone = new Promise<typeof GONE>((resolve) => (this.end = () => resolve(GONE)));

  constructor(name: string, page: Target, chromium: Chromium) {
    this.name = name;
    this.page = page;
    this.chromium = chromium;
  }

  get isAlive(): boolean {
    return !this.isGone && !this.isSuspended;
  }

  async start({ options, name, password, peer }: Login): Promise<void> {
    this.pid = await this.findProcess();
    this.started = await this.call('start', options, name, password, peer);
  }

  /** Undefined when the tab is gone before it answers. */
  async call<K extends keyof Tab>(
    name: K,
    ...args: Parameters<Tab[K]>
  ): Promise<Awaited<ReturnType<Tab[K]>> | undefined> {
    const answer = this.page.evaluate(`tab.${name}(...${JSON.stringify(args)})`);
    const first = await Promise.race([answer.catch((error: unknown) => this.afterError(error)), this.gone]);
    return first === GONE ? undefined : (first as Awaited<ReturnType<Tab[K]>>);
  }

  async send(count: number): Promise<void> {
    const texts = Array.from({ length: count }, () => `${this.name}.${++this.texts}`);
    this.asked.push(...texts.map((text) => ({ text, at: Date.now() })));
    await this.call('send', texts);
  }

  /** Files are sent in their order, and nothing else waits for them: they are a stream of their own. */
  async sendFile(): Promise<void> {
    const text = `${this.name}file.${++this.files}`;
    this.asked.push({ text, at: Date.now() });
    await this.call('sendFile', text, Math.ceil(Math.random() * MOST_FILE_BYTES));
  }

  async take(): Promise<void> {
    this.happened.push(...((await this.call('take')) ?? []));
  }

  /** From now on nobody waits for an answer of it. */
  leave(): void {
    this.isGone = true;
    this.end();
  }

  /** Calls of a tab that went while it was asked fail in many ways. */
  private async afterError(error: unknown): Promise<undefined> {
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (!this.isGone) throw error;
    return undefined;
  }

  /** Which process runs the page: the one that works while the page works. */
  private async findProcess(): Promise<number> {
    const pids = await this.chromium.renderers();
    const before = pids.map(cpuTime);
    await this.call('hang', FIND_PROCESS_MS);
    const used = pids.map((pid, at) => cpuTime(pid) - before[at]!);
    return pids[used.indexOf(Math.max(...used))]!;
  }
}

/** CPU time of a process so far, in ticks. */
function cpuTime(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    // It ended meanwhile.
    return 0;
  }
}
