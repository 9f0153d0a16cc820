/** The media of a call, without the call: two pages, the dev server's relay and a real Janus. */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CallRoom } from '../../../src/rtc/call-media.ts';
import { whyNoJanus } from '../../support/janus.ts';
import { openMediaWorld } from './media-world.ts';
import type { MediaWorld } from './media-world.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const reason = whyNoJanus();
const WAIT = { timeout: 20_000, interval: 100 };

describe.skipIf(reason !== undefined)(`media over Janus${reason ? ` (${reason})` : ''}`, () => {
  let world: MediaWorld;
  let room: CallRoom;

  beforeAll(async () => {
    world = await openMediaWorld();
  });

  afterAll(async () => {
    await world.close();
  });

  beforeEach(() => {
    room = { room: '', pin: '', secret: '' };
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
});
