// What a sleeper does, in a page and in a process: one client, and what it has received.
import type { createClient } from '../../src/entries/node.ts';
import type { Login } from './place.ts';

export interface SleepingClient {
  logIn(login: Login): Promise<void>;
  synced(content: string): Promise<void>;
}

/** @param create - of the entry of this platform */
export function createSleepingClient(create: typeof createClient): SleepingClient {
  const received = new Set<string>();
  let isOnline = false;
  let check = (): void => undefined;
  return {
    async logIn({ name, password, ...options }) {
      const client = create({ ...options, logLevel: 'off' });
      client.on({
        connectionState: ({ state }) => {
          isOnline = state === 'online';
          check();
        },
        onRosterMessage: ({ content }) => {
          received.add(content);
          check();
        },
      });
      Object.assign(globalThis, { client });
      // After a reload the stored session goes on.
      if (client.isLogin()) return;
      await client.login({ name, password });
    },
    async synced(content) {
      return new Promise((resolve) => {
        check = () => {
          if (isOnline && received.has(content)) resolve();
        };
        check();
      });
    },
  };
}
