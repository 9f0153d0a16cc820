import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { CONTENT, TEXT, download, form, put, target, textOf, uploaded } from './file-client.ts';
import type { Upload } from './file-client.ts';
import { pngOf } from '../../support/png.ts';
import { APP_ID, startRoom } from './harness.ts';

test('sender and receiver download an uploaded file', async () => {
  const room = await startRoom();
  const { alice, bob, url } = await uploaded(room);
  for (const who of [alice, bob]) {
    for (const query of ['', '&image_type=2&thumbnail_strategy=1&w=100&h=100']) {
      const response = await download(url, who, query);
      expect(response.headers.get('content-type')).toBe('image/png');
      expect(response.headers.get('content-length')).toBe(String(CONTENT.length));
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(await textOf(response)).toBe(TEXT);
    }
  }
  const { code, body } = room.server.admin.receivedRequests().find(({ path }) => path.startsWith('/upload/'))!;
  expect({ code, body }).toEqual({
    code: 200,
    body: { fields: {}, file: { name: 'a.png', contentType: 'image/png', size: CONTENT.length } },
  });
});

test('a refused download is answered with an envelope', async () => {
  const room = await startRoom();
  const { bob, url } = await uploaded(room);
  const carol = await room.user('carol');
  const refusal = async (response: Response): Promise<unknown> => {
    expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringContaining('json')]);
    return ((await response.json()) as { code: number }).code;
  };
  expect(await refusal(await download(url, carol))).toBe(10010);
  expect(await refusal(await download(`${url}x`, bob))).toBe(10002);
  expect(await refusal(await download(url, bob, '&image_type=4'))).toBe(10002);
  expect(await refusal(await download(url, { ...bob, token: 'nonsense' }))).toBe(10008);
  expect(await refusal(await fetch(`${url}&app_id=${APP_ID}`))).toBe(10003);
  const empty = await target(bob, carol);
  expect(await refusal(await download(empty.download_url, bob))).toBe(10009);
});

test('a file is forwarded under another name', async () => {
  const room = await startRoom();
  const { bob, url } = await uploaded(room);
  const carol = await room.user('carol');
  const [, sign] = url.split('sign=');
  // The token stands in the query, as deployed clients have it.
  const query = { file_sign: sign!, to_id: carol.id, to_type: 1, 'access-token': bob.token };
  const { data } = await room.rest('/file/upload/forward', { query });
  expect(data).toMatch(/\/file\/download\/chat\?file_sign=[^=&]+$/);
  expect(data).not.toBe(url);
  expect(await textOf(await download(data, carol))).toBe(TEXT);
});

test('only members can read a file in a group', async () => {
  const room = await startRoom();
  const [alice, bob, carol] = [await room.user('alice'), await room.user('bob'), await room.user('carol')];
  const { group_id } = (await alice.post('/group/create', { name: 'g', user_list: [bob.id] })).data;
  const upload: Upload = (await alice.get('/file/upload/chat', { file_type: 200, to_id: group_id })).data;
  await put(upload, form(upload));
  expect((await download(upload.download_url, bob)).headers.get('content-type')).toBe('image/png');
  expect(await (await download(upload.download_url, carol)).json()).toMatchObject({ code: 10010 });
  await alice.post('/group/invite', { group_id, user_list: [carol.id] });
  expect(await textOf(await download(upload.download_url, carol))).toBe(TEXT);
});

test('everyone can read avatars', async () => {
  const room = await startRoom();
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const upload: Upload = (await alice.get('/file/upload/avatar/user')).data;
  await put(upload, form(upload));
  const [, name] = upload.download_url.split('object_name=');
  await alice.post('/user/avatar', { avatar: name });
  const { avatar } = (await bob.get('/roster/id', { user_id: alice.id })).data;
  const url = `${room.server.url}/file/download/avatar?object_name=${avatar}`;
  expect(await textOf(await download(url, bob, '&image_type=2'))).toBe(TEXT);
});

