import { createClient } from 'flooim';
import { createTestServer } from 'flooim/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Inbox } from './inbox.ts';

let server: ReturnType<typeof createTestServer>;
let im: ReturnType<typeof createClient>;
let inbox: Inbox;

beforeEach(async () => {
  server = createTestServer();
  const alice = server.addUser('alice');
  server.addUser('bob');
  server.addUser('carol');
  im = createClient(server.clientOptions({ device: 'phone' }));
  await im.login(alice.credentials);
  inbox = new Inbox(im);
});
afterEach(async () => {
  inbox.close();
  await im.dispose();
});

test('the newest chat is on top, with its unread messages', async () => {
  const [bob, carol] = [server.user('bob'), server.user('carol')];
  await bob.says('hi', { to: 'alice' });
  await server.clock.advance(1000);
  await carol.says('hello', { to: 'alice' });
  await server.clock.advance(1000);
  await bob.says('are you there?', { to: 'alice' });
  expect(inbox.rows).toEqual([
    { uid: bob.id, text: 'are you there?', unread: 2 },
    { uid: carol.id, text: 'hello', unread: 1 },
  ]);
});

test('a chat that is opened is read, also for its sender', async () => {
  const bob = server.user('bob');
  const { id } = await bob.says('hi', { to: 'alice' });
  inbox.open(bob.id);
  await server.settled();
  expect(inbox.rows).toMatchObject([{ unread: 0 }]);
  expect(bob.messages('alice')).toMatchObject([{ id, status: 2 }]);
});

test('who writes has dots until the message is there, and whoever watches learns of both', async () => {
  const bob = server.user('bob');
  await bob.says('wait', { to: 'alice' });
  const texts: (string | undefined)[] = [];
  inbox.watch(() => texts.push(inbox.rows[0]?.text));
  await bob.types('typing', { to: 'alice' });
  expect(inbox.rows[0]?.text).toBe('…');
  await bob.says('here it is', { to: 'alice' });
  expect(inbox.rows[0]?.text).toBe('here it is');
  expect(texts).toContain('…');
});

test('a message that is recalled leaves the list', async () => {
  const bob = server.user('bob');
  await bob.says('first', { to: 'alice' });
  await bob.recalls(await bob.says('oops', { to: 'alice' }));
  expect(inbox.rows).toMatchObject([{ text: 'first' }]);
});

test('what came while the network was away is there when it is back', async () => {
  const bob = server.user('bob');
  server.device('phone').goOffline();
  await bob.says('meanwhile', { to: 'alice' });
  await server.clock.advance(60_000);
  expect(inbox.rows).toEqual([]);
  server.device('phone').goOnline();
  await server.clock.advance(1000);
  expect(inbox.rows).toMatchObject([{ text: 'meanwhile', unread: 1 }]);
});
