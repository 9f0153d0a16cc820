import { afterEach, expect, test } from 'vitest';
import type { TransferProgress } from '../../src/entries/browser.ts';
import { bytesOf, sameBytes } from '../support/file-bytes.ts';
import { admin, create, pair, received, useFaultyServer } from './people.ts';

useFaultyServer('files');

afterEach(async () => {
  await admin('setTransfers');
});

test.each([
  ['form', 1024],
  ['oss', 2_000_000],
  ['put', 2_000_000],
  ['form', 50 * 1024 * 1024],
] as const)(
  'a message with a file by %s, %i bytes',
  async (uploads, size) => {
    await admin('setTransfers', { uploads });
    const { alice, bob } = await pair();
    const bytes = bytesOf(size);
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: new File([bytes], 'a.png', { type: 'image/png' }) });
    await alice.events.next('onSendingMessageStatusChanged');
    const [shown] = alice.client.sysManage.getSendingMessages(bob.id, 'roster');
    expect(shown).toMatchObject({ type: 'image', attach: { dName: 'a.png', fLen: size } });
    sameBytes((await received(bob)).bytes, bytes);
    const percents = alice.events.all('onUploadProgress').map(({ percent }) => percent);
    expect(percents.at(-1)).toBe(100);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
  },
  90_000,
);

test('a reload in the middle of an upload goes on from IndexedDB', async () => {
  const { appid, alice, bob } = await pair();
  const bytes = bytesOf(3_500_000);
  await admin('setTransfers', { bytesPerSecond: 200_000 });
  const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: new Blob([bytes]) });
  await alice.events.next('onUploadProgress');
  const stored = async (): Promise<number> => (await chunksOf(`flooim.${appid}.${alice.id}.files`)).length;
  const patience = { interval: 20, timeout: 20_000 };
  await expect.poll(stored, patience).toBeGreaterThanOrEqual(4);
  await alice.client.dispose();
  await admin('setTransfers');

  localStorage.setItem(`flooim.${appid}.uid`, String(alice.id));
  sessionStorage.setItem(`flooim.${appid}.uid`, String(alice.id));
  const next = create(appid);
  await next.events.next('recentlistUpdate');
  expect(next.client.sysManage.getSendingMessages(bob.id, 'roster')).toMatchObject([{ progress: 0 }]);
  sameBytes((await received(bob)).bytes, bytes);
  expect(await next.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent')).toMatchObject({
    mid,
  });
  await expect.poll(stored, patience).toBe(0);
});

test('a transfer that is cut in the middle completes, up and down', async () => {
  const { alice, bob } = await pair();
  const bytes = bytesOf(3_000_000);
  await admin('cutTransfer', { direction: 'up', afterBytes: 1_000_000, count: 2 });
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: new Blob([bytes]) });
  const { url } = await received(bob);
  await admin('cutTransfer', { direction: 'down', afterBytes: 1_000_000, count: 2 });
  const progress: number[] = [];
  const file = await bob.client.sysManage.asyncFileDownload({
    url,
    processCallback: ({ loaded }: TransferProgress) => progress.push(loaded),
  });
  sameBytes(new Uint8Array(await file.arrayBuffer()), bytes);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
});

test('a transfer can be cancelled and refused', async () => {
  const { appid, alice, bob } = await pair();
  await admin('setTransfers', { bytesPerSecond: 300_000 });
  const file = new Blob([bytesOf(8_000_000)]);
  const { sysManage } = alice.client;
  const mid = sysManage.sendRosterMessage({ uid: bob.id, file });
  await alice.events.next('onUploadProgress');
  expect(await sysManage.discardMessage(mid)).toBe(true);
  expect(sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
  const upload = { toType: 'rosterAvatar', file } as const;
  const controller = new AbortController();
  const cancelled = sysManage.asyncFileUpload({
    ...upload,
    signal: controller.signal,
    processCallback: () => controller.abort(),
  });
  await expect(cancelled).rejects.toMatchObject({ reason: 'UserCancel' });
  await admin('setTransfers');
  // Each upload is tried twice, with a new address the second time.
  const refuseOneUpload = { path: `/upload/${appid}/*`, code: 10009, message: 'no room', count: 2 };
  await admin('failRest', refuseOneUpload);
  await expect(sysManage.asyncFileUpload({ ...upload, file: new Blob(['x']) })).rejects.toMatchObject({
    reason: 'ServerFileUploadUnknownError',
    rawMessage: 'no room',
  });
  await admin('failRest', refuseOneUpload);
  const refused = sysManage.sendRosterMessage({ uid: bob.id, file: new Blob(['again']) });
  const { error } = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed');
  expect(error?.rawMessage).toBe('no room');
  expect(sysManage.resendMessage(refused)).toBe(true);
  expect(new TextDecoder().decode((await received(bob)).bytes)).toBe('again');
});

/** Keys of the kept files, read with plain IndexedDB. */
async function chunksOf(database: string): Promise<string[]> {
  const opening = indexedDB.open(database);
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error!);
  });
  try {
    if (!db.objectStoreNames.contains('kv')) return [];
    const reading = db.transaction('kv').objectStore('kv').getAllKeys();
    return await new Promise((resolve, reject) => {
      reading.onsuccess = () => resolve(reading.result as string[]);
      reading.onerror = () => reject(reading.error!);
    });
  } finally {
    db.close();
  }
}