test('the content type is that of the upload or a likely one; `format` renames voice; a video has a cover', async () => {
  const room = await startRoom();
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const typeOf = async (fileType: number, name: string, type: string, query = ''): Promise<string | null> => {
    const upload = await target(alice, bob, fileType);
    await put(upload, form(upload, new Blob(['x'], { type }), name));
    return (await download(upload.download_url, bob, query)).headers.get('content-type');
  };
  expect(await typeOf(100, 'a.bin', '')).toBe('application/octet-stream');
  expect(await typeOf(100, 'a.pdf', '')).toBe('application/pdf');
  expect(await typeOf(100, 'a.csv', 'text/csv')).toBe('text/csv');
  expect(await typeOf(101, 'blob', '')).toBe('audio/amr');
  expect(await typeOf(101, 'a.amr', 'audio/amr', '&format=mp3')).toBe('audio/mpeg');
  expect(await typeOf(104, 'blob', '')).toBe('audio/mpeg');
  expect(await typeOf(102, 'blob', '')).toBe('image/jpeg');
  expect(await typeOf(103, 'blob', '')).toBe('video/mp4');
  expect(await typeOf(103, 'blob', 'video/mp4', '&image_type=3')).toBe('image/png');
});

test('with `oss` an upload has the object store’s fields and answer', async () => {
  const room = await startRoom();
  room.server.admin.setTransfers({ uploads: 'oss' });
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const upload = await target(alice, bob);
  expect(Object.keys(upload.oss_body_param)).toEqual(['OSSAccessKeyId', 'policy', 'signature', 'callback', 'key']);
  expect(await put(upload, form({ ...upload, oss_body_param: {} }))).toMatchObject({ code: 10009 });
  const late = form(upload);
  late.delete('key');
  late.append('key', upload.oss_body_param['key']!);
  expect(await put(upload, late)).toMatchObject({ code: 10009 });
  expect(await put(upload, form(upload))).toEqual({ Status: 'OK' });
  expect(await textOf(await download(upload.download_url, bob))).toBe(TEXT);
});

test('an upload target may require PUT', async () => {
  const room = await startRoom();
  room.server.admin.setTransfers({ uploads: 'put' });
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const upload = await target(alice, bob);
  expect(upload.upload_method).toBe('PUT');
  expect(await put({ ...upload, upload_method: 'POST' }, form(upload))).toMatchObject({ code: 10009 });
  expect(await put(upload, new Blob([CONTENT], { type: 'image/gif' }))).toEqual({ code: 200, data: true });
  expect((await download(upload.download_url, bob)).headers.get('content-type')).toBe('image/gif');
});

test('a file may be larger than the limit of JSON bodies', { timeout: 20_000 }, async () => {
  const room = await startRoom();
  room.server.admin.setTransfers({ uploads: 'put' });
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const upload = await target(alice, bob);
  const size = 17 * 1024 * 1024;
  expect(await put(upload, new Blob([new Uint8Array(size)]))).toMatchObject({ code: 200 });
  const head = await download(upload.download_url, bob, '', { method: 'HEAD' });
  expect(head.headers.get('content-length')).toBe(String(size));
});

test('a page of any origin may upload', async () => {
  const room = await startRoom();
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const { upload_url } = await target(alice, bob);
  const asked = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'app_id,access-token' };
  const preflight = await fetch(upload_url, { method: 'OPTIONS', headers: { origin: 'http://page', ...asked } });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
  expect(preflight.headers.get('access-control-allow-headers')).toContain('app_id, access-token');
  const refused = await fetch(upload_url, { method: 'POST', headers: { origin: 'http://page' }, body: 'text' });
  expect(refused.headers.get('access-control-allow-origin')).toBe('*');
});

