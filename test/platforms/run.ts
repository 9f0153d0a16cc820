// One run of the SDK on a platform. Its commands come from here.
import type { Answer, Command, Said } from './agent.ts';

const TIMEOUT_MS = 30_000;

/** The events that a session listens for. */
export const EVENTS = [
  'loginSuccess',
  'disconnected',
  'recentlistUpdate',
  'flooNotice',
  'onRosterMessage',
  'onSendingMessageStatusChanged',
] as const;

type Payload = Record<string, unknown> | undefined;

/** Events as they come, to be waited for. */
export class Ears {
  readonly heard: { event: string; payload: Payload }[] = [];
  readonly #waiting = new Set<() => void>();

  hear(event: string, payload: unknown): void {
    this.heard.push({ event, payload: payload as Payload });
    for (const check of [...this.#waiting]) check();
  }

  /** The first of this name that matches, of those heard from `since` on. */
  async next(event: string, matches: (payload: Payload) => boolean = () => true, since = 0): Promise<Payload> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = this.heard.slice(since).find((one) => one.event === event && matches(one.payload));
        if (!found) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(found.payload);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        const others = this.heard.slice(-10).map((one) => JSON.stringify(one).slice(0, 120));
        reject(new Error(`no ${event} came; last: ${others.join(' ')}`));
      }, TIMEOUT_MS);
      this.#waiting.add(check);
      check();
    });
  }
}

/** The way to an agent and back. */
export interface Channel {
  send(command: Command): void;
  listen(onSaid: (said: Said) => void): void;
  /** Ends the run at once, like a closed page or a killed process. */
  end(): Promise<void>;
}

export class Run {
  readonly ears = new Ears();
  readonly #channel: Channel;
  readonly #asked = new Map<number, (answer: Answer) => void>();
  #commands = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.listen((said) => {
      if ('event' in said) this.ears.hear(said.event, said.payload);
      else this.#asked.get(said.id)?.(said);
    });
  }

  async create(config: object): Promise<void> {
    await this.#ask({ id: ++this.#commands, task: 'create', config, events: EVENTS });
  }

  /** The paths of all methods that the client there has. */
  async members(): Promise<readonly string[]> {
    return (await this.#ask({ id: ++this.#commands, task: 'members' })) as string[];
  }

  /** Calls a method of the client there; a rejection has the reason in its message. */
  async call(path: string, ...args: unknown[]): Promise<unknown> {
    return this.#ask({ id: ++this.#commands, task: 'call', path, args });
  }

  async end(): Promise<void> {
    await this.#channel.end();
  }

  async #ask(command: Command): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const what = command.task === 'call' ? command.path : command.task;
      const timer = setTimeout(() => reject(new Error(`${what} was not answered`)), TIMEOUT_MS);
      this.#asked.set(command.id, ({ result, error }) => {
        clearTimeout(timer);
        if (error) reject(new Error(`${what}: ${error.reason ?? ''} ${error.message}`));
        else resolve(result);
      });
      this.#channel.send(command);
    });
  }
}

/** A place where the SDK runs, again and again on the same storage. */
export interface Place {
  start(): Promise<Channel>;
  /** Options of its clients, besides the URL of the server. */
  readonly config?: object;
  /** Rules of the page that were broken so far. */
  readonly violations: readonly string[];
  close(): Promise<void>;
}
