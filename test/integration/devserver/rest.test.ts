import { expect, test } from 'vitest';
import { startRoom } from './harness.ts';

test('app id and token are accepted in headers and in the query', async () => {
  const { server, user, rest } = await startRoom();
  const alice = await user('alice');
  const profile = '/user/profile';
  expect(await (await fetch(`${server.url}${profile}`)).json()).toMatchObject({ code: 40000 });
  expect(await rest(profile, { headers: { app_id: 'unknown-app' } })).toMatchObject({ code: 40000 });
  expect(await rest(profile)).toMatchObject({ code: 10003 });
  expect(await rest(profile, { headers: { 'access-token': 'nonsense' } })).toMatchObject({ code: 10008 });
  expect(await rest(profile, { headers: { 'access-token': alice.token, app_id: 'another-app' } })).toMatchObject({
    code: 10008,
  });
  const inQuery = new URLSearchParams({ 'access-token': alice.token, app_id: 'welovemaxim' });
  expect(await (await fetch(`${server.url}${profile}?${inQuery}`)).json()).toMatchObject({
    code: 200,
    data: { username: 'alice' },
  });
  server.admin.revokeToken({ uid: alice.id });
  expect(await alice.get(profile)).toMatchObject({ code: 402 });
});

test('every answer is HTTP 200 with an envelope', async () => {
  const { server, user } = await startRoom();
  const alice = await user('alice');
  const headers = { app_id: 'welovemaxim', 'access-token': alice.token, 'content-type': 'application/json' };
  const unknown = await fetch(`${server.url}/no/such?x=1`, { method: 'POST', headers, body: '{}' });
  expect(unknown.status).toBe(200);
  expect(await unknown.json()).toEqual({ code: 404, message: 'not implemented by the dev server: POST /no/such' });
  const broken = await fetch(`${server.url}/roster/list`, { method: 'POST', headers, body: '{"list":' });
  expect(broken.status).toBe(200);
  expect(await broken.json()).toMatchObject({ code: 10002 });
  for (const path of ['/', '/api/health']) expect((await fetch(server.url + path)).status).toBe(200);
});

