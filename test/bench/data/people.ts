// Users of the dev server, new for each figure, and the messages that wait for their login.
import { createClient } from '../../../src/entries/node.ts';
import type { FlooClient } from '../../../src/entries/node.ts';
import type { Lab } from './lab.ts';
import type { Person } from './page/messaging.ts';
import { textOf } from './page/texts.ts';
import { APP_ID } from './page/world.ts';

/** Where they live. */
type Place = Pick<Lab, 'app' | 'server'>;

const PASSWORD = 'secret12';

let made = 0;

export function newPerson({ app, server }: Place): { id: number; person: Person } {
  const name = `user-${++made}`;
  const { id } = app.users.add(name, PASSWORD);
  return { id, person: { name, password: PASSWORD, dnsServer: server.dnsUrl } };
}

/** A client in this process. */
export async function logIn({ dnsServer, name, password }: Person): Promise<FlooClient> {
  const client = createClient({ appid: APP_ID, dnsServer, autoLogin: false, logLevel: 'error' });
  await client.login({ name, password });
  return client;
}

/** Puts messages where the server keeps them until their receiver's device logs in. */
export function queueMessages(place: Place, from: number, to: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const { id, at, meta } = addMessage(place, { from, to, content: textOf(i) });
    place.app.queues.put(to, from, { id, at, meta });
  }
}

/** Writes messages that only the server's history has. */
export function addHistory(place: Place, from: number, to: number, count: number): void {
  for (let i = 0; i < count; i++) addMessage(place, { from, to, content: textOf(i) });
}

function addMessage({ app }: Place, { from, to, content }: { from: number; to: number; content: string }) {
  const id = app.ids.itemId();
  const at = Date.now();
  const body = { type: 2, content, ctype: 0, operation: { type: 0, mid: '0' } };
  const sides = [[from, to] as const, [to, from] as const];
  app.messages.add(
    {
      ...{ id, fromId: from, fromDevice: 1, toId: to, inGroup: false, timestamp: at, body },
      ...{ status: 0, readBy: new Set(), hiddenFor: new Set() },
    },
    sides,
  );
  const meta = {
    ...{ id: String(id), from: { uid: String(from), deviceSN: 1 }, to: { uid: String(to), deviceSN: 0 } },
    ...{ timestamp: String(at), ns: 1 as const, payload: body },
  };
  return { id, at, meta };
}
