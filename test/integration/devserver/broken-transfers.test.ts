import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CONTENT, TEXT, download, form, put, target, textOf, uploaded } from './file-client.ts';
import { startRoom } from './harness.ts';

test('a part of a file can be requested, unless ranges are switched off', async () => {
  const room = await startRoom();
  const { bob, url } = await uploaded(room);
  const part = (range: string): Promise<Response> => download(url, bob, '', { headers: { range } });
  const size = CONTENT.length;
  for (const [range, start, end] of [
    ['bytes=0-9', 0, 9],
    ['bytes=60000-', 60_000, size - 1],
    [`bytes=90000-${size + 5}`, 90_000, size - 1],
    ['bytes=-10', size - 10, size - 1],
  ] as const) {
    const response = await part(range);
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/${size}`);
    expect(await textOf(response)).toBe(TEXT.slice(start, end + 1));
  }
  expect((await part(`bytes=${size}-`)).status).toBe(416);
  expect((await part('lines=1-2')).status).toBe(200);
  room.server.admin.setTransfers({ ranges: false });
  const whole = await part('bytes=10-');
  expect([whole.status, whole.headers.get('accept-ranges')]).toEqual([200, null]);
  expect(await textOf(whole)).toBe(TEXT);
});

test('an upload that ends in the middle leaves nothing; the same target can be used again', async () => {
  const room = await startRoom();
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const upload = await target(alice, bob);
  room.server.admin.cutTransfer({ direction: 'up', afterBytes: 20_000 });
  await expect(put(upload, form(upload))).rejects.toThrow();
  // The client may also cancel it, here while the server reads slowly.
  room.server.admin.setTransfers({ bytesPerSecond: 50_000 });
  const cancelled = put(upload, form(upload), AbortSignal.timeout(100));
  await expect(cancelled).rejects.toThrow();
  room.server.admin.clearFaults();
  expect(await (await download(upload.download_url, bob)).json()).toMatchObject({ code: 10009 });
  expect(await put(upload, form(upload))).toMatchObject({ code: 200 });
  expect(await textOf(await download(upload.download_url, bob))).toBe(TEXT);
});

test('a download is cut after a number of bytes and continues from there', async () => {
  const room = await startRoom();
  const { bob, url } = await uploaded(room);
  room.server.admin.cutTransfer({ direction: 'down', afterBytes: 30_000 });
  const response = await download(url, bob);
  const got: Uint8Array[] = [];
  await expect(
    (async () => {
      for await (const chunk of response.body!) got.push(chunk);
    })(),
  ).rejects.toThrow();
  const first = Buffer.concat(got).toString('latin1');
  expect(first).toBe(TEXT.slice(0, 30_000));
  const rest = await download(url, bob, '', { headers: { range: `bytes=${first.length}-` } });
  expect(first + (await textOf(rest))).toBe(TEXT);
});

test('transfers are as slow as configured', async () => {
  const room = await startRoom();
  const { alice, bob, url } = await uploaded(room);
  room.server.admin.setTransfers({ bytesPerSecond: 500_000 });
  const upload = await target(alice, bob);
  const timed = async (run: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await run();
    return performance.now() - start;
  };
  expect(await timed(() => put(upload, form(upload)))).toBeGreaterThan(150);
  expect(await timed(async () => textOf(await download(url, bob)))).toBeGreaterThan(150);
});

test('failRest fails an upload and a download like any request', async () => {
  const room = await startRoom();
  const { alice, bob, url } = await uploaded(room);
  room.server.admin.failRest({ path: '/file/download/*', httpStatus: 503 });
  expect((await download(url, bob)).status).toBe(503);
  const upload = await target(alice, bob);
  room.server.admin.failRest({ path: '/upload/*', httpStatus: 500, code: 500 });
  expect(await put(upload, form(upload))).toMatchObject({ code: 500 });
  expect(await put(upload, form(upload))).toMatchObject({ code: 200 });
});

test('the server closes while transfers hang', async () => {
  const room = await startRoom();
  const { alice, bob, url } = await uploaded(room);
  room.server.admin.setTransfers({ bytesPerSecond: 100 });
  const upload = await target(alice, bob);
  const hanging = [put(upload, form(upload)), download(url, bob).then(textOf)].map((one) => one.catch(() => 'ended'));
  const half = connect(room.server.port, '127.0.0.1');
  half.on('error', () => undefined);
  await once(half, 'connect');
  half.write('POST /upload/a/b HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc');
  // The server shows no sign of an upload before all of it has arrived.
  await sleep(50);
  await room.server.close();
  expect(await Promise.all(hanging)).toEqual(['ended', 'ended']);
  half.destroy();
});