test('a preflight is allowed, with the custom headers', async () => {
  const { server } = await startRoom();
  const response = await fetch(`${server.url}/user/profile`, {
    method: 'OPTIONS',
    headers: {
      origin: 'http://page',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'app_id',
    },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('access-control-allow-headers')).toBe(
    'content-type, app_id, access-token, user_id, group_id',
  );
});

test('registration and login follow the documented rules', async () => {
  const { user, rest } = await startRoom();
  const alice = await user('alice');
  const register = (username: string) =>
    rest('/user/register/v2', { method: 'POST', body: JSON.stringify({ username, password: 'secret12' }) });
  for (const bad of ['1234', 'maxim_x', 'mta1', 'a b', '']) expect(await register(bad)).toMatchObject({ code: 10002 });
  expect(await register('alice')).toMatchObject({ code: 10004 });
  expect((await register('小明')).data).toMatchObject({ auth_mode: 0, group_confirm: false, no_push_start_hour: 0 });
  const login = (path: string, body: object) => rest(path, { method: 'POST', body: JSON.stringify(body) });
  expect(await login('/token/user', { name: 'nobody', password: 'x' })).toMatchObject({ code: 10000 });
  expect(await login('/token/user', { name: 'alice', password: 'x' })).toMatchObject({ code: 402 });
  expect(await login('/token/user', { name: 'alice' })).toMatchObject({
    code: 10002,
    message: expect.stringContaining('password'),
  });
  expect(await login('/token/id', { user_id: String(alice.id), password: 'secret12' })).toMatchObject({
    data: { user_id: alice.id },
  });
  expect(await login('/token/login', { login_name: 'alice', password: 'secret12', device_guid: 'g' })).toMatchObject({
    data: { user_id: alice.id, push_token: 'push-g' },
  });
  expect(alice.id % 16).toBe(0);
  expect(alice.id).toBeGreaterThan(2 ** 40);
});

test('parameters may be numbers and flags as text, in documented places only', async () => {
  const { user } = await startRoom();
  const [alice, bob] = [await user('alice'), await user('bob')];
  expect((await alice.post('/roster/list', { list: [String(bob.id), alice.id, 99] })).data).toMatchObject([
    { user_id: bob.id, relation: 2 },
    { user_id: alice.id },
  ]);
  const { group_id } = (await alice.post('/group/create', { name: 'g' })).data;
  expect(group_id % 16).toBe(1);
  for (const value of [1, 'true', true, '1']) {
    expect(await alice.post('/group/settings/enable_read_ack', { group_id: String(group_id), value })).toMatchObject({
      data: true,
    });
  }
  expect((await alice.get('/group/info', { group_id })).data).toMatchObject({ read_ack: true, count: 1 });
  expect(await alice.post('/roster/delete', { user_id: bob.id })).toMatchObject({ code: 10002 });
  expect(await alice.post('/user/push', { value: 1 })).toMatchObject({ data: true });
  expect(await alice.post('/user/push', {}, { value: 'false' })).toMatchObject({ data: true });
  expect((await alice.get('/user/settings')).data).toMatchObject({ no_push: false });
});

test('settings are merged, and only the user’s own can be changed', async () => {
  const { user } = await startRoom();
  const alice = await user('alice', { auth_mode: 1 });
  await alice.post('/user/settings', { user_id: alice.id, group_confirm: true });
  expect((await alice.get('/user/settings')).data).toMatchObject({ auth_mode: 1, group_confirm: true });
  expect(await alice.post('/user/settings', { user_id: 5, group_confirm: true })).toMatchObject({ code: 10010 });
});

test('a new password ends the old tokens', async () => {
  const { user, rest } = await startRoom();
  const alice = await user('alice');
  const device = await alice.device();
  expect(await alice.post('/user/change_password', { old_password: 'no', new_password: 'better12' })).toMatchObject({
    code: 11001,
  });
  expect(
    await alice.post('/user/change_password', { old_password: 'secret12', new_password: 'better12' }),
  ).toMatchObject({ data: true });
  await device.closed;
  expect(await alice.get('/user/profile')).toMatchObject({ code: 402 });
  const login = { name: 'alice', password: 'better12' };
  expect(await rest('/token/user', { method: 'POST', body: JSON.stringify(login) })).toMatchObject({ code: 200 });
});

test('group checks come in the documented order', async () => {
  const { user } = await startRoom();
  const [alice, bob, carol] = [await user('alice'), await user('bob'), await user('carol')];
  const { group_id } = (await alice.post('/group/create', { name: 'g', user_list: [bob.id] })).data;
  const kick = (who: typeof bob, group: number, target: number) =>
    who.post('/group/kick', { group_id: group, user_list: [target] });
  expect(await kick(bob, 17, alice.id)).toMatchObject({ code: 20001 });
  expect(await kick(carol, group_id, alice.id)).toMatchObject({ code: 20002 });
  expect(await kick(bob, group_id, alice.id)).toMatchObject({ code: 20012 });
  expect(await kick(alice, group_id, carol.id)).toMatchObject({ data: [{ user_id: carol.id, result: 'fail' }] });
  expect(await alice.post('/group/leave', {}, { group_id })).toMatchObject({ code: 20004 });
  expect(await alice.post('/group/transfer', { group_id, new_owner: carol.id })).toMatchObject({ code: 20005 });
  expect(await bob.post('/group/info/name', { group_id, value: 'x' })).toMatchObject({ code: 20012 });
  await alice.post('/group/settings/allow_member_modify', { group_id, value: true });
  expect(await bob.post('/group/info/name', { group_id, value: 'x' })).toMatchObject({ data: true });
  await alice.post('/group/settings/allow_member_invitation', { group_id, value: 0 });
  expect(await bob.post('/group/invite', { group_id, user_list: [carol.id] })).toMatchObject({ code: 20012 });
  expect(await alice.post('/group/destroy', {}, { group_id })).toMatchObject({ data: true });
  expect(await alice.get('/group/info', { group_id })).toMatchObject({ code: 20001 });
});

test('member lists are paged by an opaque cursor', async () => {
  const { user } = await startRoom();
  const alice = await user('alice');
  const others = [await user('bob'), await user('carol'), await user('dave')];
  const { group_id } = (await alice.post('/group/create', { name: 'g', user_list: others.map(({ id }) => id) })).data;
  const first = await alice.get('/group/member_list', { group_id, limit: 3 });
  expect(first).toMatchObject({ total: 4, data: [{ user_id: alice.id }, {}, {}] });
  const last = await alice.get('/group/member_list', { group_id, limit: 3, cursor: first.cursor! });
  expect(last.data).toMatchObject([{ user_id: others[2]!.id }]);
  expect(last).not.toHaveProperty('cursor');
});

test('announcements and shared files', async () => {
  const { user } = await startRoom();
  const [alice, bob, carol] = [await user('alice'), await user('bob'), await user('carol')];
  const { group_id } = (await alice.post('/group/create', { name: 'g', user_list: [bob.id, carol.id] })).data;
  expect(await bob.post('/group/announcement/edit', { group_id, title: 't', content: 'c' })).toMatchObject({
    code: 20012,
  });
  const made = (await alice.post('/group/announcement/edit', { group_id, title: 't', content: 'c' })).data;
  expect((await bob.get('/group/announcement/list', { group_id })).data).toEqual([made]);
  expect(await alice.post('/group/announcement/delete', {}, { group_id, announcement_id: made.id })).toMatchObject({
    data: true,
  });
  expect(await alice.get('/group/announcement', { group_id, announcement_id: made.id })).toMatchObject({ code: 20020 });
  const file = (await bob.post('/group/file/upload', { group_id, name: 'a.txt', size: 3, url: 'http://x/?a' })).data;
  expect((await carol.get('/group/file/list', { group_id })).data).toEqual([file]);
  const remove = (who: typeof bob) => who.post('/group/file/delete', { group_id, file_list: [file.file_id] });
  expect((await remove(carol)).data).toMatchObject([{ result: 'fail' }]);
  expect((await remove(bob)).data).toEqual([{ file_id: file.file_id, result: 'success' }]);
});

test('an admin acts for a user, and sends messages', async () => {
  const { user, rest } = await startRoom();
  const [alice, bob] = [await user('alice'), await user('bob')];
  const asAdmin = (path: string, body: object, headers = {}) =>
    rest(path, { method: 'POST', headers: { 'access-token': 'admin-token', ...headers }, body: JSON.stringify(body) });
  expect(await asAdmin('/user/add_roster', { list: [bob.id] })).toMatchObject({ code: 10002 });
  expect(await asAdmin('/user/add_roster', { list: [bob.id] }, { user_id: String(alice.id) })).toMatchObject({
    data: true,
  });
  expect((await bob.get('/roster/list')).data).toEqual([alice.id]);
  expect(await alice.post('/user/add_roster', { list: [] })).toMatchObject({ code: 10010 });
  const message = { targets: [bob.id], type: 1, content_type: 0, content: 'from alice', from_user_id: alice.id };
  const response = await asAdmin('/message/send', message);
  expect(response).toMatchObject({ code: 200, data: true, msg_ids: [expect.any(Number)] });
  const b = await bob.device();
  expect(await b.syncAll(alice.id)).toMatchObject([{ payload: { content: 'from alice', type: 2 } }]);
  await asAdmin('/message/send', { targets: [bob.id], type: 1, content_type: 0, content: 'from the system' });
  const system = await b.syncAll(0);
  expect(system.at(-1)).toMatchObject({ from: { uid: '0' }, payload: { is_system: true, content: 'from the system' } });
  expect((await b.history(0, '0', 1)).metas).toHaveLength(1);
});

test('DNS names this server, and refuses an unknown app', async () => {
  const { server } = await startRoom();
  const ask = async (appId: string) => (await fetch(`${server.dnsUrl}?app_id=${appId}&source=sdk`)).json();
  const host = { protocol: 'http', host: `127.0.0.1:${server.port}` };
  expect(await ask('welovemaxim')).toMatchObject({
    code: 200,
    data: {
      app_status: 'normal',
      dns_list: [{ group_level: 0, clusters: [{ ratel: [host], webim: [host], rtc: [host] }] }],
    },
  });
  expect(await ask('unknown-app')).toMatchObject({ code: 99998 });
  expect(await ask('')).toMatchObject({ code: 99998 });
});

test('a body that nests too deep is refused', async () => {
  const { server, user } = await startRoom();
  const alice = await user('alice');
  const post = async (body: string): Promise<unknown> =>
    (
      await fetch(`${server.url}/user/profile`, {
        method: 'POST',
        headers: { app_id: 'welovemaxim', 'access-token': alice.token, 'content-type': 'application/json' },
        body,
      })
    ).json();
  expect(await post(`{"public_info":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toMatchObject({ code: 10002 });
  expect(await alice.get('/user/profile')).toMatchObject({ code: 200 });
});
