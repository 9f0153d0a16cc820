import { expect, test, vi } from 'vitest';
import { FrameCommand, MetaNameSpace } from 'flooim/wire';
import type { IMessageBody } from 'flooim/wire';
import type { BareClient } from '../../support/bare-client.ts';
import { startRoom } from './harness.ts';
import type { Envelope, Room } from './harness.ts';

const asAdmin = ({ rest, server }: Room, path: string, body: object): Promise<Envelope> =>
  rest(path, { method: 'POST', headers: { 'access-token': server.adminToken }, body: JSON.stringify(body) });

/** The push notifications that came so far. */
async function pushedTo(device: BareClient): Promise<IMessageBody[]> {
  // What was pushed before is here when this is answered.
  await device.unread();
  return device.inbox
    .splice(0)
    .flatMap(({ command, payload }) => (command === FrameCommand.SYNC ? (payload!.metas ?? []) : []))
    .filter(({ ns }) => ns === MetaNameSpace.PUSH)
    .map(({ payload }) => payload as IMessageBody);
}

test('a push reaches its devices if they are online', async () => {
  const room = await startRoom();
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const [phone, web, b] = [await alice.device('phone'), await alice.device('web'), await bob.device()];
  const push = (audience: unknown, message: object = { title: 't', body: 'b' }): Promise<Envelope> =>
    asAdmin(room, '/push/notify', { audience, message });
  const counts = async (): Promise<number[]> =>
    Promise.all([phone, web, b].map(async (device) => (await pushedTo(device)).length));

  expect(await push('all')).toEqual({ code: 200, data: true });
  expect(await counts()).toEqual([1, 1, 1]);
  await push({ user_id: [alice.id] });
  expect(await counts()).toEqual([1, 1, 0]);
  await alice.post('/user/token/bind', { device_sn: web.deviceSN, device_token: 'token1', notifier_name: 'n' });
  await push({ push_token: ['token1', 'token2'] });
  expect(await counts()).toEqual([0, 1, 0]);
  await push({ tag: ['beijing'] });
  await push({ alias: ['al'] });
  expect(await counts()).toEqual([0, 0, 0]);
  await alice.post('/user/push/tag', { tags: ['beijing'] });
  await bob.post('/user/push/alias', { alias: 'al' });
  await push({ tag: ['beijing', 'shanghai'] });
  expect(await counts()).toEqual([1, 1, 0]);
  await push({ alias: ['al'] });
  expect(await counts()).toEqual([0, 0, 1]);

  await push({ user_id: [bob.id] }, { type: 'image', title: 't', attachment_url: 'http://x/1.jpg', ext: { key: 1 } });
  expect(await pushedTo(b)).toMatchObject([
    { ctype: 1, is_system: true, config: '{"title":"t"}', attachment: '{"url":"http://x/1.jpg"}', ext: '{"key":1}' },
  ]);
  // Nothing waits for those who come later.
  expect(await pushedTo(await bob.device('late'))).toEqual([]);
});

test('a send with a known transaction_id gets the first answer and sends nothing', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const room = await startRoom();
    const bob = await room.user('bob');
    const send = (transaction_id: number): Promise<Envelope> =>
      asAdmin(room, '/message/send', { targets: [bob.id], type: 1, content_type: 0, content: 'hi', transaction_id });
    const first = await send(7);
    expect(await send(7)).toEqual(first);
    expect(await send(8)).not.toEqual(first);
    vi.setSystemTime(Date.now() + 61_000);
    expect(await send(7)).not.toEqual(first);
    expect(await (await bob.device()).syncAll(0)).toHaveLength(3);
  } finally {
    vi.useRealTimers();
  }
});

test('nothing is sent if one of the targets is invalid', async () => {
  const room = await startRoom();
  const bob = await room.user('bob');
  const { group_id } = (await bob.post('/group/create', { name: 'g' })).data;
  const message = { targets: [bob.id, group_id], type: 1, content_type: 0, content: 'hi' };
  expect(await asAdmin(room, '/message/send', message)).toMatchObject({ code: 10002 });
  const device = await bob.device();
  expect((await device.syncAll(0)).filter(({ ns }) => ns === MetaNameSpace.MESSAGE)).toEqual([]);
});
