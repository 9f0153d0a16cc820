import { expect, test } from 'vitest';
import type { Message } from '../../src/entries/browser.ts';
import { bytesOf, sameBytes } from '../support/file-bytes.ts';
import { QUARTERS, film, movingWebp, picture, plainWebp, shownBy, tone } from './media-files.ts';
import { create, pair, received } from './people.ts';
import type { Person } from './people.ts';

/** A message with a file: before it is connected, and as the other user gets it. */
async function sent(
  alice: Person,
  bob: Person,
  file: Blob,
  attachment: Record<string, unknown> = {},
): Promise<{ shown: Message; got: Message }> {
  const { sysManage, userManage } = alice.client;
  alice.client.disConnect();
  alice.events.skip();
  sysManage.sendRosterMessage({ uid: bob.id, file, attachment });
  const { percent } = await alice.events.next('onUploadProgress');
  expect(percent).toBe(0);
  const [shown] = sysManage.getSendingMessages(bob.id, 'roster');
  await alice.client.tokenLogin(alice.id, userManage.getToken()!);
  return { shown: shown!, got: await bob.events.next('onRosterMessage') };
}

test('a picture is sent with its size and a small preview', async () => {
  const { alice, bob } = await pair();
  const file = await picture(1600, 1200, 'image/jpeg', 'a.jpg');
  const { shown, got } = await sent(alice, bob, file);
  expect(shown).toMatchObject({ type: 'image', progress: 0, sendingStatus: 'sending' });
  expect(shown.attach).toEqual({ dName: 'a.jpg', fLen: file.size, width: 1600, height: 1200 });
  expect(await shownBy(shown.preview!)).toEqual({ width: 320, height: 240, colours: QUARTERS });
  // It is for this device alone.
  expect(got.attach).toEqual({ ...shown.attach, url: expect.stringMatching(/^http/) });
  expect(got).not.toHaveProperty('preview');
  const { message } = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
  expect(message).not.toHaveProperty('preview');
  expect(message?.attach).toEqual(got.attach);
});

test('the preview of a small picture is not enlarged, that of a long one is not empty', async () => {
  const { alice, bob } = await pair();
  const small = await sent(alice, bob, await picture(20, 10, 'image/png'));
  expect(await shownBy(small.shown.preview!)).toMatchObject({ width: 20, height: 10 });
  const long = await sent(alice, bob, await picture(4000, 2, 'image/png'));
  expect(long.got.attach).toMatchObject({ width: 4000, height: 2 });
  expect(await shownBy(long.shown.preview!)).toMatchObject({ width: 320, height: 1 });
});

test('an SVG drawing has a preview too', async () => {
  const { alice, bob } = await pair();
  const drawing =
    '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="200"><rect width="640" height="200"/></svg>';
  const { shown, got } = await sent(alice, bob, new File([drawing], 'a.svg', { type: 'image/svg+xml' }));
  expect(got.attach).toMatchObject({ width: 640, height: 200 });
  expect(await shownBy(shown.preview!)).toMatchObject({ width: 320, height: 100 });
});

test('the fields that the app sets stay', async () => {
  const { alice, bob } = await pair();
  const said = { width: 7, dName: 'mine', fLen: 3 };
  const { got } = await sent(alice, bob, await picture(80, 60, 'image/png'), said);
  expect(got.attach).toMatchObject({ ...said, height: 60 });
});

test('a sound and a film are sent with their duration, the film where the app allows that', async () => {
  const { alice, bob } = await pair({ filmDetails: true });
  const sound = await sent(alice, bob, tone(3));
  expect(sound.got.type).toBe('audio');
  expect(sound.got.attach).toMatchObject({ dName: 'a.wav', duration: 3 });
  expect(sound.got.attach).not.toHaveProperty('width');
  expect(sound.shown).not.toHaveProperty('preview');
  const recorded = await sent(alice, bob, await film(640, 360, 1800));
  expect(recorded.got.type).toBe('video');
  const { width, height, duration } = recorded.got.attach as Record<string, number>;
  expect([width, height]).toEqual([640, 360]);
  expect(duration).toBeGreaterThanOrEqual(1);
  expect(Number.isInteger(duration)).toBe(true);
  expect(await shownBy(recorded.shown.preview!)).toMatchObject({ width: 320, height: 180 });
});

