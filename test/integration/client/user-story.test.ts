/** One account on several devices: what each of them hears of what the others do. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { FlooNotice } from '../../../src/session-events.ts';
import { quiet, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';

let world: World;
let phone: Member;
let laptop: Member;

beforeEach(async () => {
  world = await startWorld();
  phone = await world.member('alice');
  laptop = await world.member('alice');
});

const userNotice = async ({ events }: Member, desc: string): Promise<FlooNotice> =>
  events.next('flooNotice', (notice) => notice.category === 'userNotice' && notice.desc === desc);
const actions = ({ events }: Member): unknown[] =>
  events.all('flooNotice').flatMap(({ category, desc }) => (category === 'action' ? desc : []));

test('other devices get notices when a device is added, logs out and logs in again', async () => {
  const tablet = await world.member('alice');
  await userNotice(phone, 'DEVICE_ADDED');
  await userNotice(laptop, 'DEVICE_ADDED');
  tablet.client.disConnect();
  await userNotice(phone, 'DEVICE_LOGOUT');
  await tablet.client.login({ name: 'alice', password: PASSWORD });
  await userNotice(phone, 'DEVICE_LOGIN');
  expect(await phone.client.userManage.asyncGetDeviceList()).toHaveLength(3);
});

test('changes of profile and settings reach the other device', async () => {
  const { userManage } = phone.client;
  await userManage.asyncUpdateNickName({ nick_name: 'Al' });
  await userNotice(laptop, 'INFO_UPDATED');
  await userManage.asyncUpdateAvatar({ avatar: 'http://h/a.png' });
  await userManage.asyncUpdateProfile({ description: 'hello' });
  await userManage.asyncUpdateSettings({ user_id: phone.id, auth_mode: 1, group_confirm: true });
  for (let i = 0; i < 3; i++) await userNotice(laptop, 'INFO_UPDATED');
  const profile = { nick_name: 'Al', avatar: 'http://h/a.png', description: 'hello', user_id: phone.id };
  expect(await laptop.client.userManage.asyncGetProfile()).toMatchObject(profile);
  expect(await laptop.client.userManage.asyncGetSettings()).toMatchObject({ auth_mode: 1, group_confirm: true });
});

describe('the session of a device ends', () => {
  test('when another device kicks it, and only then', async () => {
    const tablet = await world.member('alice');
    const devices = await phone.client.userManage.asyncGetDeviceList();
    const sn = laptop.client.userManage.getDeviceSN();
    expect(devices.map(({ device_sn }) => device_sn)).toContain(sn);
    await phone.client.userManage.asyncKickDevice({ device_sn: sn });
    await userNotice(laptop, 'KICKED_BY_OTHER_DEVICE');
    await laptop.events.next('flooError', ({ error }) => error.reason === 'UserKickedByOtherDevices');
    await laptop.events.next('disconnected');
    expect(actions(laptop)).toEqual(['relogin_manually']);
    expect(laptop.client.isLogin()).toBe(false);
    await quiet();
    for (const { client } of [phone, tablet]) expect(client.isLogin()).toBe(true);
    await laptop.client.login({ name: 'alice', password: PASSWORD });
  });

  test('on every device when the password changes; the new password works', async () => {
    const change = { old_password: PASSWORD, new_password: 'secret13' };
    await expect(
      phone.client.userManage.asyncUserChangePassword({ ...change, old_password: 'wrong' }),
    ).rejects.toMatchObject({ reason: 'UserOldPasswordNotMatch' });
    await phone.client.userManage.asyncUserChangePassword(change);
    for (const device of [phone, laptop]) {
      await userNotice(device, 'PASSWORD_CHANGED');
      await until(() => !device.client.isLogin(), 'the end of the session');
      expect(actions(device)).toEqual(['relogin_manually']);
    }
    await expect(phone.client.login({ name: 'alice', password: PASSWORD })).rejects.toMatchObject({
      reason: 'UserAuthFailed',
    });
    await laptop.client.login({ name: 'alice', password: 'secret13' });
  });

  test('on every device when the account is deleted', async () => {
    await phone.client.userManage.asyncDeleteUser({ password: PASSWORD });
    for (const device of [phone, laptop]) await userNotice(device, 'REMOVED');
    await until(() => [phone, laptop].every(({ client }) => !client.isLogin()), 'the end of the sessions');
    expect(actions(laptop)).toEqual(['relogin_manually']);
    await expect(phone.client.login({ name: 'alice', password: PASSWORD })).rejects.toMatchObject({
      name: 'FlooError',
    });
  });

  test('when REST refuses the token: one notice, however many calls were refused', async () => {
    world.server.admin.revokeToken({ uid: phone.id });
    const { userManage, groupManage } = phone.client;
    const calls = [userManage.asyncGetProfile(), userManage.asyncGetSettings(), groupManage.asyncGetPublicList()];
    const outcomes = await Promise.allSettled(calls);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ reason: { restCode: 402, reason: 'InvalidToken' } });
    await phone.events.next('disconnected');
    expect(actions(phone)).toEqual(['relogin']);
    expect(phone.events.all('flooError')).toHaveLength(1);
    // Without a token nothing is asked any more.
    await expect(userManage.asyncGetProfile()).rejects.toMatchObject({ reason: 'UserNotLogin' });
    await quiet();
    expect(actions(phone)).toEqual(['relogin']);
    // The next token may be refused, too.
    await phone.client.login({ name: 'alice', password: PASSWORD });
    world.server.admin.revokeToken({ uid: phone.id });
    await expect(userManage.asyncGetProfile()).rejects.toMatchObject({ restCode: 402 });
    await phone.events.next('disconnected');
    expect(actions(phone)).toEqual(['relogin', 'relogin']);
  });

  test('when REST refuses the token of a session that is offline', async () => {
    phone.client.disConnect();
    world.server.admin.revokeToken({ uid: phone.id });
    await expect(phone.client.userManage.asyncGetProfile()).rejects.toMatchObject({ restCode: 402 });
    expect(actions(phone)).toEqual(['relogin']);
  });
});

test('the client follows servers that move, without the app', async () => {
  world.server.admin.kick({ uid: phone.id, type: 12 });
  await userNotice(phone, 'DNS_UPDATE');
  await phone.events.next('connected');
  await phone.events.next('loginSuccess');
  expect(actions(phone)).toEqual([]);
});
