// The app around one client: it logs in again and again, does what a user does, and remembers what happens. It runs in Node and
// in pages.
import type { FlooClient } from '../../src/floo-client.ts';
import type { ClientOptions } from '../../src/options.ts';
import { goneName } from './history.ts';
import type { History, Life } from './history.ts';
import { perform } from './operations.ts';
import type { Actor, SentMessage } from './operations.ts';
import type { OperationName, Step } from './plan.ts';

export const APP_ID = 'chaos';
export const PASSWORD = 'secret12';

/** How long a logged-out client waits before it tries again to log in, as an app does. */
const LOGIN_PAUSE_MS = 250;
/** Times that suit a run of half a minute. Real ones differ by factors, not in kind. */
export const OPTIONS = {
  appid: APP_ID,
  logLevel: 'error',
  requestTimeoutMs: 3000,
  connectTimeoutMs: 2000,
  answerTimeoutMs: 3000,
  backoff: { baseMs: 50, capMs: 800 },
  // Over a restart it is measured by the clock, which jumps here by days.
  sendExpiryMs: 20 * 86_400_000,
} as const satisfies ClientOptions;
const PAGE = 200;
/** Longer than the time limit of a request. */
const LAST_CALLS_MS = 10_000;

export interface User {
  readonly name: string;
  readonly id: number;
}

/** What a device shows of one conversation. */
export interface Shown {
  readonly messages: readonly Awaited<ReturnType<FlooClient['sysManage']['getMessages']>>['messages'][number][];
  readonly unread: number;
  /** Client ids of messages that are on their way. */
  readonly sending: readonly string[];
}

export interface Surroundings {
  readonly client: FlooClient;
  readonly history: History;
  /** The number of its device. */
  readonly device: number;
  readonly user: User;
  readonly friends: readonly number[];
  /** A file as apps of this platform pass it. */
  file(name: string, bytes: Uint8Array<ArrayBuffer>): unknown;
}

export class App {
  isOnline = false;
  life: Life;
  readonly #around: Surroundings;
  readonly #sent: SentMessage[] = [];
  /** Calls without an outcome. */
  readonly #following = new Set<Promise<unknown>>();
  #hasEnded = false;
  /** Whether somebody is to be logged in. */
  #isWanted = true;

  /** @param start - configures the client, after its events are recorded */
  constructor(around: Surroundings, start: () => void) {
    this.#around = around;
    this.life = this.#newLife();
    this.#record();
    start();
    void this.#keepLoggedIn();
  }

  /** @returns whether there was somebody to do it */
  perform(step: Step & { what: OperationName }, seed: number, firstGroup: number): boolean {
    const { client, history, user, friends, file } = this.#around;
    const actor: Actor = {
      ...{ client, friends, firstGroup, file },
      self: user.id,
      sent: this.#sent,
      onSent: (message) => {
        this.#sent.push(message);
        history.sends.push({ life: this.life, ...message, at: history.now() });
      },
      follow: (name, promise) => void this.#follow(name, promise),
      relogin: () => void this.#relogin(),
    };
    const outcome = perform(actor, step, seed);
    if (outcome.surprise !== undefined)
      history.surprises.push(`device ${this.life.device}: ${step.what}: ${outcome.surprise}`);
    return outcome.isDone;
  }

