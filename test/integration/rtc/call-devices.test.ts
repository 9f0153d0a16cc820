/** Cameras, microphones and screens in calls: pages of their own, the dev server's relay and a real Janus. */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { whyNoJanus } from '../../../devserver/src/node/janus.ts';
import {
  hangUp,
  incoming,
  leftOf,
  outcomesOf,
  playsSound,
  showsFrames,
  start,
  takeHeard,
  talk,
  untilState,
  WAIT,
} from './page-steps.ts';
import { openPageWorld } from './page-world.ts';
import type { OpenPage, PageWorld } from './page-world.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const reason = whyNoJanus();

describe.skipIf(reason !== undefined)(`devices in calls over Janus${reason ? ` (${reason})` : ''}`, () => {
  let world: PageWorld;
  let alice: Page;
  let bob: Page;
  let bobId: string;

  beforeAll(async () => {
    world = await openPageWorld();
    world.addUser('alice');
    bobId = world.addUser('bob');
    [alice, bob] = await Promise.all([world.open('alice'), world.open('bob')]);
  });
  afterAll(() => world.close());

  afterEach(async () => {
    await hangUp(bob);
    for (const page of [alice, bob]) {
      await untilState(page, undefined);
      expect(await leftOf(page)).toEqual({ connections: 0, tracks: 0 });
      await takeHeard(page);
    }
    await expect.poll(() => world.server.admin.relayedSignals().lines, WAIT).toBe(0);
    expect(world.console.filter((text) => /uncaught|Content Security|Trusted/.test(text))).toEqual([]);
  });

  const camera = async (page: Page): Promise<string | undefined> =>
    page.evaluate(() => window.callPage.call().local.camera?.getTracks()[0]!.getSettings().deviceId);
  const isCameraOff = async (page: Page) => page.evaluate(() => window.callPage.isPeerCameraOff());

  test('a camera that is off is released, and the other side knows it and gets no picture', async () => {
    await talk(alice, bob, bobId);
    await showsFrames(bob);
    expect(await leftOf(alice)).toMatchObject({ tracks: 2 });
    await alice.evaluate(async () => window.callPage.setCamera(false));
    expect(await leftOf(alice)).toMatchObject({ tracks: 1 });
    await expect.poll(async () => isCameraOff(bob), WAIT).toBe(true);
    const { frames } = await incoming(bob);
    await playsSound(bob);
    await playsSound(bob);
    expect((await incoming(bob)).frames - frames).toBeLessThan(5);
    await alice.evaluate(async () => window.callPage.setCamera(true));
    await expect.poll(async () => isCameraOff(bob), WAIT).toBe(false);
    await showsFrames(bob);
  });

  test('another camera takes the place of the one before', async () => {
    await talk(alice, bob, bobId);
    const before = await camera(alice);
    const to = await alice.evaluate(async (first) => {
      const cameras = await window.callPage.devices('camera');
      // The second of Chromium's devices measures depth, and nobody sends that.
      return cameras.find(({ label, deviceId }) => label.includes('fake_device_2') && deviceId !== first)!.deviceId;
    }, before);
    await alice.evaluate(async (deviceId) => window.callPage.call().setCamera(deviceId), to);
    expect(await camera(alice)).toBe(to);
    expect(await leftOf(alice)).toMatchObject({ tracks: 2 });
    await showsFrames(bob);
  });

  test('a microphone that is off sends silence, and is on again', async () => {
    await talk(alice, bob, bobId, false);
    // What no element plays has no loudness.
    await bob.evaluate(() => void window.callPage.call().attach(document.createElement('audio'), 'remote'));
    /** Chromium's microphone beeps once in a second, of fifty packets. */
    const isLoud = async (): Promise<boolean> => {
      const { energy, audioPackets } = await incoming(bob);
      await expect.poll(async () => (await incoming(bob)).audioPackets, WAIT).toBeGreaterThan(audioPackets + 60);
      return (await incoming(bob)).energy > energy + 0.001;
    };
    await expect.poll(isLoud, WAIT).toBe(true);
    await alice.evaluate(async () => window.callPage.call().setMicrophone(false));
    expect(await alice.evaluate(() => window.callPage.call().local.isMicrophoneOn)).toBe(false);
    await expect.poll(isLoud, WAIT).toBe(false);
    expect(await leftOf(alice)).toMatchObject({ tracks: 1 });
    await alice.evaluate(async () => window.callPage.call().setMicrophone(true));
    await expect.poll(isLoud, WAIT).toBe(true);
  });

  test('a screen comes beside the camera, and goes when the browser ends it', async () => {
    await talk(alice, bob, bobId);
    const hasScreen = async (page: Page) => page.evaluate(() => window.callPage.call().remote.screen !== null);
    await alice.evaluate(async () => window.callPage.call().shareScreen());
    await expect.poll(async () => hasScreen(bob), WAIT).toBe(true);
    await expect.poll(async () => (await incoming(bob)).width, WAIT).toBeGreaterThanOrEqual(1280);
    expect(await leftOf(alice)).toMatchObject({ tracks: 3 });
    // As the browser's own button does.
    await alice.evaluate(() => {
      const track = window.callPage.call().local.screen!.getTracks()[0]!;
      track.stop();
      track.dispatchEvent(new Event('ended'));
    });
    await expect.poll(async () => hasScreen(bob), WAIT).toBe(false);
    expect(await alice.evaluate(() => window.callPage.call().local.screen)).toBeNull();
    await showsFrames(bob);
  });

  /** A page of somebody whose devices are these. */
  const openWith = async (name: string, options: OpenPage): Promise<{ page: Page; uid: string }> => {
    const uid = world.addUser(name);
    return { page: await world.open(name, options), uid };
  };

  test.each([
    ['refused', 'UserPermissionDenied', { devices: 'refused' }],
    ['missing', 'NotFound', { devices: 'none' }],
  ] as const)('with all devices %s nobody is called', async (name, why, options) => {
    const { page, uid } = await openWith(name, options);
    const rung = await bob.evaluate(() => window.callPage.rung());
    expect(await start(page, bobId)).toBe(why);
    expect(await outcomesOf(page, bobId)).toEqual([]);
    // A call that comes after it shows that none came before.
    await talk(alice, bob, bobId, false);
    expect(await bob.evaluate(() => window.callPage.rung())).toBe(rung + 1);
    expect(await outcomesOf(bob, uid)).toEqual([]);
    await page.context().close();
  });

  test('with one of two devices a call goes on', async () => {
    const { page, uid } = await openWith('without a camera', { devices: 'microphones' });
    for (const isCaller of [false, true]) {
      await (isCaller ? talk(page, bob, bobId) : talk(bob, page, uid));
      await playsSound(bob);
      await showsFrames(page);
      expect(await takeHeard(page)).toContain('NotFound camera');
      expect(await camera(page)).toBeUndefined();
      await hangUp(page);
      await untilState(bob, undefined);
    }
    await expect.poll(async () => outcomesOf(bob, uid), WAIT).toEqual(['answered', 'answered']);
    await page.context().close();
  });
});
