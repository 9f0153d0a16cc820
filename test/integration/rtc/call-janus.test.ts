/** Whole calls: two pages with `flooim/rtc`, the dev server's relay and a real Janus. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { whyNoJanus } from '../../../devserver/src/node/janus.ts';
import type {} from './call-page.ts';
import { openMediaWorld } from './media-world.ts';
import type { MediaWorld } from './media-world.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const reason = whyNoJanus();
const WAIT = { timeout: 20_000, interval: 50 };

describe.skipIf(reason !== undefined)(`calls over Janus${reason ? ` (${reason})` : ''}`, () => {
  let world: MediaWorld;

  beforeAll(async () => {
    world = await openMediaWorld('call-page.ts');
  });

  afterAll(async () => {
    await world.close();
  });

  beforeEach(async () => {
    for (const page of [world.alice, world.bob]) await page.evaluate(() => (window.phone.heard.length = 0));
  });

  const heard = async (page: Page): Promise<string[]> => page.evaluate(() => window.phone.heard);
  const state = async (page: Page): Promise<string | undefined> =>
    page.evaluate(() => window.phone.calls.current?.state);
  const incoming = async (page: Page) => page.evaluate(async () => window.page.countIncoming());
  const start = async (from: Page, to: Page, video: boolean): Promise<void> => {
    const uid = await to.evaluate(() => window.phone.uid);
    await from.evaluate(
      async (options) => {
        await window.phone.calls.start(options);
      },
      { uid, video },
    );
  };

  async function connect(video: boolean): Promise<void> {
    await start(world.alice, world.bob, video);
    await expect.poll(async () => state(world.bob), WAIT).toBe('ringing');
    await world.bob.evaluate(async () => window.phone.calls.current!.accept());
    await connected();
  }

  async function connected(): Promise<void> {
    for (const page of [world.alice, world.bob]) await expect.poll(async () => state(page), WAIT).toBe('connected');
  }

  /** Both have ended, and nothing of the call is left. */
  async function released(): Promise<void> {
    for (const page of [world.alice, world.bob]) {
      await expect.poll(async () => page.evaluate(() => window.phone.calls.current), WAIT).toBe(null);
      await expect
        .poll(async () => page.evaluate(() => window.page.left()), WAIT)
        .toEqual({ connections: 0, tracks: 0 });
    }
  }

  test.each([
    ['a video call', true],
    ['a call with sound only', false],
  ])('%s: both hear or see each other, and everything is released', async (_, video) => {
    await connect(video);
    for (const page of [world.alice, world.bob]) {
      await expect.poll(async () => (await incoming(page)).audioPackets, WAIT).toBeGreaterThan(20);
      if (video) await expect.poll(async () => (await incoming(page)).frames, WAIT).toBeGreaterThan(20);
    }
    await world.bob.evaluate(() => window.phone.calls.current!.hangUp());
    await released();
    await expect.poll(async () => heard(world.alice), WAIT).toEqual(['ended peerHungUp', 'record answered']);
    await expect
      .poll(async () => heard(world.bob), WAIT)
      .toEqual(['incoming incoming', 'ended hungUp', 'record answered']);
  });

  test('both call each other: one call within three seconds', async () => {
    await Promise.all([start(world.alice, world.bob, true), start(world.bob, world.alice, true)]);
    await connected();
    const ids = [world.alice, world.bob].map(async (page) => page.evaluate(() => window.phone.calls.current!.id));
    expect(new Set(await Promise.all(ids)).size).toBe(1);
    await world.alice.evaluate(() => window.phone.calls.current!.hangUp());
    await released();
    await expect
      .poll(async () => (await heard(world.alice)).filter((word) => word.startsWith('record')), WAIT)
      .toHaveLength(1);
  });

  test('the camera goes off, and on again', async () => {
    await connect(true);
    await world.alice.evaluate(async () => window.phone.calls.current!.setCamera(false));
    const isOff = async (): Promise<boolean> =>
      world.bob.evaluate(() => window.phone.calls.current!.remote.isCameraOff);
    await expect.poll(isOff, WAIT).toBe(true);
    await world.alice.evaluate(async () => window.phone.calls.current!.setCamera(true));
    await expect.poll(isOff, WAIT).toBe(false);
    const { frames } = await incoming(world.bob);
    await expect.poll(async () => (await incoming(world.bob)).frames, WAIT).toBeGreaterThan(frames + 5);
    await world.alice.evaluate(() => window.phone.calls.current!.hangUp());
    await released();
  });

  test('declined, and canceled', async () => {
    await start(world.alice, world.bob, false);
    await expect.poll(async () => state(world.bob), WAIT).toBe('ringing');
    await world.bob.evaluate(() => window.phone.calls.current!.decline());
    await released();
    await start(world.alice, world.bob, false);
    await expect.poll(async () => state(world.bob), WAIT).toBe('ringing');
    await world.alice.evaluate(() => window.phone.calls.current!.hangUp());
    await released();
    const ends = (await heard(world.alice)).filter((word) => word.startsWith('ended'));
    expect(ends).toEqual(['ended peerDeclined', 'ended canceled']);
  });
});
