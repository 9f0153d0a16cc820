/** Calls whose lines are cut: pages of their own, the dev server's relay and a real Janus. */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { whyNoJanus } from '../../../devserver/src/node/janus.ts';
import { packetLoss } from './packet-loss.ts';
import {
  hangUp,
  leftOf,
  outcomesOf,
  playsSound,
  reasonsOf,
  showsFrames,
  stateOf,
  takeHeard,
  talk,
  untilState,
  WAIT,
} from './page-steps.ts';
import { openPageWorld } from './page-world.ts';
import type { PageWorld } from './page-world.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const reason = whyNoJanus();
/** Promised: media flows again within this time. */
const AGAIN = { timeout: 10_000, interval: 50 };

describe.skipIf(reason !== undefined)(`calls whose lines are cut${reason ? ` (${reason})` : ''}`, () => {
  let world: PageWorld;
  let alice: Page;
  let bob: Page;
  let aliceId: string;
  let bobId: string;

  beforeAll(async () => {
    world = await openPageWorld();
    [aliceId, bobId] = ['alice', 'bob'].map((name) => world.addUser(name)) as [string, string];
    [alice, bob] = await Promise.all([world.open('alice'), world.open('bob')]);
  });
  afterAll(() => world.close());

  afterEach(async () => {
    await hangUp(alice);
    for (const page of [alice, bob]) await untilState(page, undefined);
    expect(world.console.filter((text) => text.includes('uncaught'))).toEqual([]);
  });

  /** Alice hangs up, and it ends as every other call. */
  const endsWell = async (): Promise<void> => {
    const before = await outcomesOf(bob, aliceId);
    await hangUp(alice);
    for (const page of [alice, bob]) {
      await untilState(page, undefined);
      expect(await leftOf(page)).toEqual({ connections: 0, tracks: 0 });
    }
    expect([(await reasonsOf(alice)).at(-1), (await reasonsOf(bob)).at(-1)]).toEqual(['hungUp', 'peerHungUp']);
    await expect.poll(async () => outcomesOf(bob, aliceId), WAIT).toEqual([...before, 'answered']);
    expect(await outcomesOf(alice, bobId)).toEqual([...before, 'answered']);
    for (const room of await bob.evaluate(() => window.callPage.takeRooms()))
      await expect.poll(async () => world.hasRoom(room), WAIT).toBe(false);
    await expect.poll(() => world.server.admin.relayedSignals().lines, WAIT).toBe(0);
  };

  /** The states of Alice's call since the time before. How good it is changes with the load of the machine. */
  const takeStates = async (): Promise<string[]> => (await takeHeard(alice)).filter((what) => what.includes('connect'));

  test('a client without a connection for five seconds goes on talking', async () => {
    await talk(alice, bob, bobId);
    await takeStates();
    const { admin } = world.server;
    admin.stall({ uid: aliceId, on: true, alsoNew: true });
    admin.dropSockets({ uid: aliceId });
    const since = Date.now();
    await untilState(alice, 'reconnecting');
    for (const page of [alice, bob]) {
      await showsFrames(page);
      await playsSound(page);
    }
    await new Promise((resolve) => setTimeout(resolve, 5000 - (Date.now() - since)));
    admin.stall({ on: false });
    await untilState(alice, 'connected');
    expect(await takeStates()).toEqual(['reconnecting', 'connected']);
    expect(await stateOf(bob)).toBe('connected');
    await showsFrames(bob);
    await endsWell();
  });

  test('packets that are lost for nine seconds come again, and the picture with them', async () => {
    const lose = await packetLoss(alice);
    await talk(alice, bob, bobId);
    await takeStates();
    await lose(100);
    const since = Date.now();
    await untilState(alice, 'reconnecting');
    await new Promise((resolve) => setTimeout(resolve, 9000 - (Date.now() - since)));
    await lose(0);
    await untilState(alice, 'connected');
    for (const page of [alice, bob]) await showsFrames(page);
    expect(await takeStates()).toEqual(['reconnecting', 'connected']);
    await endsWell();
  });

  test('a line to Janus that is cut costs nothing that is seen', async () => {
    await talk(alice, bob, bobId);
    expect(world.server.admin.cutRelay()).toBe(2);
    for (const page of [alice, bob]) await showsFrames(page);
    await endsWell();
  });

  test('media that Janus has ended without a word flows again within ten seconds', async () => {
    await talk(alice, bob, bobId);
    await world.endSessions();
    const names = async (page: Page) => page.evaluate(() => window.callPage.names());
    const before = await Promise.all([alice, bob].map(names));
    for (const [at, page] of [alice, bob].entries()) {
      await expect.poll(async () => names(page), AGAIN).not.toEqual(before[at]);
      await showsFrames(page);
      await playsSound(page);
    }
    for (const page of [alice, bob]) await untilState(page, 'connected');
    await endsWell();
  });
});
