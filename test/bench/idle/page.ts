// Runs in the page; Node calls its functions by name. The first import counts what the second one does.
import { counts } from './counts.ts';
import type { Counts } from './counts.ts';
import { createClient } from '../../../src/entries/browser.ts';

export interface IdlePage {
  logIn(options: { dnsServer: string; appid: string; name: string; transport: 'socket.io' | 'raw' }): Promise<void>;
  /** The counts so far. */
  take(): Counts & { isHidden: boolean };
}

const page: IdlePage = {
  async logIn({ name, ...options }) {
    const client = createClient({ ...options, logLevel: 'off' });
    await client.login({ name, password: 'secret12' });
  },
  take: () => ({ ...counts, isHidden: document.hidden }),
};
Object.assign(globalThis, { idle: page });