test.each(['image/png', 'video/mp4', 'audio/amr'])(
  'a file that is not a real %s is sent without details',
  async (type) => {
    const { alice, bob } = await pair();
    const bytes = bytesOf(50_000);
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: new File([bytes], 'a', { type }) });
    await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    const { attach } = await bob.events.next('onRosterMessage');
    expect(Object.keys(attach!).sort()).toEqual(['dName', 'fLen', 'url']);
    const file: Blob = await bob.client.sysManage.asyncFileDownload({ url: String(attach?.url) });
    sameBytes(new Uint8Array(await file.arrayBuffer()), bytes);
  },
);

test('a reload keeps the preview of a picture', async () => {
  const { appid, alice, bob } = await pair();
  alice.client.disConnect();
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: await picture(640, 480, 'image/png') });
  await alice.events.next('onUploadProgress');
  const [before] = alice.client.sysManage.getSendingMessages(bob.id, 'roster');
  expect(before?.preview).toMatch(/^data:image/);
  await alice.client.dispose();
  for (const storage of [localStorage, sessionStorage]) storage.setItem(`flooim.${appid}.uid`, String(alice.id));
  const next = create(appid);
  await next.events.next('recentlistUpdate');
  expect(next.client.sysManage.getSendingMessages(bob.id, 'roster')).toEqual([before]);
});

test('an extended WebP goes up as a still PNG where a picture is expected', async () => {
  const { alice, bob } = await pair();
  const { sysManage } = alice.client;
  const moving = await movingWebp(64, 32);
  const head = new TextDecoder('latin1').decode(await moving.slice(8, 16).arrayBuffer());
  expect([head, (await shownBy(moving)).width]).toEqual(['WEBPVP8X', 64]);
  const target = { chatType: 'roster', to_id: bob.id } as const;
  for (const upload of [
    { toType: 'rosterAvatar' },
    { toType: 'chat', fileType: 'image', ...target },
    { toType: 'chat', fileType: 'shareImage', ...target },
  ] as const) {
    const { url } = await sysManage.asyncFileUpload({ ...upload, file: moving });
    const back = await bob.client.sysManage.asyncFileDownload({ url });
    expect(back.type).toBe('image/png');
    expect(await shownBy(back)).toEqual({ width: 64, height: 32, colours: QUARTERS });
  }
  const { url } = await sysManage.asyncFileUpload({ toType: 'chat', fileType: 'file', ...target, file: moving });
  const asItIs = await bob.client.sysManage.asyncFileDownload({ url });
  sameBytes(new Uint8Array(await asItIs.arrayBuffer()), new Uint8Array(await moving.arrayBuffer()));
  // The message names the type of the bytes.
  sysManage.sendRosterMessage({ uid: bob.id, file: moving });
  const { attach } = await bob.events.next('onRosterMessage');
  const message = await bob.client.sysManage.asyncFileDownload({ url: String(attach?.url) });
  expect(message.type).toBe('image/png');
  expect(attach).toMatchObject({ dName: 'cat.png', fLen: message.size, width: 64, height: 32 });
});

test('a plain WebP, and one that is damaged, go up as they are', async () => {
  const { alice, bob } = await pair();
  const plain = await plainWebp(64, 32);
  expect(new TextDecoder().decode(await plain.slice(8, 16).arrayBuffer())).toMatch(/^WEBPVP8[ L]$/);
  const damaged = new File([(await movingWebp(64, 32)).slice(0, 40)], 'b.webp', { type: 'image/webp' });
  for (const file of [plain, damaged]) {
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, file });
    sameBytes((await received(bob)).bytes, new Uint8Array(await file.arrayBuffer()));
  }
});

test('the thumbnail comes from the server: smaller, and of the same picture', async () => {
  const { alice, bob } = await pair();
  const file = await picture(1200, 600, 'image/png');
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, file });
  const { attach } = await bob.events.next('onRosterMessage');
  const shown = async (image_type?: number): ReturnType<typeof shownBy> =>
    shownBy(bob.client.sysManage.getChatFile({ url: String(attach?.url), params: { image_type } }));
  // As an app shows it: by its URL alone.
  expect(await shown(2)).toEqual({ width: 240, height: 120, colours: QUARTERS });
  expect(await shown(1)).toEqual({ width: 1200, height: 600, colours: QUARTERS });
  expect(await shown()).toMatchObject({ width: 1200 });
  const { url } = await alice.client.sysManage.asyncFileUpload({ toType: 'rosterAvatar', file });
  const avatar = await bob.client.sysManage.asyncFileDownload({ url: bob.client.sysManage.getImage({ avatar: url }) });
  expect(await shownBy(avatar)).toMatchObject({ width: 240, height: 120 });
});
