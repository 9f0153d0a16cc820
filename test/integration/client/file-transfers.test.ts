import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FileUpload } from '../../../src/managers/file-transfers.ts';
import type { TransferProgress } from '../../../src/model/file.ts';
import { quiet, until } from '../../support/client-events.ts';
import { createDevice } from '../../support/client-device.ts';
import { startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';
import { startHostileServer } from '../../support/hostile-server.ts';
import { bytesOf, sameBytes } from '../../support/file-bytes.ts';

async function create(): Promise<{ world: World; alice: Member; bob: Member; sys: Member['client']['sysManage'] }> {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  return { world, alice, bob, sys: alice.client.sysManage };
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'flooim-'));
  onTestFinished(async () => rm(path, { recursive: true }));
  return path;
}

const forBob = (bob: Member, file: unknown, more: Partial<FileUpload> = {}): FileUpload => ({
  ...{ toType: 'chat', fileType: 'file', chatType: 'roster', to_id: bob.id, file },
  ...more,
});

const bytesIn = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());

/** The URLs that were called, in order, with their method. */
const asked = (world: World, path: string): ReturnType<World['server']['admin']['receivedRequests']> =>
  world.server.admin.receivedRequests().filter((request) => request.path.startsWith(path));

describe('uploads', () => {
  test.each([
    ['file', 100],
    ['audio', 101],
    ['image', 102],
    ['video', 103],
    ['audio-mp3', 104],
    ['shareFile', 200],
    ['shareAudio', 201],
    ['shareImage', 202],
    ['shareVideo', 203],
  ] as const)('%s is file type %i; to a group', async (fileType, number) => {
    const { world, alice, bob, sys } = await create();
    const gid = world.group(alice, bob);
    const { url } = await sys.asyncFileUpload({
      toType: 'chat',
      fileType,
      chatType: 'group',
      to_id: gid,
      file: new Blob(['x']),
    });
    expect(asked(world, '/file/upload/chat')).toMatchObject([
      { query: { file_type: String(number), to_id: String(gid), to_type: '2' } },
    ]);
    expect(await (await bob.client.sysManage.asyncFileDownload({ url })).text()).toBe('x');
  });

  test.each(['form', 'oss', 'put'] as const)('by %s, with progress, name and type', async (uploads) => {
    const { world, bob, sys } = await create();
    world.server.admin.setTransfers({ uploads });
    const bytes = bytesOf(1_000_000);
    const progresses: TransferProgress[] = [];
    const file = new File([bytes], 'a "b".png', { type: 'image/png' });
    const { url } = await sys.asyncFileUpload(
      forBob(bob, file, { processCallback: (progress) => progresses.push(progress) }),
    );
    expect(progresses.length).toBeGreaterThan(3);
    expect(progresses.at(-1)).toEqual({ loaded: 1_000_000, total: 1_000_000 });
    const back = await bob.client.sysManage.asyncFileDownload({ url });
    expect(back.type).toBe('image/png');
    sameBytes(await bytesIn(back), bytes);
  });

  test('a path, and bytes', async () => {
    const { bob, sys } = await create();
    const path = join(await folder(), 'a.bin');
    const bytes = bytesOf(200_000);
    await writeFile(path, bytes);
    for (const file of [path, bytes, Buffer.from(bytes)]) {
      const { url } = await sys.asyncFileUpload(forBob(bob, file));
      sameBytes(await bytesIn(await bob.client.sysManage.asyncFileDownload({ url })), bytes);
    }
    await expect(sys.asyncFileUpload(forBob(bob, `${path}x`))).rejects.toMatchObject({ reason: 'InvalidParam' });
    await expect(sys.asyncFileUpload(forBob(bob, 7))).rejects.toMatchObject({ reason: 'InvalidParam' });
  });

  test('interrupted three times succeed with the fourth try; a fourth interruption fails', async () => {
    const { world, bob, sys } = await create();
    world.server.admin.cutTransfer({ direction: 'up', afterBytes: 20_000, count: 3 });
    const bytes = bytesOf(300_000);
    const { url } = await sys.asyncFileUpload(forBob(bob, new Blob([bytes])));
    sameBytes(await bytesIn(await bob.client.sysManage.asyncFileDownload({ url })), bytes);
    expect(asked(world, '/file/upload/chat')).toHaveLength(1);
    world.server.admin.cutTransfer({ direction: 'up', afterBytes: 20_000, count: 4 });
    await expect(sys.asyncFileUpload(forBob(bob, new Blob([bytes])))).rejects.toMatchObject({
      reason: 'ServerNotReachable',
    });
  });

  test('that make no progress are given up', async () => {
    const world = await startWorld();
    const { client } = await world.member('alice', { requestTimeoutMs: 400 });
    world.server.admin.failRest({ path: '/upload/*', hang: true, count: 4 });
    await expect(
      client.sysManage.asyncFileUpload({ toType: 'rosterAvatar', file: new Blob(['x']) }),
    ).rejects.toMatchObject({ reason: 'ServerTimeOut' });
  }, 20_000);

  test('are cancelled by a signal, also by one of our own implementation', async () => {
    const { world, bob, sys } = await create();
    world.server.admin.setTransfers({ bytesPerSecond: 300_000 });
    const file = new Blob([bytesOf(3_000_000)]);
    const controller = new AbortController();
    const begun = { processCallback: () => controller.abort() };
    await expect(sys.asyncFileUpload(forBob(bob, file, { ...begun, signal: controller.signal }))).rejects.toMatchObject(
      {
        reason: 'UserCancel',
      },
    );
    const listeners: (() => void)[] = [];
    const signal = { aborted: false, addEventListener: (_: 'abort', run: () => void) => void listeners.push(run) };
    const upload = sys.asyncFileUpload(
      forBob(bob, file, { signal, processCallback: () => listeners.forEach((run) => run()) }),
    );
    await expect(upload).rejects.toMatchObject({ reason: 'UserCancel' });
  });

  test('are refused with the server’s code and text', async () => {
    const { world, bob, sys } = await create();
    world.server.admin.failRest({ path: '/upload/*', httpStatus: 403, code: 10009, message: 'no room', count: 2 });
    await expect(sys.asyncFileUpload(forBob(bob, new Blob(['x'])))).rejects.toMatchObject({
      reason: 'ServerFileUploadUnknownError',
      code: 10009,
      rawMessage: 'no room',
    });
    expect(asked(world, '/upload')).toHaveLength(2);
    // A group's avatar needs a group: it must not become one's own.
    await expect(sys.asyncFileUpload({ toType: 'groupAvatar', file: new Blob(['x']) })).rejects.toMatchObject({
      reason: 'InvalidFileUploadToType',
    });
    await expect(sys.asyncFileUpload({ ...forBob(bob, new Blob(['x'])), to_id: undefined! })).rejects.toMatchObject({
      reason: 'InvalidParam',
    });
  });
});

