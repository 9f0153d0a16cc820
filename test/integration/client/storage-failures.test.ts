import { describe, expect, test } from 'vitest';
import { createDevice } from '../../support/client-device.ts';
import { quiet } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import { expectInOrder } from './message-order.ts';

describe('a batch with values that the storage refuses', () => {
  test('is not acknowledged, and its messages are emitted once it is stored', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const { device, events } = alice;
    let failures = 1;
    device.commit = async (store, batch) => {
      if (batch.some((write) => 'key' in write && write.key.startsWith('s/')) && failures-- > 0)
        throw new TypeError('not to be stored');
      await store.commit(batch);
    };
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '1' });
    expect(await events.next('flooError')).toMatchObject({ category: 'DbOperationFailed', desc: 'not to be stored' });
    expect(events.all('onRosterMessage')).toEqual([]);
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '2' });
    expectInOrder(await events.count('onRosterMessage', 2), ['1', '2']);
  });

  test('fails a send before anything is sent', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    alice.device.commit = async () => Promise.reject(new TypeError('not to be stored'));
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x' });
    expect(await alice.events.count('onSendingMessageStatusChanged', 2)).toMatchObject([
      { status: 'sending', mid },
      { status: 'failed', mid, error: { reason: 'DbOperationFailed' } },
    ]);
    expect(alice.client.sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
    await quiet(30);
    expect(bob.events.all('onRosterMessage')).toEqual([]);
  });

  test('is fetched again with the next socket when it held an answer', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    let failures = 1;
    alice.device.commit = async (store, batch) => {
      if (batch.some(({ op }) => op === 'delete') && failures-- > 0) throw new TypeError('not to be stored');
      await store.commit(batch);
    };
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x' });
    expect(await alice.events.next('flooError')).toMatchObject({ category: 'DbOperationFailed' });
    world.server.admin.dropSockets({ uid: alice.id });
    const sent = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    const { id } = await bob.events.next('onRosterMessage');
    expect(sent).toMatchObject({ mid, message: { id } });
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toMatchObject([{ id, clientMid: String(mid) }]);
    await quiet(20);
    expect(bob.events.all('onRosterMessage')).toHaveLength(1);
  });
});

describe('storage that fails', () => {
  test('later: messages pass both ways, in memory, and one event reports it', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '1' });
    await alice.events.next('onRosterMessage');
    alice.device.commit = async () => Promise.reject(Object.assign(new Error('full'), { name: 'QuotaExceededError' }));
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '2' });
    expect(await alice.events.next('onRosterMessage')).toMatchObject({ content: '2' });
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: '3' });
    await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    await bob.events.next('onRosterMessage', ({ content }) => content === '3');
    // The server has no undelivered message for the next socket.
    world.server.admin.dropSockets({ uid: alice.id });
    await alice.events.next('loginSuccess');
    await quiet();
    expectInOrder(alice.events.all('onRosterMessage'), ['1', '2', '3']);
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toMatchObject([
      { content: '1' },
      { content: '2' },
      { content: '3', clientMid: String(mid) },
    ]);
    expect(alice.events.all('storageDegraded')).toMatchObject([{ reason: 'DbOperationFailed', rawMessage: 'full' }]);
    expect(alice.events.all('flooError')).toEqual([]);
  });

  test('from the start: a login works, and the next login finds the messages of the first', async () => {
    const world = await startWorld();
    const [bob, device] = [await world.member('bob'), createDevice()];
    device.platform.kv.open = async () => Promise.reject(new Error('denied'));
    const alice = await world.member('alice', {}, device);
    expect(alice.events.all('storageDegraded')).toMatchObject([{ reason: 'DbOperationFailed', rawMessage: 'denied' }]);
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '1' });
    await alice.events.next('onRosterMessage');
    await alice.client.logout();
    await alice.client.login({ name: 'alice', password: PASSWORD });
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toMatchObject([{ content: '1' }]);
    expect(alice.events.all('storageDegraded')).toHaveLength(2);
  });
});
