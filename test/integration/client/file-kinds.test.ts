/** What counts as a file, and which kind of message it becomes. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { startWorld } from '../../support/client-world.ts';
import { temporaryDirectory } from '../../support/data-dir.ts';
import { sameBytes } from '../../support/file-bytes.ts';

const BYTES = Uint8Array.from({ length: 24 }, (_, at) => at);

it('C10: a path is what its extension says, a File without a type what its name says; bytes of every kind are taken', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const folder = temporaryDirectory(world);
  const onDisk = async (name: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, BYTES);
    return path;
  };
  const wide = new Uint8Array(BYTES.length + 16);
  wide.set(BYTES, 8);
  const files: [type: string, name: string, file: unknown][] = [
    ['image', 'photo.jpg', await onDisk('photo.jpg')],
    ['image', 'PHOTO.PNG', await onDisk('PHOTO.PNG')],
    ['video', 'film.mkv', await onDisk('film.mkv')],
    ['audio', 'voice.amr', await onDisk('voice.amr')],
    ['file', 'report.pdf', await onDisk('report.pdf')],
    ['file', 'none', await onDisk('none')],
    ['image', 'photo.jpg', new File([BYTES], 'photo.jpg')],
    ['image', 'photo.jpg', new File([BYTES], 'photo.jpg', { type: 'application/octet-stream' })],
    ['audio', 'song.mp3', new File([BYTES], 'song.mp3')],
    ['video', 'is typed.jpg', new File([BYTES], 'is typed.jpg', { type: 'video/mp4' })],
    ['image', 'file', new Blob([BYTES], { type: 'image/png' })],
    ['file', 'file', new Blob([BYTES])],
    ['file', 'file', BYTES],
    ['file', 'file', BYTES.buffer],
    ['file', 'file', new DataView(wide.buffer, 8, BYTES.length)],
    ['file', 'file', wide.subarray(8, 8 + BYTES.length)],
    ['file', 'file', new Float64Array(BYTES.buffer)],
    ['file', 'file', Buffer.from(BYTES)],
    ['file', 'file', runInNewContext('Uint8Array.from({ length: 24 }, (_, at) => at)')],
    ['file', 'file', runInNewContext('Uint8Array.from({ length: 24 }, (_, at) => at).buffer')],
  ];
  for (const [type, dName, file] of files) {
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, file });
    const received = await bob.events.next('onRosterMessage');
    expect(received).toMatchObject({ type, attach: { dName, fLen: BYTES.length } });
    const back = await bob.client.sysManage.asyncFileDownload({ url: String(received.attach?.url) });
    sameBytes(new Uint8Array(await back.arrayBuffer()), BYTES);
  }
});

it('bytes are read at the call: the app may use their memory again', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const bytes = BYTES.slice();
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: bytes.buffer });
  bytes.fill(0);
  const { attach } = await bob.events.next('onRosterMessage');
  const back = await bob.client.sysManage.asyncFileDownload({ url: String(attach?.url) });
  sameBytes(new Uint8Array(await back.arrayBuffer()), BYTES);
});

it.each([7, true, {}, [], [1], () => undefined, null, '', '/no/such/file.jpg', '/tmp', new URL('file:///tmp/x.jpg')])(
  '%o is no file',
  async (file) => {
    const world = await startWorld();
    const { client, id } = await world.member('alice');
    const refusal = expect.objectContaining({ reason: 'InvalidParam' }) as unknown;
    expect(() => client.sysManage.sendRosterMessage({ uid: id, file })).toThrow(refusal);
    await expect(client.sysManage.asyncFileUpload({ file, toType: 'rosterAvatar' })).rejects.toEqual(refusal);
  },
);
