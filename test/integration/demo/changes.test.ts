/** What changes in an open conversation is seen at once, and an address does not lead to another server unasked. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DEMO_PASSWORD } from 'flooim-devserver';
import { openDemoSite } from './demo-site.ts';
import type { DemoSite } from './demo-site.ts';
import { buildClient } from '../../../src/client.ts';
import type { ConfigurableClient } from '../../../src/client.ts';
import { createDevice } from '../../support/client-device.ts';
import { startHostileServer } from '../../support/hostile-server.ts';
import { bubble, entry, gone, input, say } from './page-parts.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let site: DemoSite;
/** Bob's other device. The page has no button for what it does. */
let bob: ConfigurableClient;

async function logIn(name: string): Promise<ConfigurableClient> {
  const client = buildClient({ platform: createDevice().platform, dropIn: false });
  client.configure({ dnsServer: site.server.dnsUrl, logLevel: 'error' });
  await client.login({ name, password: DEMO_PASSWORD });
  return client;
}

/** Sends as Bob and returns the server's id. */
async function sendToAlice(content: string): Promise<string> {
  return new Promise((resolve) => {
    const stop = bob.on('onSendingMessageStatusChanged', ({ status, message }) => {
      if (status !== 'sent' || message?.content !== content) return;
      stop();
      resolve(message.id);
    });
    bob.sysManage.sendRosterMessage({ uid: site.idOf('alice'), content });
  });
}

beforeAll(async () => {
  site = await openDemoSite();
  bob = await logIn('bob');
  await site.openBoth();
});

afterAll(async () => {
  await bob.dispose();
  await site.close();
});

test('F8: a message that a peer recalls is gone from the open chat at once', async () => {
  const { alice } = site;
  const id = await sendToAlice('said too much');
  await bubble(alice, 'said too much').waitFor();
  bob.rosterManage.recallMessage(site.idOf('alice'), id);
  await gone(bubble(alice, 'said too much'));
  await gone(entry(alice, 'Bob').getByText('said too much'));
  // Bob's own page, too.
  await gone(bubble(site.bob, 'said too much'));
});

test('F8: a message that a peer edits or continues shows its new text at once', async () => {
  const { alice } = site;
  const uid = site.idOf('alice');
  const id = await sendToAlice('first draft');
  await bubble(alice, 'first draft').waitFor();
  bob.rosterManage.replaceMessage(uid, id, 'second draft');
  await bubble(alice, 'second draft').waitFor();
  expect(await bubble(alice, 'first draft').count()).toBe(0);
  bob.rosterManage.appendMessageContent(uid, id, ', continued');
  await bubble(alice, 'second draft, continued').waitFor();
});

test('F8: a message and a conversation that are deleted on another device are gone at once', async () => {
  const { alice } = site;
  await say(alice, 'mine to delete');
  await bubble(alice, 'mine to delete')
    .getByRole('img', { name: /Sent|Read/ })
    .waitFor();
  const other = await logIn('alice');
  try {
    const uid = site.idOf('bob');
    const { messages } = await other.sysManage.getMessages({ id: uid, type: 'roster' });
    other.rosterManage.deleteMessage(uid, messages.find(({ content }) => content === 'mine to delete')!.id);
    await gone(bubble(alice, 'mine to delete'));
    await say(alice, 'the last one');
    await bubble(alice, 'the last one')
      .getByRole('img', { name: /Sent|Read/ })
      .waitFor();
    other.sysManage.deleteConversation(uid, true);
    await gone(bubble(alice, 'the last one'));
  } finally {
    await other.dispose();
  }
});

test('F9: an address that names another server asks first, and sends nothing there', async () => {
  const hostile = await startHostileServer();
  try {
    const { alice, url } = site;
    const page = await site.openPage(`${url}?dns=http://127.0.0.1:${hostile.port}/v2/app_dns`, alice.context());
    await page.getByRole('heading', { name: 'Another server' }).waitFor();
    await page.getByText(`http://127.0.0.1:${hostile.port}/v2/app_dns`).waitFor();
    expect(hostile.seen).toEqual([]);
    const stored = await alice.evaluate(() => Object.keys(localStorage).length);
    await page.getByRole('button', { name: 'Use this server' }).click();
    // No session of another server is resumed there.
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    for (const { headers } of hostile.seen) expect(headers).not.toHaveProperty('access-token');
    expect(stored).toBeGreaterThan(0);
    await page.goto(`${url}?dns=http://localhost:${hostile.port}/`);
    await page.getByRole('link', { name: 'Stay with mine' }).click();
    await page.getByRole('button', { name: 'Log out' }).waitFor();
    await page.close();
  } finally {
    await hostile.stop();
  }
});

test('the field for text grows with its lines and shrinks again', async () => {
  const field = input(site.alice);
  const height = async (): Promise<number> => (await field.boundingBox())!.height;
  const one = await height();
  await field.fill('a\nb\nc\nd');
  expect(await height()).toBeGreaterThan(one * 1.5);
  await field.fill('x\n'.repeat(60));
  const most = await height();
  expect(most).toBeLessThan(200);
  await field.fill('');
  expect(await height()).toBe(one);
});

test('no page had an error, and none broke its content security policy', () => {
  expect(site.pageErrors).toEqual([]);
});