  /** What it shows now. It asks the server for what it lacks. @param names - of conversations, as `TruthConversation` has them */
  async show(names: readonly string[]): Promise<Record<string, Shown>> {
    const { sysManage, groupManage, rosterManage } = this.#around.client;
    const shown: Record<string, Shown> = {};
    for (const name of names) {
      const [type, id] = name.split(':') as ['roster' | 'group', string];
      const unread = (type === 'group' ? groupManage : rosterManage).getUnreadCount(id);
      const sending = sysManage.getSendingMessages(id, type).filter(({ sendingStatus }) => sendingStatus === 'sending');
      shown[name] = { unread, sending: sending.map(({ id: mid }) => mid), messages: await this.#allMessages(type, id) };
    }
    return shown;
  }

  /** The client is gone, or goes now. */
  async end(how: 'closed' | 'crashed'): Promise<void> {
    this.#hasEnded = true;
    this.isOnline = false;
    this.life.end = how;
    if (how === 'crashed') return;
    await this.#follow('dispose', this.#around.client.dispose());
    // Calls that are under way have their time limits; what is pending after that is a finding.
    await Promise.race([Promise.all(this.#following), pause(LAST_CALLS_MS)]);
  }

  async #allMessages(type: 'roster' | 'group', id: string): Promise<Shown['messages'][number][]> {
    const all: Shown['messages'][number][] = [];
    for (;;) {
      const before = all[0]?.id ?? 0;
      const { messages } = await this.#around.client.sysManage.getMessages({ id, type, limit: PAGE, before });
      all.unshift(...messages);
      if (messages.length < PAGE) return all;
    }
  }

  /** Logs out, and soon in again. */
  async #relogin(): Promise<void> {
    const { client } = this.#around;
    const { life } = this;
    if (!client.isLogin() || !this.#isWanted) return;
    this.#isWanted = false;
    await this.#follow('logout', client.logout());
    if (this.#hasEnded) return;
    // The next login opens the stored data again.
    life.end = 'closed';
    this.life = this.#newLife();
    this.#isWanted = true;
  }

  #newLife(): Life {
    const { history, device } = this.#around;
    const number = history.lives.filter((life) => life.device === device).length + 1;
    const life: Life = { device, number, end: 'lives', isDegraded: false };
    history.lives.push(life);
    return life;
  }

  /** Follows a call to its end. The promise of a client that crashed never settles, and that is no fault of its. */
  async #follow(name: string, promise: Promise<unknown>): Promise<void> {
    const { life } = this;
    let timer: ReturnType<typeof setInterval> | undefined;
    const crashed = new Promise<never>((_, reject) => {
      timer = setInterval(() => {
        if (life.end === 'crashed' || this.life.end === 'crashed') reject(new Error('its client crashed'));
      }, 50);
    });
    const outcome = Promise.race([promise, crashed]).finally(() => clearInterval(timer));
    const followed = this.#around.history.call(life, name, outcome);
    this.#following.add(followed);
    await followed;
    this.#following.delete(followed);
  }

  /** Logs in again and again while nobody is, as an app does that knows the password. */
  async #keepLoggedIn(): Promise<void> {
    const { client, user } = this.#around;
    for (let waited = 0; !client.isReady() && waited < 1000 && !this.#hasEnded; waited += 20) await pause(20);
    while (!this.#hasEnded) {
      if (this.#isWanted && !client.isLogin())
        await this.#follow('login', client.login({ name: user.name, password: PASSWORD }));
      await pause(LOGIN_PAUSE_MS);
    }
  }

  #record(): void {
    const { client, history, user, device } = this.#around;
    const self = String(user.id);
    const onMessage = (conversation: string, { id, content, arrival, clientMid }: MessageFacts): void => {
      const isOwn = clientMid !== undefined;
      history.messages.push({ life: this.life, conversation, id, content, arrival, isOwn });
    };
    client.on({
      loginSuccess: () => void (this.isOnline = true),
      disconnected: () => {
        history.disconnects++;
        this.isOnline = false;
      },
      storageDegraded: () => void (this.life.isDegraded = true),
      onRosterMessage: (message) => onMessage(`roster:${message.from === self ? message.to : message.from}`, message),
      onGroupMessage: (message) => onMessage(`group:${message.to}`, message),
      onMessageRecalled: ({ mid }) => void history.gone.add(goneName(device, mid)),
      onMessageDeleted: ({ mid }) => void history.gone.add(goneName(device, mid)),
      onSendingMessageStatusChanged: ({ mid, status, message, errorReason, error }) => {
        const reason = error?.reason ?? errorReason ?? '';
        const at = history.now();
        history.sending.push({ life: this.life, mid, status, at, reason, ...(message && { id: message.id }) });
      },
    });
  }
}

interface MessageFacts {
  readonly id: string;
  readonly content: string;
  readonly arrival: string;
  readonly clientMid?: string;
}

export const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