describe('downloads', () => {
  async function uploaded(size: number): Promise<{ world: World; bob: Member; bytes: Uint8Array; url: string }> {
    const { world, bob, sys } = await create();
    const bytes = bytesOf(size);
    const { url } = await sys.asyncFileUpload(forBob(bob, new Blob([bytes])));
    return { world, bob, bytes, url };
  }

  test('continue where they were after each interruption', async () => {
    const { world, bob, bytes, url } = await uploaded(400_000);
    world.server.admin.cutTransfer({ direction: 'down', afterBytes: 70_000, count: 5 });
    const progresses: number[] = [];
    const processCallback = ({ loaded, total }: TransferProgress): void => {
      expect(total).toBe(400_000);
      progresses.push(loaded);
    };
    sameBytes(await bytesIn(await bob.client.sysManage.asyncFileDownload({ url, processCallback })), bytes);
    expect(progresses).toEqual([...progresses].sort((a, b) => a - b));
    expect(progresses.at(-1)).toBe(400_000);
    expect(asked(world, '/file/download/chat')).toHaveLength(6);
  });

  test('from a server without ranges start again', async () => {
    const { world, bob, bytes, url } = await uploaded(400_000);
    world.server.admin.setTransfers({ ranges: false });
    world.server.admin.cutTransfer({ direction: 'down', afterBytes: 70_000, count: 2 });
    sameBytes(await bytesIn(await bob.client.sysManage.asyncFileDownload({ url })), bytes);
  });

  test('to a path create the file only when it is complete', async () => {
    const { world, bob, bytes, url } = await uploaded(400_000);
    const directory = await folder();
    const path = join(directory, 'b.bin');
    world.server.admin.cutTransfer({ direction: 'down', afterBytes: 70_000, count: 4 });
    let early = 0;
    const processCallback = ({ loaded }: TransferProgress): void => {
      if (loaded < 300_000) early++;
    };
    const file = await bob.client.sysManage.asyncFileDownload({ url, path, processCallback });
    expect(early).toBeGreaterThan(0);
    sameBytes(new Uint8Array(await readFile(path)), bytes);
    sameBytes(await bytesIn(file), bytes);
    expect(await readdir(directory)).toEqual(['b.bin']);
    // A refusal is not written to a file.
    world.server.admin.failRest({ path: '/file/download/chat', httpStatus: 500 });
    await expect(bob.client.sysManage.asyncFileDownload({ url, path: join(directory, 'c') })).rejects.toMatchObject({
      reason: 'ServerFileDownloadUnknownError',
    });
    expect(await readdir(directory)).toEqual(['b.bin']);
  });

  test('of 50 MB survive an interruption', async () => {
    const { world, bob, bytes, url } = await uploaded(50 * 1024 * 1024);
    world.server.admin.cutTransfer({ direction: 'down', afterBytes: 20_000_000 });
    sameBytes(await bytesIn(await bob.client.sysManage.asyncFileDownload({ url })), bytes);
  }, 60_000);

  test('cancelled, refused, forwarded and for others', async () => {
    const { world, bob, url } = await uploaded(400_000);
    world.server.admin.setTransfers({ bytesPerSecond: 100_000 });
    const controller = new AbortController();
    const download = bob.client.sysManage.asyncFileDownload({ url, signal: controller.signal });
    const rejected = expect(download).rejects.toMatchObject({ reason: 'UserCancel' });
    await until(
      () => world.server.admin.receivedRequests().some(({ path }) => path === '/file/download/chat'),
      'the download to reach the server',
    );
    controller.abort();
    await rejected;
    world.server.admin.clearFaults();
    const eve = await world.member('eve');
    await expect(eve.client.sysManage.asyncFileDownload({ url })).rejects.toMatchObject({
      reason: 'UserPermissionDenied',
      code: 10010,
    });
    await expect(bob.client.sysManage.asyncFileDownload({ url: `${url}x` })).rejects.toMatchObject({
      reason: 'InvalidFileSign',
    });
    const forwarded = bob.client.sysManage.forwardMessage({
      uid: eve.id,
      message: { content: '', type: 'file', attach: { url: `${url}x` } },
    });
    await expect(forwarded).rejects.toMatchObject({ reason: 'InvalidFileSign' });
    const message = { content: '', type: 'file' as const, attach: { url } };
    await bob.client.sysManage.forwardMessage({ uid: eve.id, message });
    const { attach } = await eve.events.next('onRosterMessage');
    expect((await eve.client.sysManage.asyncFileDownload({ url: String(attach?.url) })).size).toBe(400_000);
  });

  test('a voice message as MP3; an empty URL is an empty answer', async () => {
    const { world, alice, bob } = await create();
    const file = new File(['voice'], 'a.amr', { type: 'audio/amr' });
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, file, attachment: { duration: 3 } });
    const { type, attach } = await bob.events.next('onRosterMessage');
    expect([type, attach?.duration]).toEqual(['audio', 3]);
    const audio = await bob.client.sysManage.downloadAudio({ url: String(attach?.url) });
    expect(await (audio as Blob).text()).toBe('voice');
    expect(asked(world, '/file/download/chat')).toMatchObject([{ query: { format: 'mp3' } }]);
    expect(await bob.client.sysManage.downloadAudio({ url: '' })).toBe('');
  });

  test('of a JSON file are files, not refusals', async () => {
    const { bob, sys } = await create();
    const file = new File(['{"code":10010}'], 'a.json', { type: 'application/json' });
    const { url } = await sys.asyncFileUpload(forBob(bob, file));
    expect(await (await bob.client.sysManage.asyncFileDownload({ url })).text()).toBe('{"code":10010}');
  });
});

