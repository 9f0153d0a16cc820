import { afterEach, inject } from 'vitest';
import type { ProvidedContext } from 'vitest';
import { createClient } from '../../src/entries/browser.ts';
import type { ClientOptions, FlooClient } from '../../src/entries/browser.ts';
import { EventRecord, until } from '../support/client-events.ts';

const PASSWORD = 'secret12';

let server = inject('devServer');

/** This file sets faults, so its people are at a server of their own. */
export function useFaultyServer(name: keyof ProvidedContext['faultyServers']): void {
  server = inject('faultyServers')[name];
}

const clients: FlooClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
});

/** Somebody at a client in this page. */
export interface Person {
  client: FlooClient;
  events: EventRecord;
  id: number;
}

/** An app of its own for each test: other files share the server. */
const newApp = (): string => `app${crypto.randomUUID().replace(/-/g, '')}`;

export function create(appid: string, options: ClientOptions = {}): { client: FlooClient; events: EventRecord } {
  const settings = { dnsServer: server.dnsUrl, logLevel: 'error', backoff: { baseMs: 4, capMs: 40 } };
  const client = createClient({ appid, ...(settings as ClientOptions), ...options });
  clients.push(client);
  return { client, events: new EventRecord(client) };
}

async function join(appid: string, name: string, options: ClientOptions): Promise<Person> {
  const made = create(appid, { autoLogin: false, ...options });
  const { user_id: id } = await made.client.userManage.asyncRegister({ username: name, password: PASSWORD });
  await made.client.login({ name, password: PASSWORD });
  return { ...made, id };
}

/** @param options - of both clients */
export async function pair(options: ClientOptions = {}): Promise<{ appid: string; alice: Person; bob: Person }> {
  const appid = newApp();
  return { appid, alice: await join(appid, 'alice', options), bob: await join(appid, 'bob', options) };
}

/** Test controls of the server, by HTTP. */
export async function admin<T>(control: string, body: object = {}): Promise<T> {
  const response = await fetch(`${server.controlUrl}/${control}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return ((await response.json()) as { result: T }).result;
}

/** The next file that somebody gets: the URL in the message, and the bytes behind it. */
export async function received(bob: Person): Promise<{ bytes: Uint8Array; url: string }> {
  const { events, client } = bob;
  await until(() => events.all('onRosterMessage').length > 0, 'the message', 60_000);
  const url = String((await events.next('onRosterMessage')).attach?.url);
  const file: Blob = await client.sysManage.asyncFileDownload({ url });
  return { bytes: new Uint8Array(await file.arrayBuffer()), url };
}
