/** A place for a file may refuse it: its permission ran out, or it is gone. Then another place is asked for, once. */
import { describe, expect, test } from 'vitest';
import { startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';
import { startRestFront } from '../../support/rest-front.ts';
import type { RestFront } from '../../support/rest-front.ts';

interface Scene {
  world: World;
  front: RestFront;
  alice: Member;
  bob: Member;
  gid: number;
  /** How often a place was asked for, and a file sent. */
  counts(): [places: number, files: number];
}

async function create(): Promise<Scene> {
  const world = await startWorld();
  const front = await startRestFront(world);
  const [alice, bob] = [await world.member('alice', front.options), await world.member('bob')];
  const count = (path: string): number => front.requests.filter(({ url }) => url.startsWith(path)).length;
  const counts = (): [number, number] => [count('/file/upload/'), count('/upload/')];
  return { world, front, alice, bob, gid: world.group(alice, bob), counts };
}

/** The next uploads are answered with this. */
function refuse({ front }: Scene, times: number, status: number, body = ''): void {
  let left = times;
  front.answer = ({ url }, response) => {
    if (!url.startsWith('/upload/') || left-- <= 0) return false;
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    return true;
  };
}

const picture = (): Blob => new Blob(['picture'], { type: 'image/png' });

const UPLOADS: [what: string, upload: (scene: Scene) => Promise<{ url: string }>][] = [
  ['an avatar', ({ alice }) => alice.client.sysManage.asyncFileUpload({ toType: 'rosterAvatar', file: picture() })],
  [
    'a picture of a group',
    ({ alice, gid }) =>
      alice.client.sysManage.asyncFileUpload({ toType: 'groupAvatar', group_id: gid, file: picture() }),
  ],
  [
    'a file for a friend',
    ({ alice, bob }) =>
      alice.client.sysManage.asyncFileUpload({
        ...{ toType: 'chat', fileType: 'file', chatType: 'roster', to_id: bob.id },
        file: picture(),
      }),
  ],
  [
    'a file for a group',
    ({ alice, gid }) =>
      alice.client.sysManage.asyncFileUpload({
        ...{ toType: 'chat', fileType: 'shareFile', chatType: 'group', to_id: gid },
        file: picture(),
      }),
  ],
  [
    'a file in a message',
    async ({ alice, bob }) => {
      const mid = alice.client.sysManage.sendRosterMessage({
        uid: bob.id,
        type: 'image',
        content: '',
        file: picture(),
      });
      const { status, message, error } = await alice.events.next(
        'onSendingMessageStatusChanged',
        (it) => it.mid === mid && (it.status === 'sent' || it.status === 'failed'),
      );
      if (status === 'failed') throw error!;
      return { url: String(message!.attach!.url) };
    },
  ],
];

describe.each(UPLOADS)('%s', (_what, upload) => {
  test('I8: an upload whose place refuses it once goes to a new place', async () => {
    const scene = await create();
    refuse(scene, 1, 403, '{"message":"policy expired"}');
    const { url } = await upload(scene);
    expect(scene.counts()).toEqual([2, 2]);
    scene.front.answer = () => false;
    expect(await (await scene.alice.client.sysManage.asyncFileDownload({ url })).text()).toBe('picture');
  });

  test('I8: an upload that is refused twice fails, and no third place is asked for', async () => {
    const scene = await create();
    refuse(scene, 9, 403);
    await expect(upload(scene)).rejects.toMatchObject({ reason: 'ServerFileUploadUnknownError' });
    expect(scene.counts()).toEqual([2, 2]);
  });
});

test.each([
  [401, ''],
  [403, '<Error><Code>AccessDenied</Code></Error>'],
  [404, ''],
  [400, '<Error><Code>ExpiredToken</Code></Error>'],
  [410, ''],
  [500, ''],
  [200, '{"code":10009,"message":"no such upload"}'],
  [200, '{"Status":"error"}'],
])('a place that answers HTTP %i %s is left for a new one', async (status, body) => {
  const scene = await create();
  refuse(scene, 1, status, body);
  await UPLOADS[0]![1](scene);
  expect(scene.counts()).toEqual([2, 2]);
});

test('a file that is too large is not sent again', async () => {
  const scene = await create();
  refuse(scene, 1, 413);
  await expect(UPLOADS[0]![1](scene)).rejects.toMatchObject({ reason: 'ServerFileUploadUnknownError' });
  expect(scene.counts()).toEqual([1, 1]);
});

test('a network that breaks between the place and the file, whose permission runs out meanwhile, costs one new place', async () => {
  const scene = await create();
  let uploads = 0;
  scene.front.answer = ({ url }, response) => {
    if (!url.startsWith('/upload/') || ++uploads > 2) return false;
    if (uploads === 1) response.destroy();
    else response.writeHead(403).end();
    return true;
  };
  await UPLOADS[0]![1](scene);
  expect(scene.counts()).toEqual([2, 3]);
});

test('a server that names no place is asked once', async () => {
  const scene = await create();
  scene.front.answer = ({ url }, response) => {
    if (!url.startsWith('/file/upload/')) return false;
    response.end('{"code":10009,"message":"no store"}');
    return true;
  };
  await expect(UPLOADS[0]![1](scene)).rejects.toMatchObject({ restCode: 10009 });
  expect(scene.counts()).toEqual([1, 0]);
});
