/** The media of a call, without the call: two pages, the dev server's relay and a real Janus. */
import { DEFAULT_APP_ID } from 'flooim-devserver';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CallRoom } from '../../../src/rtc/call-media.ts';
import { whyNoJanus } from '../../../devserver/src/node/janus.ts';
import { openMediaWorld } from './media-world.ts';
import type { MediaWorld } from './media-world.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const reason = whyNoJanus();
const WAIT = { timeout: 20_000, interval: 100 };

/** The users whose pages have asked since then who is in the room. */
const askedForList = ({ server }: MediaWorld, since: number): Set<string | undefined> => {
  const { users } = server.data.app(DEFAULT_APP_ID);
  const { signals } = server.admin.relayedSignals();
  const asked = signals.filter(({ at, text }) => at >= since && text.includes('"request":"listparticipants"'));
  return new Set(asked.map(({ uid }) => users.get(uid)?.username));
};

describe.skipIf(reason !== undefined)(`media over Janus${reason ? ` (${reason})` : ''}`, () => {
  let world: MediaWorld;
  let room: CallRoom;

  beforeAll(async () => {
    world = await openMediaWorld();
  });

  afterAll(async () => {
    await world.close();
  });

  beforeEach(async () => {
    room = { room: '', pin: '', secret: '' };
    // A test before may have cut its connection.
    for (const page of [world.alice, world.bob])
      await expect.poll(async () => page.evaluate(() => window.page.isOnline()), WAIT).toBe(true);
  });

  afterEach(async () => {
    for (const page of [world.alice, world.bob]) await page.evaluate(() => window.page.media.close());
  });

  /** Alice makes the room, Bob enters it, and she follows. */
  async function call(video: boolean): Promise<void> {
    for (const page of [world.alice, world.bob]) await prepare(page, video);
    room = await world.alice.evaluate(async () => window.page.media.makeRoom());
    await join(world.bob, room);
    await join(world.alice, room);
    for (const page of [world.alice, world.bob]) await expect.poll(async () => heard(page), WAIT).toContain('up');
  }

  const prepare = async (page: Page, video: boolean): Promise<void> =>
    page.evaluate(async (withVideo) => {
      window.page.heard.length = 0;
      window.page.open();
      await window.page.media.takeDevices({ video: withVideo, media: {} });
    }, video);
  const join = async (page: Page, { room: number, pin }: CallRoom): Promise<void> =>
    page.evaluate(async (given) => window.page.media.join(given), { room: number, pin, secret: undefined });
  const heard = async (page: Page): Promise<string[]> => page.evaluate(() => window.page.heard);
  const incoming = async (page: Page) => page.evaluate(async () => window.page.countIncoming());
  const left = async (page: Page) => page.evaluate(() => window.page.left());

  async function showsFrames(page: Page): Promise<void> {
    const { frames } = await incoming(page);
    await expect.poll(async () => (await incoming(page)).frames, WAIT).toBeGreaterThan(frames + 5);
  }

  async function playsSound(page: Page): Promise<void> {
    const { audioPackets } = await incoming(page);
    await expect.poll(async () => (await incoming(page)).audioPackets, WAIT).toBeGreaterThan(audioPackets + 10);
  }

  test('each sees and hears the other, and the end leaves nothing', async () => {
    await call(true);
    for (const page of [world.alice, world.bob]) {
      await showsFrames(page);
      await playsSound(page);
    }
    expect(await world.hasRoom(room.room)).toBe(true);
    await world.alice.evaluate(() => window.page.media.close());
    await expect.poll(async () => heard(world.bob), WAIT).toContain('peer left');
    await expect.poll(async () => world.hasRoom(room.room), WAIT).toBe(false);
    await world.bob.evaluate(() => window.page.media.close());
    for (const page of [world.alice, world.bob]) expect(await left(page)).toEqual({ connections: 0, tracks: 0 });
    expect(await heard(world.bob)).toEqual(['up', 'peer left']);
  });

  const camera = (): string => window.page.media.local.camera!.getTracks()[0]!.getSettings().deviceId!;
  const ways = async (page: Page) => page.evaluate(() => window.page.ways());

  test('a call with sound only opens no camera', async () => {
    await call(false);
    for (const page of [world.alice, world.bob]) {
      await playsSound(page);
      expect(await page.evaluate(() => window.page.media.local.camera)).toBeNull();
    }
    expect((await incoming(world.bob)).frames).toBe(0);
    // Somebody switches the camera on after all.
    await world.alice.evaluate(async () => window.page.media.setCamera(true));
    await showsFrames(world.bob);
  });

  test('a camera that is off is released and sends nothing, and is on again', async () => {
    await call(true);
    await showsFrames(world.bob);
    await world.alice.evaluate(async () => window.page.media.setCamera(false));
    expect(await world.alice.evaluate(() => window.page.captured.at(-1)!.readyState)).toBe('ended');
    const { frames } = await incoming(world.bob);
    await playsSound(world.bob);
    expect((await incoming(world.bob)).frames - frames).toBeLessThan(5);
    await world.alice.evaluate(async () => window.page.media.setCamera(true));
    await showsFrames(world.bob);
  });

  test('another camera takes the place of the one before, whose device is released', async () => {
    await call(true);
    const before = await world.alice.evaluate(camera);
    const to = await world.alice.evaluate(async (first) => {
      const devices = await navigator.mediaDevices.enumerateDevices();
      // The second of Chromium's devices measures depth, and nobody sends that.
      return devices.find(({ label, deviceId }) => label.includes('fake_device_2') && deviceId !== first)!.deviceId;
    }, before);
    await world.alice.evaluate(async (deviceId) => window.page.media.setCamera(deviceId), to);
    expect(await world.alice.evaluate(camera)).toBe(to);
    expect(await left(world.alice)).toMatchObject({ tracks: 2 });
    await showsFrames(world.bob);
    await expect(world.alice.evaluate(async () => window.page.media.setCamera('no such device'))).rejects.toThrow(
      /NotFound/,
    );
    expect(await world.alice.evaluate(camera)).toBe(to);
  });

  test('a microphone that is off stays taken and sends silence', async () => {
    await call(false);
    await world.alice.evaluate(async () => window.page.media.setMicrophone(false));
    expect(await world.alice.evaluate(() => window.page.media.local.isMicrophoneOn)).toBe(false);
    await playsSound(world.bob);
    await world.alice.evaluate(async () => window.page.media.setMicrophone(true));
    expect(await world.alice.evaluate(() => window.page.media.local.isMicrophoneOn)).toBe(true);
  });

  const remoteScreen = async (page: Page) => page.evaluate(() => window.page.media.remote.screen !== null);

  test('a screen comes beside the camera, goes, and comes again', async () => {
    await call(true);
    for (let time = 0; time < 2; time++) {
      await world.alice.evaluate(async () => window.page.media.shareScreen(true));
      await expect.poll(async () => remoteScreen(world.bob), WAIT).toBe(true);
      await expect.poll(async () => (await incoming(world.bob)).width, WAIT).toBeGreaterThanOrEqual(1280);
      // The browser's own button.
      await world.alice.evaluate(() => {
        const track = window.page.media.local.screen!.getTracks()[0]!;
        track.stop();
        track.dispatchEvent(new Event('ended'));
      });
      await expect.poll(async () => remoteScreen(world.bob), WAIT).toBe(false);
      expect(await world.alice.evaluate(() => window.page.media.local.screen)).toBeNull();
    }
    await showsFrames(world.bob);
  });

  test('a screen takes the place of the camera for a client that shows one picture', async () => {
    await call(true);
    await world.alice.evaluate(async () => window.page.media.shareScreen(false));
    await expect.poll(async () => (await incoming(world.bob)).width, WAIT).toBeGreaterThanOrEqual(1280);
    await world.alice.evaluate(() => window.page.media.stopSharing());
    await expect.poll(async () => (await incoming(world.bob)).width, WAIT).toBeLessThan(1280);
    expect(await remoteScreen(world.bob)).toBe(false);
  });

  test('a client whose connection is cut goes on showing the other, and hears afterwards', async () => {
    await call(true);
    world.server.admin.dropSockets();
    await showsFrames(world.alice);
    await showsFrames(world.bob);
    await world.bob.evaluate(() => window.page.media.close());
    await expect.poll(async () => heard(world.alice), WAIT).toContain('peer left');
    expect(await heard(world.alice)).toEqual(['up', 'peer left']);
  });

  test('a line to Janus that was cut is taken up again', async () => {
    await call(true);
    const since = Date.now();
    world.server.admin.cutRelay();
    world.server.admin.dropSockets();
    await expect.poll(() => askedForList(world, since), WAIT).toEqual(new Set(['alice', 'bob']));
    await world.bob.evaluate(() => window.page.media.close());
    await expect.poll(async () => heard(world.alice), WAIT).toContain('peer left');
    expect(await heard(world.alice)).toEqual(['up', 'peer left']);
  });

  test('a session that Janus has lost is made anew in the same room', async () => {
    await call(true);
    const before = await ways(world.alice);
    await world.endSessions();
    world.server.admin.dropSockets();
    await expect.poll(async () => ways(world.alice), WAIT).not.toEqual(before);
    for (const page of [world.alice, world.bob]) await showsFrames(page);
    for (const page of [world.alice, world.bob]) {
      await playsSound(page);
      expect((await heard(page)).filter((what) => /lost|error/.test(what))).toEqual([]);
      expect(await left(page)).toEqual({ connections: 2, tracks: 2 });
    }
  });

  test('no pin, secret, address or description is in a log', async () => {
    await call(true);
    const text = world.console.join('\n');
    expect(text).toContain('online');
    for (const secret of [room.pin, room.secret!, 'ice-ufrag', 'candidate:', 'v=0']) expect(text).not.toContain(secret);
    expect(text).not.toContain('uncaught');
  });
});
