// Runs in a tab, or in a worker of one: a client that is called from outside, its events and its sockets.
import { createClient } from '../../src/entries/browser.ts';
import type { ClientOptions } from '../../src/entries/browser.ts';
import { NAMES } from '../support/client-events.ts';

export interface Heard {
  event: string;
  /** As JSON has it. */
  payload?: unknown;
  /** In ms since 1970. */
  at: number;
}

/** A call of the client: the path of a method and its arguments. `{ fileOf: text }` in them is a file. */
export type Call = [path: string, ...args: unknown[]];

export interface TabAgent {
  /** Takes globals away, as in a browser that does not have them. */
  forget(names: readonly string[]): void;
  /** Says something to other tabs, as another copy of the SDK does. */
  post(channel: string, message: unknown): void;
  /** Creates the client. A client of the same options in an earlier tab has left its session. */
  create(options: ClientOptions): void;
  /** Makes calls one after the other in one turn of the event loop. Resolves with the last one's result. */
  run(...calls: Call[]): unknown;
  /** The events from a number on. */
  heard(from: number): Heard[];
  /** Sockets that this tab opened so far, and how many of them are open. */
  sockets(): { opened: number; open: number };
  /** From the creation of the client until the list of conversations was not empty, in ms; undefined: it still is. */
  listMs(): number | undefined;
  /** Starts an agent in a worker of this page. */
  startWorker(): Promise<void>;
  /** Calls a function of the worker's agent. */
  inWorker(name: Exclude<keyof TabAgent, 'startWorker' | 'inWorker'>, args: unknown[]): Promise<unknown>;
}

type Client = ReturnType<typeof createClient>;

function createAgent(): TabAgent {
  let client: Client | undefined;
  const heard: Heard[] = [];
  const sockets: WebSocket[] = [];
  let listMs: number | undefined;
  let worker: Worker | undefined;
  let asked = 0;

  globalThis.WebSocket = class extends WebSocket {
    constructor(...given: ConstructorParameters<typeof WebSocket>) {
      super(...given);
      sockets.push(this);
    }
  };

  const withFiles = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(withFiles);
    if ('fileOf' in value) return new File([String(value.fileOf)], 'note.txt', { type: 'text/plain' });
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withFiles(inner)]));
  };
  const asJson = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

  function call([path, ...args]: Call): unknown {
    let self: unknown;
    let method: unknown = client;
    for (const name of path.split('.')) {
      self = method;
      method = (method as Record<string, unknown>)[name];
    }
    return (method as (...given: unknown[]) => unknown).apply(self, args.map(withFiles));
  }

  return {
    forget(names) {
      for (const name of names)
        Object.defineProperty(name in navigator ? navigator : globalThis, name, { value: undefined });
    },
    post: (channel, message) => new BroadcastChannel(channel).postMessage(message),
    create(options) {
      const begun = performance.now();
      const made = (client = createClient(options));
      const look = (): void => {
        if (made.userManage.getConversationList().length > 0) listMs ??= performance.now() - begun;
      };
      made.on('recentlistUpdate', look);
      for (const event of NAMES)
        made.on(event, (payload) => heard.push({ event, payload: asJson(payload), at: Date.now() }));
      look();
    },
    run: (...calls) => calls.map(call).at(-1),
    heard: (from) => heard.slice(from),
    sockets: () => ({
      opened: sockets.length,
      open: sockets.filter(({ readyState }) => readyState <= WebSocket.OPEN).length,
    }),
    listMs: () => listMs,
    async startWorker() {
      worker = new Worker('/page.js');
      await new Promise((resolve) => worker!.addEventListener('message', resolve, { once: true }));
    },
    async inWorker(name, args) {
      const id = ++asked;
      return new Promise((resolve, reject) => {
        const listen = ({ data }: MessageEvent<WorkerAnswer>): void => {
          if (data.id !== id) return;
          worker!.removeEventListener('message', listen);
          if (data.error === undefined) resolve(data.result);
          else reject(new Error(data.error));
        };
        worker!.addEventListener('message', listen);
        worker!.postMessage({ id, name, args });
      });
    },
  };
}

interface WorkerAnswer {
  id: number;
  result?: unknown;
  error?: string;
}

const agent = createAgent();
Object.assign(globalThis, { agent });

/** A worker takes its calls from its page. */
function serveMessages(): void {
  addEventListener('message', ({ data: { id, name, args } }: MessageEvent<{ id: number; name: string; args: [] }>) => {
    const method = agent[name as keyof TabAgent] as (...given: unknown[]) => unknown;
    void (async () => method(...args))().then(
      (result) => postMessage({ id, result } satisfies WorkerAnswer),
      (error: unknown) => postMessage({ id, error: String(error) } satisfies WorkerAnswer),
    );
  });
  postMessage('ready');
}

if (typeof document === 'undefined') serveMessages();
