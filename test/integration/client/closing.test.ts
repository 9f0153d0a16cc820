/** Messages that are being stored while their client ends or logs out. */
import { expect, test } from 'vitest';
import { createDevice } from '../../support/client-device.ts';
import { until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member } from '../../support/memory-world.ts';

const ENDS = [
  ['the client is disposed of', async ({ client }: Member) => client.dispose()],
  ['the user logs out', async ({ client }: Member) => client.logout()],
] as const;

test.each(ENDS)('messages that are being stored when %s have their events, once', async (_, end) => {
  const world = await startWorld();
  const bob = await world.member('bob');
  const device = createDevice();
  const alice = await world.member('alice', {}, device);
  const release: (() => void)[] = [];
  const { commit } = device;
  device.commit = async (store, batch) => {
    // Messages are in segments.
    const hasMessages = batch.some((write) => write.op === 'put' && write.key.startsWith('s/'));
    if (hasMessages) await new Promise<void>((resolve) => release.push(resolve));
    return commit(store, batch);
  };
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'first' });
  await until(() => release.length > 0, 'the first batch');
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'second' });
  await bob.events.count('onRosterMessage', 2);
  const ended = end(alice);
  device.commit = commit;
  for (const go of release) go();
  await ended;
  const before = alice.events.all('onRosterMessage').map(({ content }) => content);

  const next = world.client({}, device);
  await next.client.login({ name: 'alice', password: PASSWORD });
  const all = (): string[] => [...before, ...next.events.all('onRosterMessage').map(({ content }) => content)];
  await until(() => all().length >= 2, 'both messages');
  const { messages } = await next.client.sysManage.getMessages({ id: bob.id, type: 'roster' });
  expect(messages.map(({ content }) => content)).toEqual(['first', 'second']);
  expect(all()).toEqual(['first', 'second']);
});
