/** The built script in places that lack a part of what a page has. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createDevServer } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import type * as sdk from '../../src/entries/browser.ts';
import { EventRecord, until } from '../support/client-events.ts';

const SCRIPT = readFileSync(fileURLToPath(new URL('../../dist/flooim.umd.js', import.meta.url)), 'utf8');
const PASSWORD = 'secret12';
const denied = {
  get(): never {
    throw new Error('SecurityError');
  },
};

/** What every place has, and nothing of a page. */
const common = (): Record<string, unknown> => ({
  ...{ console, setTimeout, clearTimeout, fetch, WebSocket, Blob, AbortController, TextEncoder, TextDecoder },
  navigator: {},
});

const PLACES: Record<string, () => Record<string, unknown>> = {
  'React Native': () => {
    const global: Record<string, unknown> = {
      ...common(),
      navigator: { product: 'ReactNative' },
      ErrorUtils: { setGlobalHandler: () => undefined },
      XMLHttpRequest: () => undefined,
    };
    return Object.assign(global, { self: global, window: global });
  },
  'React Native without self': () => ({ ...common(), navigator: { product: 'ReactNative' } }),
  'a global with nothing but self': () => {
    const { navigator: _none, ...global } = common();
    return Object.assign(global, { self: global });
  },
  'a page whose storage is denied': () => {
    const global = { ...common(), addEventListener: () => undefined, removeEventListener: () => undefined };
    const document = { hidden: false, addEventListener: () => undefined, removeEventListener: () => undefined };
    Object.assign(global, { self: global, window: global, document, location: { protocol: 'http:' } });
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) Object.defineProperty(global, name, denied);
    return global;
  },
  'a web view without DOM storage': () => {
    const global = { ...common(), localStorage: null, sessionStorage: null, document: {} };
    return Object.assign(global, { self: global, window: global });
  },
};

let server: DevServer | undefined;
const clients: sdk.FlooClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  await server?.close();
});

function load(global: Record<string, unknown>): typeof sdk {
  const context = createContext(global);
  runInContext(SCRIPT, context);
  return (context as unknown as { flooIM: typeof sdk }).flooIM;
}

describe('a client', () => {
  test.each(Object.keys(PLACES))('I11: in %s works in memory, and says so', async (name) => {
    server = await createDevServer();
    const { users } = server.data.app('welovemaxim');
    const [alice, bob] = [users.add('alice', PASSWORD), users.add('bob', PASSWORD)];
    const { createClient } = load(PLACES[name]!());
    const join = async (who: string): Promise<{ client: sdk.FlooClient; events: EventRecord }> => {
      const client = createClient({ dnsServer: server!.dnsUrl, logLevel: 'off' });
      clients.push(client);
      const events = new EventRecord(client);
      await client.login({ name: who, password: PASSWORD });
      return { client, events };
    };
    const [one, two] = [await join('alice'), await join('bob')];
    expect(await one.events.next('storageDegraded')).toMatchObject({ reason: 'DbOperationFailed' });
    one.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'hello' });
    expect(await two.events.next('onRosterMessage')).toMatchObject({ content: 'hello', from: String(alice.id) });
    expect([one.client.isLogin(), one.client.isReady()]).toEqual([true, true]);
    await one.client.logout();
    await until(() => !one.client.isLogin(), 'the logout');
  });

  test('outside of all of them is refused with a clear error', () => {
    const { createClient } = load({ ...common() });
    expect(() => createClient()).toThrow('InvalidParam');
  });
});
