import { describe, expect, test } from 'vitest';
import { FrameCommand, StatusErrorCode, UserNoticeType } from 'flooim/wire';
import { startRoom } from './harness.ts';

describe.each(['raw', 'socket.io'] as const)('login over %s', (transport) => {
  test('a valid token is answered with the device serial and the time of the last login', async () => {
    const { server, user, open } = await startRoom();
    const alice = await user('alice');
    const client = await open(transport);
    const login = { xid: { uid: String(alice.id), deviceSN: 999999999 }, token: alice.token, device_guid: 'a_1' };
    const first = await client.provision(login);
    expect(first).toMatchObject({
      status: { code: StatusErrorCode.OK },
      xid: { uid: String(alice.id), deviceSN: 1 },
      last_login_time: '0',
    });
    client.close();
    await client.closed;
    const again = await (await open(transport)).provision(login);
    expect(again.xid?.deviceSN).toBe(1);
    expect(Number(again.last_login_time)).toBeGreaterThan(0);
    expect((await alice.device('a_2', transport)).deviceSN).toBe(2);
    expect(server.admin.receivedFrames()[0]).toMatchObject({ transport, frame: { command: FrameCommand.PROVISION } });
  });

  test('a frame before the login is refused', async () => {
    const { open } = await startRoom();
    const client = await open(transport);
    client.sendFrame({ command: FrameCommand.UNREAD });
    const refusal = { status: { code: StatusErrorCode.UNAUTHORIZED, reason: 'you must login first' } };
    expect((await client.next()).payload).toMatchObject(refusal);
    expect(await client.text(5, 'hello')).toMatchObject(refusal);
  });

  test('a second login of the same device ends the first', async () => {
    const { user } = await startRoom();
    const alice = await user('alice');
    const first = await alice.device('same', transport);
    const second = await alice.device('same', transport);
    const page = await first.nextSync(({ is_eager_sync }) => is_eager_sync === true);
    expect(page.metas?.[0]?.payload).toMatchObject({ type: UserNoticeType.KICK_BY_SAME_DEVICE });
    await first.closed;
    expect(await second.unread()).toEqual({});
  });
});

test('a wrong, revoked or foreign token is refused', async () => {
  const { server, user, open } = await startRoom();
  const alice = await user('alice');
  const bob = await user('bob');
  const client = await open();
  const invalid = { status: { code: StatusErrorCode.INVALID_TOKEN } };
  const xid = { uid: String(alice.id) };
  expect(await client.provision({ xid, token: 'wrong', device_guid: 'a' })).toMatchObject(invalid);
  expect(await client.provision({ xid, token: bob.token, device_guid: 'a' })).toMatchObject(invalid);
  server.admin.revokeToken({ uid: alice.id });
  expect(await client.provision({ xid, token: alice.token, device_guid: 'a' })).toMatchObject(invalid);
});

test('a frozen user gets a notice, is disconnected and is then refused', async () => {
  const { user, open, rest } = await startRoom();
  const alice = await user('alice');
  const device = await alice.device();
  const headers = { 'access-token': 'admin-token' };
  await rest('/user/disable', { method: 'PUT', headers, body: JSON.stringify({ list: [alice.id] }) });
  expect((await device.nextSync()).metas?.[0]?.payload).toMatchObject({ type: UserNoticeType.FROZEN });
  await device.closed;
  const answer = await (
    await open()
  ).provision({ xid: { uid: String(alice.id) }, token: alice.token, device_guid: 'x' });
  expect(answer.status?.code).toBe(StatusErrorCode.USER_FROZEN);
});

test('other devices get notices of a login and of a kick', async () => {
  const { user } = await startRoom();
  const alice = await user('alice');
  const phone = await alice.device('phone');
  const web = await alice.device('web');
  await phone.nextNotice(0);
  expect((await phone.syncAll(0)).map(({ payload }) => (payload as { type: number }).type)).toEqual([
    UserNoticeType.DEVICE_ADDED,
  ]);
  expect((await alice.get('/user/device/list')).data).toMatchObject([{ device_sn: 1, platform: 6 }, { device_sn: 2 }]);
  expect(await alice.post('/user/kick', { device_sn: web.deviceSN })).toMatchObject({ code: 200 });
  expect((await web.nextSync()).metas?.[0]?.payload).toMatchObject({ type: UserNoticeType.KICKED_BY_OTHER_DEVICE });
  await web.closed;
  expect(phone.isClosed).toBe(false);
});
