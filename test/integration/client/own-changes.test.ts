/** What a REST call changed: the server took it, so it is seen here when the promise resolves, before the server's notice. */
import { describe, expect, test } from 'vitest';
import type { EventName } from '../../../src/floo-client.ts';
import { createDeferred } from '../../../src/util/deferred.ts';
import { createDevice } from '../../support/client-device.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';

/** Names of the events that came while this ran. */
async function eventsDuring({ events }: Member, run: () => Promise<unknown>): Promise<EventName[]> {
  const before = events.heard.length;
  await run();
  return events.heard.slice(before).map(({ name }) => name);
}

/** Alice, who owns a group that Bob is in, and the group opened. No notice reaches her: what she sees is her own change. */
async function deafAlice(world: World): Promise<{ alice: Member; bob: Member; gid: number }> {
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  world.app.roster.befriend(alice.id, bob.id);
  await alice.client.rosterManage.asyncGetRosterIdList(true);
  const { group_id: gid } = await alice.client.groupManage.asyncCreate({ name: 'g', type: 0, user_list: [bob.id] });
  await alice.events.next('onGroupJoined');
  await alice.client.groupManage.asyncGetGroupMembers(gid);
  await alice.client.groupManage.asyncGetGroupInfo(gid, true);
  alice.client.disConnect();
  return { alice, bob, gid };
}

