// Runs in a page; Node calls its functions by name.
import { createClient } from '../../../src/entries/browser.ts';
import type { FlooClient } from '../../../src/entries/browser.ts';

interface Person {
  dnsServer: string;
  name: string;
  password: string;
}

let listening: Promise<number[]> | undefined;

const clientOf = ({ dnsServer }: Person): FlooClient =>
  createClient({ appid: 'bench', dnsServer, autoLogin: false, logLevel: 'off' });

/** How late each of so many messages came, in ms. */
async function latenesses(client: FlooClient, count: number): Promise<number[]> {
  const late: number[] = [];
  return new Promise((resolve) => {
    client.on('onRosterMessage', ({ timestamp }) => {
      if (late.push(Date.now() - Number(timestamp)) === count) resolve(late);
    });
  });
}

const bench = {
  /** From the call of `login` until each of so many waiting messages had its event, in ms. */
  async login(person: Person, count: number): Promise<number> {
    const client = clientOf(person);
    const all = latenesses(client, count);
    const start = performance.now();
    await Promise.all([client.login(person), all]);
    const ms = performance.now() - start;
    await client.dispose();
    return ms;
  },

  /** Logs in, and takes the times of so many messages. */
  async listen(person: Person, count: number): Promise<void> {
    const client = clientOf(person);
    await client.login(person);
    listening = latenesses(client, count).finally(() => void client.dispose());
  },

  async heard(): Promise<number[]> {
    return listening!;
  },

  /** From the first call to the last `sent`, in ms. */
  async burst(person: Person, uid: number, count: number): Promise<number> {
    const client = clientOf(person);
    await client.login(person);
    await new Promise((resolve) => setTimeout(resolve, 500));
    let sent = 0;
    const all = new Promise<void>((resolve) => {
      client.on('onSendingMessageStatusChanged', ({ status }) => {
        if (status === 'sent' && ++sent === count) resolve();
      });
    });
    const start = performance.now();
    for (let message = 0; message < count; message++) client.sysManage.sendRosterMessage({ uid, content: 'x' });
    await all;
    const ms = performance.now() - start;
    await client.dispose();
    return ms;
  },
};

export type NetworkPage = typeof bench;
Object.assign(window, { bench });
