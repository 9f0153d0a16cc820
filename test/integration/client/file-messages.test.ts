import { expect, test } from 'vitest';
import type { UploadProgress } from '../../../src/client-events.ts';
import { quiet, until } from '../../support/client-events.ts';
import { createDevice } from '../../support/client-device.ts';
import { startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';
import { bytesOf, sameBytes } from '../../support/file-bytes.ts';

/** What the other side downloads by the URL of a message. */
async function receivedBytes(reader: Member, attach: Record<string, unknown> | undefined): Promise<Uint8Array> {
  const file = await reader.client.sysManage.asyncFileDownload({ url: String(attach?.['url']) });
  return new Uint8Array(await file.arrayBuffer());
}

async function pair(): Promise<{ world: World; alice: Member; bob: Member }> {
  const world = await startWorld();
  return { world, alice: await world.member('alice'), bob: await world.member('bob') };
}

const percents = ({ events }: Member): number[] => events.all('onUploadProgress').map(({ percent }) => percent);

test('one call shows the message at once, uploads the file and sends it; the receiver reads the same bytes', async () => {
  const { alice, bob } = await pair();
  const bytes = bytesOf(300_000);
  const file = new File([bytes], 'holiday.png', { type: 'image/png' });
  const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, file, attachment: { width: 30, height: 20 } });
  const sending = await alice.events.next('onSendingMessageStatusChanged');
  expect(sending).toMatchObject({ status: 'sending', mid, uid: bob.id });
  expect(sending.message).toMatchObject({
    type: 'image',
    attach: { dName: 'holiday.png', fLen: 300_000, width: 30, height: 20 },
  });
  const [shown] = alice.client.sysManage.getSendingMessages(bob.id, 'roster');
  expect(shown).toMatchObject({ sendingStatus: 'sending', progress: expect.any(Number) });

  const received = await bob.events.next('onRosterMessage');
  expect(received.attach).toEqual({
    url: expect.stringMatching(/^http/),
    dName: 'holiday.png',
    fLen: 300_000,
    width: 30,
    height: 20,
  });
  sameBytes(await receivedBytes(bob, received.attach), bytes);
  const sent = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
  expect(sent).toMatchObject({ mid, message: { id: received.id, attach: received.attach } });
  expect(alice.client.sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
  expect(percents(alice).at(-1)).toBe(100);
  expect(percents(alice)).toEqual([...percents(alice)].sort((a, b) => a - b));
  expect(alice.events.all('onUploadProgress')[0]).toMatchObject({ mid, uid: bob.id, total: 300_000 });
});

test.each([
  ['form', 1024],
  ['oss', 3_000_000],
  ['put', 3_000_000],
  ['form', 50 * 1024 * 1024],
] as const)(
  'by %s, %i bytes',
  async (uploads, size) => {
    const { world, alice, bob } = await pair();
    world.server.admin.setTransfers({ uploads });
    const bytes = bytesOf(size);
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, type: 'video', file: new Blob([bytes]) });
    await until(() => bob.events.all('onRosterMessage').length > 0, 'the message', 50_000);
    const { attach, type } = await bob.events.next('onRosterMessage');
    expect([type, attach?.fLen]).toEqual(['video', size]);
    sameBytes(await receivedBytes(bob, attach), bytes);
  },
  60_000,
);

test('a message after a file does not wait for the upload', async () => {
  const { world, alice, bob } = await pair();
  world.server.admin.setTransfers({ bytesPerSecond: 400_000 });
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: new Blob([bytesOf(400_000)]) });
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'while it is uploaded' });
  const [first, second] = await bob.events.count('onRosterMessage', 2);
  expect([first?.type, second?.type]).toEqual(['text', 'file']);
});

test('a connection that breaks in the middle: the file is uploaded again and the message sent once', async () => {
  const { world, alice, bob } = await pair();
  const bytes = bytesOf(2_000_000);
  world.server.admin.cutTransfer({ direction: 'up', afterBytes: 700_000, count: 2 });
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: new Blob([bytes]) });
  const { attach } = await bob.events.next('onRosterMessage');
  sameBytes(await receivedBytes(bob, attach), bytes);
  await quiet(50);
  expect(bob.events.all('onRosterMessage')).toHaveLength(1);
});

test('a reload in the middle of an upload continues with the stored file', async () => {
  const world = await startWorld();
  const device = createDevice();
  const alice = await world.member('alice', {}, device);
  const bob = await world.member('bob');
  const bytes = bytesOf(3_500_000);
  world.server.admin.setTransfers({ bytesPerSecond: 100_000 });
  const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: new File([bytes], 'a.bin') });
  const isKept = (): boolean => device.trace.some((line) => line.startsWith(`commit ${mid}/000003`));
  await until(isKept, 'all of the file to be kept');
  await alice.client.dispose();
  world.server.admin.clearFaults();

  const next = world.client({ autoLogin: true }, device);
  await next.events.next('recentlistUpdate');
  expect(next.client.sysManage.getSendingMessages(bob.id, 'roster')).toMatchObject([
    { sendingStatus: 'sending', progress: 0, attach: { dName: 'a.bin' } },
  ]);
  const received = await bob.events.next('onRosterMessage');
  sameBytes(await receivedBytes(bob, received.attach), bytes);
  const sent = await next.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
  expect(sent.mid).toBe(mid);
  // Nothing of it stays.
  await until(() => device.trace.some((line) => line === `commit ${mid}/`), 'the file to be dropped');
});

