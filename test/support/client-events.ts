import type { ClientEvents } from '../../src/client-events.ts';
import type { EventName, FlooClient } from '../../src/client.ts';

const NAMES: readonly EventName[] = [
  'loginSuccess',
  'loginFail',
  'logout',
  'flooNotice',
  'flooError',
  'onRosterMessage',
  'onGroupMessage',
  'onMentionMessage',
  'onInputStatusMessage',
  'onSendingMessageStatusChanged',
  'onMessageStatusChanged',
  'onUnreadChange',
  'recentlistUpdate',
  'onReceiveHistoryMsg',
  'onRosterListUpdate',
  'onGroupListUpdate',
  'reconnect',
  'storageDegraded',
  'messageNormal',
];

const TIMEOUT_MS = 3000;

type Heard = { [K in EventName]: { name: K; payload: ClientEvents[K] } }[EventName];
type Matches<K extends EventName> = (payload: ClientEvents[K]) => boolean;

/** Everything a client told, in order. Needs no Node API: it runs in a browser as well. */
export class EventRecord {
  readonly heard: Heard[] = [];
  /** Heard and not taken by a `next` yet. */
  readonly #untaken: Heard[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(client: FlooClient) {
    for (const name of NAMES) client.on(name, (payload) => this.#hear({ name, payload } as Heard));
  }

  /** The first event of this name, told or to be told, that matches and was not taken before. */
  async next<K extends EventName>(name: K, matches: Matches<K> = () => true): Promise<ClientEvents[K]> {
    let found: Heard | undefined;
    await this.#until(
      () => {
        const at = this.#untaken.findIndex((one) => one.name === name && matches(one.payload as ClientEvents[K]));
        if (at >= 0) found = this.#untaken.splice(at, 1)[0];
        return found !== undefined;
      },
      () => `no ${name} came; untaken: ${JSON.stringify(this.#untaken.slice(-20))}`,
    );
    return found!.payload as ClientEvents[K];
  }

  /** Resolves when so many events of this name matched, counted from the start; with all of them. */
  async count<K extends EventName>(
    name: K,
    amount: number,
    matches: Matches<K> = () => true,
  ): Promise<ClientEvents[K][]> {
    const found = (): ClientEvents[K][] => this.all(name).filter(matches);
    await this.#until(
      () => found().length >= amount,
      () => `${found().length} of ${amount} ${name} came`,
    );
    return found();
  }

  /** The payloads of an event so far, taken or not. */
  all<K extends EventName>(name: K): ClientEvents[K][] {
    return this.heard.filter((one) => one.name === name).map((one) => one.payload as ClientEvents[K]);
  }

  /** Takes everything told so far: `next` waits for what comes after. */
  skip(): void {
    this.#untaken.length = 0;
  }

  #hear(event: Heard): void {
    this.heard.push(event);
    this.#untaken.push(event);
    for (const wake of [...this.#waiting]) wake();
  }

  async #until(done: () => boolean, complaint: () => string): Promise<void> {
    if (done()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(complaint()));
      }, TIMEOUT_MS);
      const check = (): void => {
        if (!done()) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
    });
  }
}

/** Waits for what no event tells. */
export async function until(done: () => boolean, what: string, timeoutMs = TIMEOUT_MS): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!done()) {
    if (Date.now() > deadline) throw new Error(`gave up waiting: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Long enough for what must not happen: a test's retry delays are a few ms. */
export async function quiet(forMs = 80): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, forMs));
}
