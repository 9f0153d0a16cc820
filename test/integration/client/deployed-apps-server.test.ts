/** What deployed apps do with the dev server besides chatting. */
import { expect, test } from 'vitest';
import { SMS_CODE } from '../../../devserver/src/model/bindings.ts';
import { PASSWORD, startWorld } from '../../support/client-world.ts';

const MOBILE = '13800138000';

test('G9: a captcha has a picture, and a user registers and logs in by mobile number', async () => {
  const world = await startWorld();
  const { client } = world.client();
  const { userManage, sysManage } = client;
  const imageId = await userManage.asyncCaptchaImagePost();
  const { ratel } = sysManage.getServers();
  const picture = await fetch(`${ratel}/app/captcha/image?image_id=${imageId}&app_id=${userManage.getAppid()}`);
  expect(picture.headers.get('content-type')).toBe('image/png');
  const head = Buffer.from(await picture.arrayBuffer())
    .subarray(0, 8)
    .toString('latin1');
  expect(head).toBe('\x89PNG\r\n\x1a\n');
  const captcha = world.app.bindings.captchas.find(imageId)!.value;
  await userManage.asyncCaptchaSms({ captcha, image_id: imageId, mobile: MOBILE });
  const { sign } = (await userManage.asyncUserMobileLogin({ captcha: SMS_CODE, mobile: MOBILE })) as { sign: string };
  await userManage.asyncRegister({ username: 'dave', password: PASSWORD });
  await userManage.asyncUserMobileBindSign({ mobile: MOBILE, sign });
  const found = await userManage.asyncUserMobileLogin({ captcha: SMS_CODE, mobile: MOBILE });
  expect(found).toEqual({ username: 'dave', password: PASSWORD });
  await client.login({ name: 'dave', password: PASSWORD });
});

test('G9: a WeChat account is bound, logs in and is unbound', async () => {
  const world = await startWorld();
  const { client, id } = await world.member('alice');
  const { sysManage } = client;
  const { openid } = await sysManage.asyncWxlogin({ code: 'c' });
  expect(await sysManage.asyncWechatIsbind()).toBe(false);
  await sysManage.asyncWxbind({ open_id: openid!, type: 1 });
  expect(await sysManage.asyncWechatIsbind()).toBe(true);
  const other = world.client().client;
  const account = await other.sysManage.asyncWxlogin({ code: 'c' });
  expect(account).toMatchObject({ user_id: id, password: PASSWORD });
  await other.idLogin({ user_id: account.user_id!, password: account.password! });
  await sysManage.asyncWechatUnbind();
  expect(await sysManage.asyncWechatIsbind()).toBe(false);
  await expect(sysManage.asyncWoaIsBind()).rejects.toMatchObject({ name: 'FlooError' });
});

test('G9: a destroyed group leaves every list of the one who destroyed it, also over a new login', async () => {
  const world = await startWorld();
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  const { groupManage, sysManage, userManage } = alice.client;
  const gid = world.group(alice, bob);
  await groupManage.asyncGetJoinedGroups(true);
  sysManage.sendGroupMessage({ gid, content: 'hello' });
  await alice.events.next('onGroupMessage');
  alice.events.skip();
  await groupManage.asyncDestroy({ group_id: gid });
  await alice.events.next('onGroupListUpdate');
  const lists = async (): Promise<unknown[]> => [
    await groupManage.asyncGetJoinedGroups(),
    await groupManage.asyncGetJoinedGroups(true),
    userManage.getConversationList(),
  ];
  expect(await lists()).toEqual([[], [], []]);
  alice.client.disConnect();
  await alice.client.login({ name: 'alice', password: PASSWORD });
  expect(await lists()).toEqual([[], [], []]);
});
