import { expect, test } from 'vitest';
import type { Message } from '../../../src/model/message.ts';
import { createDevice } from '../../support/client-device.ts';
import { until } from '../../support/client-events.ts';
import { startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';
import { bytesOf } from '../../support/file-bytes.ts';

async function pair(): Promise<{ world: World; alice: Member; bob: Member }> {
  const world = await startWorld();
  return { world, alice: await world.member('alice'), bob: await world.member('bob') };
}

/** A file whose size decides how long its upload takes. */
const fileOf = (name: string, size: number): File => new File([bytesOf(size)], name);

const nameOf = ({ attach, content }: Message): unknown => attach?.dName ?? content;

const BIG = 400_000;
const SLOW = { bytesPerSecond: 800_000 };

test('C8: files a, b, c and then a caption: the files come in the order in which they were picked, and the text does not wait', async () => {
  const { world, alice, bob } = await pair();
  world.server.admin.setTransfers(SLOW);
  // The first is the slowest to upload.
  for (const [name, size] of [
    ['a', BIG],
    ['b', 1000],
    ['c', 10],
  ] as const)
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: fileOf(name, size) });
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'caption' });
  const received = await bob.events.count('onRosterMessage', 4);
  expect(received.map(nameOf)).toEqual(['caption', 'a', 'b', 'c']);
});

test('C8: ten files to a group, most of them quicker than the first, come in order', async () => {
  const { world, alice, bob } = await pair();
  const gid = world.group(alice, bob);
  world.server.admin.setTransfers(SLOW);
  const names = Array.from('abcdefghij');
  names.forEach((name, index) =>
    alice.client.sysManage.sendGroupMessage({ gid, file: fileOf(name, index === 0 ? BIG : 1000 * (10 - index)) }),
  );
  const received = await bob.events.count('onGroupMessage', 10);
  expect(received.map(nameOf)).toEqual(names);
});

test('files of another conversation do not wait', async () => {
  const { world, alice, bob } = await pair();
  const gid = world.group(alice, bob);
  world.server.admin.setTransfers({ bytesPerSecond: 200_000 });
  alice.client.sysManage.sendGroupMessage({ gid, file: fileOf('slow', BIG) });
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: fileOf('quick', 10) });
  expect(nameOf(await bob.events.next('onRosterMessage'))).toBe('quick');
  expect(bob.events.all('onGroupMessage')).toEqual([]);
  expect(nameOf(await bob.events.next('onGroupMessage'))).toBe('slow');
});

test('C8: a file that fails holds nobody up, and comes last when it is sent again', async () => {
  const { world, alice, bob } = await pair();
  world.server.admin.failRest({ path: '/file/upload/chat', code: 10010 });
  const names = ['a', 'b', 'c'];
  const mids = names.map((name) =>
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: fileOf(name, name === 'a' ? BIG : 10) }),
  );
  const failed = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed');
  const failedName = names[mids.indexOf(failed.mid)];
  const others = (await bob.events.count('onRosterMessage', 2)).map(nameOf);
  expect(others).toEqual(names.filter((name) => name !== failedName));
  expect(alice.client.sysManage.resendMessage(failed.mid)).toBe(true);
  await until(() => bob.events.all('onRosterMessage').length === 3, 'the file that is sent again');
  expect(bob.events.all('onRosterMessage').map(nameOf)).toEqual([...others, failedName]);
});

test('a file that is sent again when the client is disposed of leaves nothing behind', async () => {
  const { world, alice, bob } = await pair();
  world.server.admin.failRest({ path: '/file/upload/chat', code: 10010 });
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: fileOf('a', 10) });
  const { mid } = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed');
  alice.client.sysManage.resendMessage(mid);
  await alice.client.dispose();
  expect([...alice.device.timers.values()]).toEqual([]);
});

test.each(['discarded', 'recalled', 'deleted'])('C8: a file that is %s holds nobody up', async (how) => {
  const { world, alice, bob } = await pair();
  world.server.admin.setTransfers({ bytesPerSecond: 100_000 });
  const { client, events } = alice;
  const [first] = ['a', 'b', 'c'].map((name, index) =>
    client.sysManage.sendRosterMessage({ uid: bob.id, file: fileOf(name, index === 0 ? 5_000_000 : 10) }),
  );
  await events.next('onUploadProgress', ({ mid, percent }) => mid === first && percent > 0);
  await until(
    () => events.all('onUploadProgress').filter(({ percent }) => percent === 100).length === 2,
    'the others to be uploaded',
  );
  if (how === 'discarded') expect(await client.sysManage.discardMessage(first!)).toBe(true);
  else if (how === 'recalled') client.rosterManage.recallMessage(bob.id, first!);
  else client.rosterManage.deleteMessage(bob.id, first!);
  const received = await bob.events.count('onRosterMessage', 2);
  expect(received.map(nameOf)).toEqual(['b', 'c']);
});

test('C8: files that wait for a connection, and for a reload, keep their order', async () => {
  const world = await startWorld();
  const device = createDevice();
  const alice = await world.member('alice', {}, device);
  const bob = await world.member('bob');
  world.server.admin.setTransfers(SLOW);
  alice.client.disConnect();
  const sizes = [BIG, 1000, 10];
  const mids = ['a', 'b', 'c'].map((name, index) =>
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: fileOf(name, sizes[index]!) }),
  );
  const isKept = (): boolean => mids.every((mid) => device.trace.some((line) => line.startsWith(`commit ${mid}/`)));
  await until(isKept, 'the files to be kept');
  await alice.client.dispose();
  world.client({ autoLogin: true }, device);
  expect((await bob.events.count('onRosterMessage', 3)).map(nameOf)).toEqual(['a', 'b', 'c']);
});