test('a file that was not stored completely before a reload fails and can be discarded', async () => {
  const world = await startWorld();
  const device = createDevice();
  const alice = await world.member('alice', {}, device);
  const bob = await world.member('bob');
  world.server.admin.setTransfers({ bytesPerSecond: 1000 });
  const { commit } = device;
  device.commit = async (store, batch) => {
    if (batch.some((write) => 'key' in write && write.key.endsWith('/000001'))) throw new Error('full');
    return commit(store, batch);
  };
  const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: new Blob([bytesOf(2_500_000)]) });
  await until(() => device.trace.some((line) => line === `commit ${mid}/`), 'what was kept to be dropped');
  await alice.client.dispose();
  world.server.admin.clearFaults();
  const next = world.client({ autoLogin: true }, device);
  const { status, error } = await next.events.next('onSendingMessageStatusChanged');
  expect([status, error?.reason]).toEqual(['failed', 'NotFound']);
  expect(await next.client.sysManage.discardMessage(mid)).toBe(true);
  expect(next.client.sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
});

test('an upload cancelled in the middle removes the message and sends nothing', async () => {
  const { world, alice, bob } = await pair();
  world.server.admin.setTransfers({ bytesPerSecond: 500_000 });
  const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: new Blob([bytesOf(5_000_000)]) });
  await alice.events.next('onUploadProgress', ({ percent }: UploadProgress) => percent > 5);
  expect(await alice.client.sysManage.discardMessage(mid)).toBe(true);
  expect(await alice.client.sysManage.discardMessage(mid)).toBe(false);
  expect(alice.client.sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
  world.server.admin.clearFaults();
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'after it' });
  expect(await bob.events.next('onRosterMessage')).toMatchObject({ content: 'after it' });
  expect(alice.events.all('onSendingMessageStatusChanged').some(({ status }) => status === 'failed')).toBe(false);
});

test('a refused message shows the reason, stays, and is sent by another try', async () => {
  const { world, alice, bob } = await pair();
  world.server.admin.failRest({ path: '/upload/*', code: 10009, message: 'no room', count: 2 });
  const bytes = bytesOf(100_000);
  const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: new Blob([bytes]) });
  const failed = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed');
  expect(failed).toMatchObject({ mid, errorReason: 'no room', error: { reason: 'ServerFileUploadUnknownError' } });
  expect(alice.client.sysManage.getSendingMessages(bob.id, 'roster')).toMatchObject([
    { sendingStatus: 'failed', sendingError: 'ServerFileUploadUnknownError' },
  ]);
  expect(alice.client.sysManage.resendMessage(mid)).toBe(true);
  expect(alice.client.sysManage.resendMessage(mid)).toBe(false);
  const { attach } = await bob.events.next('onRosterMessage');
  sameBytes(await receivedBytes(bob, attach), bytes);
  await until(() => alice.client.sysManage.getSendingMessages(bob.id, 'roster').length === 0, 'the message to be sent');
});

test('a refused upload target fails the message', async () => {
  const { world, alice, bob } = await pair();
  world.server.admin.failRest({ path: '/file/upload/chat', code: 10010 });
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: new Blob(['x']) });
  const { error } = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed');
  expect(error?.reason).toBe('UserPermissionDenied');
});

test('a message without a connection waits for one', async () => {
  const { world, alice, bob } = await pair();
  alice.client.disConnect();
  const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: new Blob(['waiting']) });
  await alice.events.next('onSendingMessageStatusChanged');
  await quiet(50);
  expect(alice.events.all('onUploadProgress')).toEqual([]);
  await alice.client.tokenLogin(alice.id, alice.client.userManage.getToken()!);
  expect(await bob.events.next('onRosterMessage')).toMatchObject({ type: 'file' });
  expect(world.server.admin.receivedRequests().some(({ path }) => path === '/file/upload/chat')).toBe(true);
  const sent = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
  expect(sent.mid).toBe(mid);
});

test('ten files at once with interrupted uploads all arrive, each once', async () => {
  const { world, alice, bob } = await pair();
  world.server.admin.cutTransfer({ direction: 'up', afterBytes: 10_000, count: 4 });
  const files = Array.from({ length: 10 }, (_, index) => bytesOf(30_000 + index));
  for (const bytes of files) alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: bytes });
  const received = await bob.events.count('onRosterMessage', 10);
  const sizes = received.map(({ attach }) => Number(attach?.fLen)).sort((a, b) => a - b);
  expect(sizes).toEqual(files.map(({ length }) => length));
});
