import { createClient } from 'flooim';
import { createTestServer } from 'flooim/testing';
import { expect, onTestFinished, test } from 'vitest';
import { SupportChat } from './support-chat.ts';

async function openShop() {
  const server = createTestServer();
  const support = server.addUser('support');
  const customer = server.addUser('customer');
  const im = createClient({ ...server.clientOptions({ device: 'phone' }), sendExpiryMs: 60_000 });
  onTestFinished(async () => im.dispose());
  await im.login(customer.credentials);
  return { server, support, im, chat: new SupportChat(im, support.id) };
}

test('a question, and an answer that grows', async () => {
  const { server, support, chat } = await openShop();
  chat.ask(' Where is my parcel? ');
  expect(chat.lines).toMatchObject([{ mine: true, text: 'Where is my parcel?', delivery: 'waits' }]);
  await server.settled();
  expect(support.messages('customer')).toMatchObject([{ content: 'Where is my parcel?' }]);
  await support.streams(['It is ', 'on its ', 'way.'], { to: 'customer' });
  expect(chat.lines.map(({ mine, text, delivery }) => [mine, text, delivery])).toEqual([
    [true, 'Where is my parcel?', 'sent'],
    [false, 'It is on its way.', 'sent'],
  ]);
});

test('without a network a question waits, then fails, and is sent again when it is asked to', async () => {
  const { server, support, chat } = await openShop();
  server.device('phone').goOffline();
  chat.ask('Hello?');
  await server.clock.advance(59_000);
  expect(chat.lines).toMatchObject([{ delivery: 'waits' }]);
  await server.clock.advance(2000);
  expect(chat.lines).toMatchObject([{ delivery: 'failed' }]);
  server.device('phone').goOnline();
  await server.clock.advance(5000);
  chat.retry();
  await server.clock.advance(1000);
  expect(chat.lines).toMatchObject([{ delivery: 'sent' }]);
  expect(support.messages('customer')).toHaveLength(1);
});

test('after a restart the chat is there before the network is', async () => {
  const { server, support, im, chat } = await openShop();
  chat.ask('Hello?');
  await server.settled();
  await support.says('Hi!', { to: 'customer' });
  await im.dispose();
  server.device('phone').goOffline();
  const again = createClient(server.clientOptions({ device: 'phone' }));
  onTestFinished(async () => again.dispose());
  await server.settled();
  expect(new SupportChat(again, support.id).lines.map(({ text }) => text)).toEqual(['Hello?', 'Hi!']);
});
