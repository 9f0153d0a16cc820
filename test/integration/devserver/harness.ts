import { afterEach } from 'vitest';
import { createDevServer } from 'flooim-devserver';
import type { DevServer, DevServerOptions } from 'flooim-devserver';
import { BareClient } from '../../support/bare-client.ts';
import type { BareTransport } from '../../support/bare-client.ts';

export const APP_ID = 'welovemaxim';

export interface Envelope {
  code: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads the JSON that it expects
  data: any;
  message?: string;
  cursor?: string;
  total?: number;
}

/** A registered user with a token of its own, and REST as that user. */
export interface TestUser {
  id: number;
  token: string;
  get(path: string, query?: Record<string, string | number>): Promise<Envelope>;
  post(path: string, body?: object, query?: Record<string, string | number>): Promise<Envelope>;
  /** Open a socket and log in as the device with this guid. */
  device(guid?: string, transport?: BareTransport): Promise<BareClient>;
}

export interface Room {
  server: DevServer;
  user(username: string, settings?: object): Promise<TestUser>;
  rest(path: string, init?: RequestInit & { query?: Record<string, string | number> }): Promise<Envelope>;
  open(transport?: BareTransport): Promise<BareClient>;
}

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server of its own for one test. */
export async function startRoom(options: DevServerOptions = {}): Promise<Room> {
  const server = await createDevServer(options);
  cleanups.push(() => server.close());

  const open = async (transport?: BareTransport): Promise<BareClient> => {
    const client = await BareClient.open(server.url, transport);
    cleanups.push(() => client.close());
    return client;
  };

  const rest: Room['rest'] = async (path, { query = {}, ...init } = {}) => {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    const response = await fetch(`${server.url}${path}?${search}`, {
      ...init,
      headers: { app_id: APP_ID, 'content-type': 'application/json', ...Object.fromEntries(new Headers(init.headers)) },
    });
    return (await response.json()) as Envelope;
  };

  const user: Room['user'] = async (username, settings) => {
    const credentials = { username, password: 'secret12' };
    const { user_id: id } = (await rest('/user/register/v2', { method: 'POST', body: JSON.stringify(credentials) }))
      .data;
    const login = { name: username, password: credentials.password };
    const { token } = (await rest('/token/user', { method: 'POST', body: JSON.stringify(login) })).data;
    const headers = { 'access-token': token };
    const made: TestUser = {
      id,
      token,
      get: (path, query = {}) => rest(path, { headers, query }),
      post: (path, body = {}, query = {}) => rest(path, { method: 'POST', headers, query, body: JSON.stringify(body) }),
      async device(guid = `${id}_1`, transport) {
        const client = await open(transport);
        await client.provision({ xid: { uid: String(id), deviceSN: 999999999 }, token, device_guid: guid });
        return client;
      },
    };
    if (settings) await made.post('/user/settings', { user_id: id, ...settings });
    return made;
  };

  return { server, user, rest, open };
}