describe('a change by a REST call', () => {
  test('to a group is seen by the next getter, with its event: every setting, the mute, the card, the members', async () => {
    const world = await startWorld();
    const { alice, bob, gid } = await deafAlice(world);
    const { groupManage } = alice.client;
    const group = { group_id: gid };
    const detail = (name: string): unknown => ({ ...groupManage.getAllGroupDetail()[gid] })[name as 'name'];
    const changes: [run: () => Promise<unknown>, name: string, value: unknown][] = [
      [async () => groupManage.asyncUpdateName({ ...group, value: 'a name' }), 'name', 'a name'],
      [async () => groupManage.asyncUpdateDescription({ ...group, value: 'text' }), 'description', 'text'],
      [async () => groupManage.asyncUpdateAvatar({ ...group, value: 'a.png' }), 'avatar', 'a.png'],
      [async () => groupManage.asyncUpdateExt({ ...group, value: '{}' }), 'ext', '{}'],
      [async () => groupManage.asyncUpdateAllowMemberInvitation({ ...group, value: 0 }), 'member_invite', false],
      [async () => groupManage.asyncUpdateAllowMemberModify({ ...group, value: true }), 'member_modify', true],
      [async () => groupManage.asyncUpdateEnableReadack({ ...group, value: 1 }), 'read_ack', true],
      [async () => groupManage.asyncUpdateHistoryVisible({ ...group, value: 1 }), 'history_visible', true],
      [async () => groupManage.asyncHideMemberInfo({ ...group, value: 1 }), 'hide_member_info', true],
      [async () => groupManage.asyncUpdateRequireadminapproval({ ...group, apply_approval: 2 }), 'apply_approval', 2],
      [async () => groupManage.asyncGroupMsgMutemode({ ...group, msg_mute_mode: 2 }), 'msg_mute_mode', 2],
      [async () => groupManage.asyncBanAll({ ...group, duration: -1 }), 'ban_expire_time', -1],
      [async () => groupManage.asyncUnBanAll(group), 'ban_expire_time', 0],
      [async () => groupManage.asyncOwnerTransfer({ ...group, new_owner: bob.id }), 'owner_id', bob.id],
    ];
    for (const [run, name, value] of changes) {
      expect(detail(name), name).not.toEqual(value);
      expect(await eventsDuring(alice, run), name).toEqual(['onGroupListUpdate']);
      expect(detail(name), name).toEqual(value);
    }
    const card = async (): Promise<unknown> => groupManage.asyncUpdateDisplayName({ ...group, value: 'A.' });
    expect(await eventsDuring(alice, card)).toEqual(['onGroupMemberChanged']);
    expect(groupManage.getGroupMembers(gid).map(({ display_name }) => display_name)).toEqual(['A.', 'bob']);
    // A setting that the server refuses changes nothing.
    world.server.admin.failRest({ path: '/group/info/name', code: 20005, message: 'no' });
    await expect(groupManage.asyncUpdateName({ ...group, value: 'refused' })).rejects.toThrow();
    expect(detail('name')).toBe('a name');
  });

  test('to who is in a group, and which groups there are', async () => {
    const world = await startWorld();
    const { alice, bob, gid } = await deafAlice(world);
    const { groupManage, sysManage, userManage } = alice.client;
    sysManage.touchConversation(gid, 'group');
    const kick = async (): Promise<unknown> => groupManage.asyncKick({ group_id: gid, user_list: [bob.id] });
    expect(await eventsDuring(alice, kick)).toEqual(['onGroupMemberChanged']);
    expect(groupManage.getGroupMembers(gid).map(({ user_id }) => user_id)).toEqual([alice.id]);
    const joined = async (): Promise<unknown> =>
      (await groupManage.asyncGetJoinedGroups()).map(({ group_id, name }) => [group_id, name]);
    expect(await eventsDuring(alice, async () => groupManage.asyncDestroy({ group_id: gid }))).toEqual([
      'onGroupListUpdate',
      'recentlistUpdate',
    ]);
    expect([await joined(), userManage.getConversationList()]).toEqual([[], []]);
    let created = 0;
    const create = async (): Promise<void> => {
      created = (await groupManage.asyncCreate({ name: 'new', type: 0 })).group_id;
    };
    expect(await eventsDuring(alice, create)).toEqual(['onGroupListUpdate']);
    expect(await joined()).toEqual([[created, 'new']]);
  });

  test('to a friend and to oneself', async () => {
    const world = await startWorld();
    const { alice, bob } = await deafAlice(world);
    const { rosterManage, userManage } = alice.client;
    const friend = { user_id: bob.id };
    const updates = ['onRosterInfoUpdate', 'onRosterListUpdate'];
    const changes: [run: () => Promise<unknown>, of: number, fields: object][] = [
      [async () => rosterManage.asyncUpdateRosterAlias({ ...friend, alias: 'B.' }), bob.id, { alias: 'B.' }],
      [
        async () => rosterManage.asyncUpdateRosterExt({ ...friend, ext: 'e', mute_notification: true }),
        bob.id,
        { ext: 'e', mute_notification: true, alias: 'B.' },
      ],
      [async () => rosterManage.asyncBlockeAdd(friend), bob.id, { relation: 3 }],
      [async () => userManage.asyncUpdateNickName({ nick_name: 'Al' }), alice.id, { nick_name: 'Al' }],
      [async () => userManage.asyncUpdateAvatar({ avatar: 'a.png' }), alice.id, { avatar: 'a.png' }],
      [async () => userManage.asyncUpdateProfile({ description: 'me' }), alice.id, { description: 'me' }],
    ];
    for (const [run, uid, fields] of changes) {
      expect(rosterManage.getRosterInfo(uid)).not.toMatchObject(fields);
      expect(await eventsDuring(alice, run), JSON.stringify(fields)).toEqual(updates);
      expect(rosterManage.getAllRosterDetail()[uid]).toMatchObject(fields);
    }
  });

  test('that is overtaken by a newer one of somebody else does not come back', async () => {
    const world = await startWorld();
    const device = createDevice();
    const { http } = device.platform;
    device.platform.http = async (request) => {
      const response = await http(request);
      if (!request.url.includes('/group/info/name')) return response;
      // The answer is late: the notices of both changes are here before it.
      world.app.groups.get(gid)!.members.get(bob.id)!.admin = true;
      await bob.client.groupManage.asyncUpdateName({ group_id: gid, value: 'of bob' });
      await alice.events.count('onGroupInfoUpdated', 2);
      return response;
    };
    const [alice, bob] = [await world.member('alice', {}, device), await world.member('bob')];
    const gid = world.group(alice, bob);
    await alice.client.groupManage.asyncGetGroupInfo(gid, true);
    await alice.client.groupManage.asyncUpdateName({ group_id: gid, value: 'of alice' });
    expect(alice.client.groupManage.getAllGroupDetail()[gid]!.name).toBe('of bob');
  });

  test('whose answer comes after a logout changes nothing of the next user', async () => {
    const world = await startWorld();
    const device = createDevice();
    const { http } = device.platform;
    const late = createDeferred<undefined>();
    device.platform.http = async (request) => {
      const response = await http(request);
      if (request.url.includes('/group/info/name')) await late.promise;
      return response;
    };
    const alice = await world.member('alice', {}, device);
    const gid = world.group(alice);
    await world.register('carol');
    const update = alice.client.groupManage.asyncUpdateName({ group_id: gid, value: 'late' });
    await alice.client.logout();
    await alice.client.login({ name: 'carol', password: PASSWORD });
    late.resolve(undefined);
    expect(await update).toBe(true);
    expect(alice.client.groupManage.getAllGroupDetail()).toEqual({});
  });
});