test('an upload without a form, without a target or with too many bytes is refused', async () => {
  const room = await startRoom({ maxFileBytes: 50_000 });
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const upload = await target(alice, bob);
  expect(await put(upload, 'text')).toMatchObject({ code: 10009 });
  expect(await put({ ...upload, upload_url: `${upload.upload_url}x` }, form(upload))).toMatchObject({ code: 10009 });
  expect(await put(upload, form(upload))).toMatchObject({ code: 10009, message: expect.stringContaining('50000') });
  expect(await put(upload, form(upload, new Blob(['small'])))).toMatchObject({ code: 200 });
  expect(await textOf(await download(upload.download_url, bob))).toBe('small');
});

test('an upload with the wrong content type is refused', async () => {
  const room = await startRoom();
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const answerTo = async (fileType: number, type: string): Promise<unknown> => {
    const upload = await target(alice, bob, fileType);
    return put(upload, form(upload, new Blob(['x'], { type }), 'a'));
  };
  for (const [fileType, type] of [
    [102, 'text/html'],
    [202, 'video/mp4'],
    [103, 'image/png'],
    [203, 'audio/amr'],
    [101, 'image/png'],
    [104, 'application/pdf'],
    [201, 'text/plain'],
  ] as const) {
    expect(await answerTo(fileType, type)).toMatchObject({ code: 10009, message: expect.stringContaining(type) });
  }
  for (const [fileType, type] of [
    [100, 'text/html'],
    [102, ''],
    [102, 'application/octet-stream'],
    [101, 'audio/amr'],
    [101, 'video/webm'],
    [104, 'audio/mpeg'],
  ] as const) {
    expect(await answerTo(fileType, type)).toMatchObject({ code: 200 });
  }
});

test('an upload target for an unknown file type or an unknown receiver is refused', async () => {
  const room = await startRoom();
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  expect(await alice.get('/file/upload/chat', { file_type: 105, to_id: bob.id, to_type: 1 })).toMatchObject({
    code: 10002,
    message: expect.stringContaining('file_type'),
  });
  expect((await alice.get('/file/upload/chat', { file_type: 100, to_id: 7, to_type: 1 })).code).not.toBe(200);
});

test('a damaged picture is its own thumbnail', async () => {
  const room = await startRoom();
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const header = '89504e470d0a1a0a0000000d4948445200001000000010000806000000';
  for (const hex of [header, `${header}00000000`, `${header}000000000000000449444154ffffffff00000000`]) {
    const bytes = Buffer.from(hex, 'hex');
    const upload = await target(alice, bob);
    await put(upload, form(upload, new Blob([bytes], { type: 'image/png' })));
    expect(await textOf(await download(upload.download_url, bob, '&image_type=2'))).toBe(bytes.toString('latin1'));
  }
});

test('a PNG has a thumbnail of 240 pixels; a smaller one is its own thumbnail', async () => {
  const room = await startRoom();
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const thumbnailOf = async (png: Buffer): Promise<Buffer> => {
    const upload = await target(alice, bob);
    await put(upload, form(upload, new Blob([new Uint8Array(png)], { type: 'image/png' })));
    return Buffer.from(await (await download(upload.download_url, bob, '&image_type=2')).arrayBuffer());
  };
  const { width, height, data } = PNG.sync.read(await thumbnailOf(pngOf(960, 480)));
  expect([width, height]).toEqual([240, 120]);
  // The picture is a ramp: red grows to the right, green downwards.
  const pixel = (x: number, y: number): number[] => [...data.subarray((y * 240 + x) * 4, (y * 240 + x) * 4 + 4)];
  expect(pixel(0, 0)).toEqual([0, 0, 128, 255]);
  expect(pixel(120, 60)).toEqual([127, 127, 128, 255]);
  expect(PNG.sync.read(await thumbnailOf(pngOf(960, 480, 3)))).toMatchObject({ width: 240, height: 120 });
  const small = pngOf(100, 50);
  expect(await thumbnailOf(small)).toEqual(small);
});
