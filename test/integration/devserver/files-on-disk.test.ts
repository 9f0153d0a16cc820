import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TEXT, download, form, put, target, textOf, uploaded } from './file-client.ts';
import type { Upload } from './file-client.ts';
import { startRoom } from './harness.ts';
import type { TestUser } from './harness.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'flooim-'));
  onTestFinished(async () => rm(path, { recursive: true, force: true }));
  return path;
}

/** The same address at another server. */
const at = (base: string, url: string): string => base + new URL(url).pathname + new URL(url).search;

test('after a restart the same users can read an uploaded file', async () => {
  const dataDir = await folder();
  const room = await startRoom({ dataDir });
  const { alice, bob, url } = await uploaded(room);
  const carol = await room.user('carol');
  const { data: forwarded } = await bob.get('/file/upload/forward', {
    file_sign: url.split('sign=')[1]!,
    to_id: carol.id,
    to_type: 1,
  });
  const avatar: Upload = (await alice.get('/file/upload/avatar/user')).data;
  await put(avatar, form(avatar));
  const unfinished = await target(alice, bob);
  await room.server.close();

  const next = await startRoom({ dataDir });
  const again = async (address: string, who: TestUser): Promise<Response> =>
    download(at(next.server.url, address), who);
  expect(await textOf(await again(url, bob))).toBe(TEXT);
  expect((await again(url, bob)).headers.get('content-type')).toBe('image/png');
  expect(await (await again(url, carol)).json()).toMatchObject({ code: 10010 });
  expect(await textOf(await again(forwarded, carol))).toBe(TEXT);
  expect(await textOf(await again(avatar.download_url, carol))).toBe(TEXT);
  // What was not uploaded before can be uploaded now.
  expect(await (await again(unfinished.download_url, bob)).json()).toMatchObject({ code: 10009 });
  expect(
    await put({ ...unfinished, upload_url: at(next.server.url, unfinished.upload_url) }, form(unfinished)),
  ).toMatchObject({ code: 200 });
  expect(await textOf(await again(unfinished.download_url, bob))).toBe(TEXT);
});

test('the disk has only complete files, a range is read from it, and reset empties it', async () => {
  const dataDir = await folder();
  const room = await startRoom({ dataDir });
  const { bob, url } = await uploaded(room);
  const dave = await room.user('dave');
  room.server.admin.cutTransfer({ direction: 'up', afterBytes: 20_000 });
  const upload = await target(dave, bob);
  await expect(put(upload, form(upload))).rejects.toThrow();
  const files = join(dataDir, 'files', 'app-welovemaxim');
  expect(await readdir(files)).toHaveLength(1);
  const part = await download(url, bob, '', { headers: { range: 'bytes=1000-1999' } });
  expect([part.status, await textOf(part)]).toEqual([206, TEXT.slice(1000, 2000)]);
  room.server.admin.reset();
  expect(await readdir(dataDir)).toEqual(['records']);
  await room.user('erin');
  expect(await (await download(url, await room.user('frank'))).json()).toMatchObject({ code: 10002 });
});

test('an app’s name stays inside the folder', async () => {
  const dataDir = await folder();
  const room = await startRoom({ dataDir });
  for (const appId of ['..', '../..', 'a/b', '.']) room.server.data.app(appId);
  expect((await readdir(join(dataDir, 'files'))).sort()).toEqual(['app-.', 'app-..', 'app-..%2F..', 'app-a%2Fb']);
  expect((await readdir(dataDir)).sort()).toEqual(['files', 'records']);
});