test('a foreign server learns nothing: neither query, nor header, nor cookie', async () => {
  const { world, alice } = await create();
  const seen: { url: string; headers: object; body: string }[] = [];
  const host = await world.http((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
    request.on('end', () => {
      seen.push({ url: request.url!, headers: request.headers, body });
      response.setHeader('set-cookie', 'tracked=1').end('{"code":200,"data":true}');
    });
  });
  const hostile = [
    `http://${host}/a.png`,
    `http://${host}/a.png?next=${encodeURIComponent(alice.client.baseUrl!)}`,
    `http://${host}/${alice.client.baseUrl!}/file`,
  ];
  for (const url of [...hostile, ...hostile]) {
    await alice.client.sysManage.asyncFileDownload({ url });
    await alice.client.sysManage.asyncFileDownload({ url: alice.client.sysManage.getImage({ avatar: url }) });
    await alice.client.sysManage.downloadAudio({ url });
  }
  const token = alice.client.userManage.getToken()!;
  expect(seen.length).toBe(18);
  for (const { url, headers } of seen) {
    expect(JSON.stringify([url, headers])).not.toContain(token);
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining([expect.stringMatching(/token|app_id|cookie/)]));
    expect(url).not.toMatch(/app_id|token/);
  }
});

test.each(['POST', 'PUT'] as const)(
  'an object store that takes a file by %s learns nothing of the user',
  async (method) => {
    const world = await startWorld();
    const store = await startHostileServer();
    world.cleanup(async () => store.stop());
    const device = createDevice();
    const { http } = device.platform;
    device.platform.http = async (request) => {
      const response = await http(request);
      if (!request.url.includes('/file/upload/')) return response;
      const upload_url = `http://127.0.0.1:${store.port}/store`;
      const data = {
        upload_url,
        upload_method: method,
        download_url: upload_url,
        oss_body_param: { key: 'k', policy: 'p' },
      };
      return { status: 200, body: JSON.stringify({ code: 200, data }) };
    };
    const alice = await world.member('alice', {}, device);
    const file = new File(['the file'], 'a.txt');
    await alice.client.sysManage.asyncFileUpload({ toType: 'rosterAvatar', file });
    expect(store.seen).toMatchObject([{ method, url: '/store', body: expect.stringContaining('the file') }]);
    const all = JSON.stringify(store.seen).toLowerCase();
    expect(all).not.toContain(alice.client.userManage.getToken()!.toLowerCase());
    expect(all).not.toMatch(/access-token|app_id|cookie|welovemaxim/);
  },
);

