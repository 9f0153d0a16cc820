// Runs in a page: an app around the client of the browser. Node calls its functions by name.
import { createClient } from '../../src/entries/browser.ts';
import { App, OPTIONS } from './app.ts';
import type { Shown, User } from './app.ts';
import { History } from './history.ts';
import type { Call, Life, MessageEvent, Send, SendingEvent } from './history.ts';
import type { OperationName, Step } from './plan.ts';

export interface PageTask {
  readonly dnsServer: string;
  readonly transport: 'socket.io' | 'raw';
  readonly device: number;
  readonly user: User;
  readonly friends: readonly number[];
  /** Of the plan. */
  readonly seed: number;
}

/** What happened since the page was asked before; lives and calls from the beginning. */
export interface PageNews {
  readonly isOnline: boolean;
  readonly lives: readonly Life[];
  readonly calls: readonly Call[];
  readonly messages: readonly MessageEvent[];
  readonly sending: readonly SendingEvent[];
  readonly sends: readonly Send[];
  readonly gone: readonly string[];
  readonly disconnects: number;
  readonly surprises: readonly string[];
}

const history = new History();
let app: App | undefined;
let task: PageTask | undefined;

window.addEventListener('unhandledrejection', ({ reason }) => {
  history.surprises.push(`unhandled in a page: ${String((reason as Error | undefined)?.stack ?? reason)}`);
});

const chaos = {
  start(given: PageTask): void {
    task = given;
    const { dnsServer, transport, device, user, friends } = given;
    const client = createClient({ ...OPTIONS, dnsServer, transport });
    const file = (_: string, bytes: Uint8Array<ArrayBuffer>): unknown => new Blob([bytes]);
    app = new App({ client, history, device, user, friends, file }, () => undefined);
  },

  perform(step: Step & { what: OperationName }, firstGroup: number): boolean {
    return app!.perform(step, task!.seed, firstGroup);
  },

  async show(names: readonly string[]): Promise<Record<string, Shown>> {
    return app!.show(names);
  },

  async end(): Promise<void> {
    return app!.end('closed');
  },

  take(): PageNews {
    const { lives, calls, messages, sending, sends, gone, disconnects, surprises } = history;
    history.disconnects = 0;
    const news = {
      ...{ isOnline: app?.isOnline ?? false, lives, calls, disconnects, gone: [...gone] },
      ...{ messages: messages.splice(0), sending: sending.splice(0) },
      ...{ sends: sends.splice(0), surprises: surprises.splice(0) },
    };
    gone.clear();
    return news;
  },
};

export type ChaosPage = typeof chaos;
Object.assign(window, { chaos });
