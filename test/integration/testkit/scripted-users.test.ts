/** What scripted users do arrives at an app's client, and nothing has to wait for time. */
import { expect, test } from 'vitest';
import type { EventName } from '../../../src/floo-client.ts';
import { createTestServer } from '../../../testkit/src/index.ts';
import { openClient, openPair, shown } from './kit-client.ts';
import type { Pair } from './kit-client.ts';

const heard = ({ im }: Pair, name: EventName): unknown[] => {
  const payloads: unknown[] = [];
  im.on(name, (payload: unknown) => void payloads.push(payload));
  return payloads;
};

test('a message, its edits, an append and a recall', async () => {
  const pair = await openPair();
  const { im, bob } = pair;
  const recalled = heard(pair, 'onMessageRecalled');
  const first = await bob.says('hi', { to: 'alice', ext: { mood: 'good' } });
  expect(im.rosterManage.getRosterMessageByRid(bob.id)).toMatchObject([
    { id: first.id, content: 'hi', ext: '{"mood":"good"}', type: 'text' },
  ]);
  const answer = await bob.streams(['One', ', two', ', three'], { to: 'alice' });
  expect(answer.content).toBe('One, two, three');
  await bob.edits(first, 'hello');
  expect(shown(im, bob)).toEqual(['hello', 'One, two, three']);
  await bob.recalls(first);
  expect(recalled).toMatchObject([{ uid: bob.id, mid: first.id }]);
  expect(shown(im, bob)).toEqual(['One, two, three']);
});

test('what the client sends is at the server, and comes back as read', async () => {
  const pair = await openPair();
  const { im, server, bob, alice } = pair;
  const status = heard(pair, 'onMessageStatusChanged');
  im.sysManage.sendRosterMessage({ uid: bob.id, content: 'are you there?' });
  await server.settled();
  const [sent] = bob.messages(alice);
  expect(sent).toMatchObject({ from: alice.id, to: bob.id, content: 'are you there?', status: 0 });
  await bob.reads(sent!);
  expect(status).toHaveLength(1);
  expect(bob.messages('alice')).toMatchObject([{ status: 2 }]);
  im.sysManage.sendRosterMessage({ uid: bob.id, content: 'and there?' });
  await server.settled();
  await bob.readsAll('alice');
  expect(server.truth().users.find(({ username }) => username === 'bob')!.conversations).toMatchObject([{ unread: 0 }]);
});

test('typing signals, files, and a file of the client', async () => {
  const pair = await openPair();
  const { im, server, bob } = pair;
  const typing = heard(pair, 'onInputStatusMessage');
  await bob.types('typing', { to: 'alice' });
  expect(typing).toHaveLength(1);
  await bob.sendsFile({ name: 'note.txt', content: 'a note', to: 'alice' });
  const [received] = im.rosterManage.getRosterMessageByRid(bob.id);
  expect(received).toMatchObject({ type: 'file', attach: { dName: 'note.txt', fLen: 6 } });
  const file = await im.sysManage.asyncFileDownload({ url: received!.attach!.url! });
  expect(await file.text()).toBe('a note');
  im.sysManage.sendRosterMessage({ uid: bob.id, file: new File(['picture'], 'p.png', { type: 'image/png' }) });
  await server.settled();
  expect(bob.messages('alice').at(-1)).toMatchObject({ type: 'image', attachment: { dName: 'p.png', fLen: 7 } });
});

test('friends: asked, accepted, declined, ended', async () => {
  const pair = await openPair();
  const { im, server, bob } = pair;
  const carol = server.addUser('carol', { nickname: 'Carol' });
  const applied = heard(pair, 'onRosterApplied');
  await bob.asksFriend('alice', { reason: 'it is me' });
  expect(applied).toHaveLength(1);
  await im.rosterManage.asyncAccept({ user_id: bob.id });
  await im.rosterManage.asyncApply({ user_id: carol.id, alias: '' });
  await carol.acceptsFriend('alice');
  const friends = (): unknown =>
    server
      .truth()
      .users.find(({ username }) => username === 'alice')!
      .friends.map(String);
  expect(friends()).toEqual([bob.id, carol.id]);
  await bob.removesFriend('alice');
  expect(friends()).toEqual([carol.id]);
  await expect(bob.acceptsFriend('alice')).rejects.toThrow('/roster/accept: 10007');
});

test('groups: created, invited, talked in, kicked from', async () => {
  const pair = await openPair();
  const { im, server, bob } = pair;
  server.addUser('carol', { confirmsGroups: true });
  const messages = heard(pair, 'onGroupMessage');
  const team = await bob.createsGroup('team', ['alice', 'carol']);
  const members = (): unknown => server.truth().groups[0]!.members.map((id) => server.user(String(id)).name);
  expect(members()).toEqual(['bob', 'alice']);
  await server.user('carol').acceptsInvitation('team');
  expect(members()).toEqual(['bob', 'alice', 'carol']);
  await server.user('carol').says('hello all', { to: team });
  expect(messages).toMatchObject([{ to: team.id, content: 'hello all' }]);
  im.sysManage.sendGroupMessage({ gid: team.id, content: 'hello' });
  await server.settled();
  expect(bob.messages('team').map(({ content }) => content)).toEqual(['hello all', 'hello']);
  await bob.kicks('carol', { from: 'team' });
  expect(members()).toEqual(['bob', 'alice']);
  const other = server.addGroup('others', ['carol', 'alice']);
  await server.user('carol').destroys(other);
  expect(server.truth().groups.map(({ name }) => name)).toEqual(['team']);
});

test('what a test gets wrong is said in words', async () => {
  const server = createTestServer();
  const bob = server.addUser('bob');
  expect(() => server.user('carl')).toThrow('no user "carl"; there are bob');
  expect(() => server.addUser('bob')).toThrow('there is a user "bob" already');
  expect(() => server.device('phone')).toThrow('no device "phone"; no client was made yet');
  await expect(bob.says('hi', { to: 'carl' })).rejects.toThrow('no user and no group "carl"');
  await expect(bob.recalls('17')).rejects.toThrow('no message 17');
  await expect(bob.leaves('team')).rejects.toThrow('no group "team"');
  const im = openClient({ ...server.clientOptions(), dnsServer: 'http://other.localhost/v2/app_dns' });
  await expect(im.login(bob.credentials)).rejects.toThrow(
    'nothing listens at other.localhost: the test server is memory.localhost',
  );
});