describe('uses of files', () => {
  test('the own avatar', async () => {
    const { world, alice, bob, sys } = await create();
    const { url } = await sys.asyncFileUpload({ toType: 'rosterAvatar', file: new File(['face'], 'a.png') });
    await alice.client.userManage.asyncUpdateAvatar({ avatar: url });
    const { avatar } = await alice.client.userManage.asyncGetProfile();
    const image = bob.client.sysManage.getImage({ avatar: String(avatar) });
    expect(await (await bob.client.sysManage.asyncFileDownload({ url: image })).text()).toBe('face');
    expect(asked(world, '/file/upload/avatar/user')).toHaveLength(1);
  });

  test('a group’s avatar, changed only by its owner', async () => {
    const { world, alice, bob, sys } = await create();
    const gid = world.group(alice, bob);
    const file = new File(['logo'], 'a.png');
    const { url } = await sys.asyncFileUpload({ toType: 'groupAvatar', group_id: gid, file });
    await alice.client.groupManage.asyncUpdateAvatar({ group_id: gid, value: url });
    const { avatar } = await bob.client.groupManage.asyncGetInfo(gid);
    const image = bob.client.sysManage.getImage({ avatar: String(avatar), type: 'group' });
    expect(await (await bob.client.sysManage.asyncFileDownload({ url: image })).text()).toBe('logo');
    await expect(
      bob.client.sysManage.asyncFileUpload({ toType: 'groupAvatar', group_id: gid, file }),
    ).rejects.toMatchObject({ reason: expect.stringMatching(/PermissionRequired/) });
  });

  test('a file shared in a group: uploaded, listed, read by a member, deleted', async () => {
    const { world, alice, bob, sys } = await create();
    const gid = world.group(alice, bob);
    const bytes = bytesOf(70_000);
    const { url } = await sys.asyncFileUpload({
      ...{ toType: 'chat', fileType: 'shareFile', chatType: 'group', to_id: gid },
      file: new File([bytes], 'plan.pdf', { type: 'application/pdf' }),
    });
    const { groupManage } = alice.client;
    await groupManage.asyncFileUpload({ group_id: gid, name: 'plan.pdf', size: bytes.length, type: 'file', url });
    await bob.events.next('onGroupFileUploaded');
    const [shared] = await bob.client.groupManage.asyncGetFileList({ group_id: gid });
    expect(shared).toMatchObject({ name: 'plan.pdf', size: 70_000, uploader: alice.id });
    sameBytes(await bytesIn(await bob.client.sysManage.asyncFileDownload({ url: shared!.url })), bytes);
    await groupManage.asyncFileDelete({ group_id: gid, file_list: [shared!.file_id] });
    expect(await bob.client.groupManage.asyncGetFileList({ group_id: gid })).toEqual([]);
  });

  test('a group’s message with a file', async () => {
    const { world, alice, bob } = await create();
    const gid = world.group(alice, bob);
    alice.client.sysManage.sendGroupMessage({ gid, file: new Blob(['hi'], { type: 'video/mp4' }) });
    const { type, attach } = await bob.events.next('onGroupMessage');
    expect([type, attach?.fLen]).toEqual(['video', 2]);
    await quiet(20);
  });
});
