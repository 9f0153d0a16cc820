/** What a user leaves on a device: taken over from the deployed SDK, kept or wiped at a logout. */
import { describe, expect, test } from 'vitest';
import { createDevice } from '../../support/client-device.ts';
import type { Device } from '../../support/client-device.ts';
import { quiet, until } from '../../support/client-events.ts';
import { APP_ID, PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';
import { deployedRecords, putAll } from '../../support/deployed-storage.ts';

const ALL = { from: '', to: '\uffff' };

async function recordsOf(device: Device, uid: string): Promise<string[]> {
  const kv = await device.platform.kv.open(`flooim.${APP_ID}.${uid}`);
  const keys = (await kv.range(ALL)).map(({ key }) => key);
  await kv.close();
  return keys;
}
const preferencesOf = (device: Device, uid: string): (string | undefined)[] =>
  // The guid is there only when the deployed SDK had one.
  ['token', 'sn', 'guid'].map((name) => device.platform.preferences.get(`flooim.${APP_ID}.${uid}.${name}`));

/** Alice, with a message of bob's stored. */
async function withMessage(world: World, options = {}): Promise<{ alice: Member; bob: Member }> {
  const [alice, bob] = [await world.member('alice', options), await world.member('bob')];
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'keep me' });
  await alice.events.next('onRosterMessage');
  return { alice, bob };
}

describe('an app that switches from the deployed SDK', () => {
  /** A device on which alice is logged in under the deployed SDK. */
  async function deployed(world: World): Promise<{ id: number; device: Device }> {
    const alice = await world.member('alice');
    const device = createDevice();
    putAll(device.platform.preferences, deployedRecords(alice.uid, alice.client.userManage.getToken()!, APP_ID));
    await alice.client.dispose();
    return { id: alice.id, device };
  }

  test('resumes without a password, as the same device, with its conversations and drafts', async () => {
    const world = await startWorld();
    const { id, device } = await deployed(world);
    const { client, events } = world.client({}, device);
    await events.next('recentlistUpdate');
    expect(client.userManage.getConversationList()).toMatchObject([
      { type: 'roster', id: 200, content: 'image', draft: 'half a sen', draftTimestamp: 1700000000950 },
      { type: 'group', id: 300, content: 'see you', ext: '{"a":1}', timestamp: '1700000000900', hasAt: true },
      { type: 'roster', id: 202, timestamp: '', ext: {} },
    ]);
    await events.next('loginSuccess');
    expect(client.userManage.getUid()).toBe(id);
    expect(preferencesOf(device, String(id))).toMatchObject([expect.any(String), undefined, `${id}_123456`]);
  });

  test('imports once: deleted data does not come back', async () => {
    const world = await startWorld();
    const { id, device } = await deployed(world);
    const first = world.client({}, device);
    await first.events.next('loginSuccess');
    await first.client.dispose();
    const kv = await device.platform.kv.open(`flooim.${APP_ID}.${id}`);
    await kv.commit([{ op: 'deleteRange', from: 'conversations/', to: 'conversations0' }]);
    await kv.close();
    const second = world.client({}, device);
    await second.events.next('loginSuccess');
    expect(second.client.userManage.getConversationList()).toEqual([]);
    await second.client.logout();
    await second.client.dispose();
    const third = world.client({}, device);
    await until(() => third.client.isReady(), 'DNS');
    await quiet();
    expect(third.client.isLogin()).toBe(false);
  });
});

describe('a logout', () => {
  test('keeps the messages for the next login, and the device', async () => {
    const world = await startWorld();
    const { alice, bob } = await withMessage(world);
    await alice.client.logout();
    expect(preferencesOf(alice.device, alice.uid)).toEqual([undefined, undefined, undefined]);
    await alice.client.login({ name: 'alice', password: PASSWORD });
    expect(world.app.devices.of(alice.id)).toHaveLength(1);
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toMatchObject([{ content: 'keep me' }]);
  });

  test.each([
    [{}, { wipe: true }],
    [{ wipeOnLogout: true }, undefined],
  ])(
    'of a client with %o, called with %o, leaves nothing of the user, whoever else is on the device',
    async (options, how) => {
      const world = await startWorld();
      const { alice, bob } = await withMessage(world, options);
      const carol = await world.member('carol', {}, alice.device);
      bob.client.sysManage.sendRosterMessage({ uid: carol.id, content: 'for carol' });
      await carol.events.next('onRosterMessage');
      // The details of bob are fetched and stored beside.
      await until(() => !!carol.client.rosterManage.getAllRosterDetail()[bob.uid], 'the details of bob');
      await quiet();
      const hers = [await recordsOf(alice.device, carol.uid), preferencesOf(alice.device, carol.uid)];
      await alice.client.logout(how);
      expect(alice.events.all('logout')).toHaveLength(1);
      expect(await recordsOf(alice.device, alice.uid)).toEqual([]);
      expect(preferencesOf(alice.device, alice.uid)).toEqual([undefined, undefined, undefined]);
      expect([await recordsOf(alice.device, carol.uid), preferencesOf(alice.device, carol.uid)]).toEqual(hers);
      expect(carol.client.isLogin()).toBe(true);
      await alice.client.login({ name: 'alice', password: PASSWORD });
      expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toEqual([]);
    },
  );

  test('with wipe false keeps the data that the option would wipe', async () => {
    const world = await startWorld();
    const { alice, bob } = await withMessage(world, { wipeOnLogout: true });
    await alice.client.logout({ wipe: false });
    await alice.client.login({ name: 'alice', password: PASSWORD });
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toHaveLength(1);
  });

  test('with wipe right after the start, while the stored session is being resumed', async () => {
    const world = await startWorld();
    const { alice } = await withMessage(world);
    await alice.client.dispose();
    const { client } = world.client({}, alice.device);
    await client.logout({ wipe: true });
    await quiet();
    expect(await recordsOf(alice.device, alice.uid)).toEqual([]);
    expect(preferencesOf(alice.device, alice.uid)).toEqual([undefined, undefined, undefined]);
    expect(client.isLogin()).toBe(false);
  });

  test('with wipe while another user logs in keeps that user’s data', async () => {
    const world = await startWorld();
    const { alice } = await withMessage(world);
    await world.register('dave');
    await alice.client.dispose();
    const { client } = world.client({ autoLogin: false }, alice.device);
    const login = client.login({ name: 'dave', password: PASSWORD });
    await client.logout({ wipe: true });
    await expect(login).rejects.toMatchObject({ reason: 'SignInCancelled' });
    expect(await recordsOf(alice.device, alice.uid)).not.toEqual([]);
    expect(preferencesOf(alice.device, alice.uid)[0]).toBeDefined();
  });

  test('whose data cannot be removed rejects, but logs out and emits the logout', async () => {
    const world = await startWorld();
    const { alice } = await withMessage(world);
    alice.device.platform.kv.drop = () => Promise.reject(new Error('in use'));
    await expect(alice.client.logout({ wipe: true })).rejects.toMatchObject({ reason: 'DbOperationFailed' });
    expect(alice.events.all('logout')).toHaveLength(1);
    expect(alice.client.isLogin()).toBe(false);
    expect(preferencesOf(alice.device, alice.uid)).toEqual([undefined, undefined, undefined]);
  });
});
