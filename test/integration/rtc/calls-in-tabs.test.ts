/** The calls of a user with two tabs, whose locks and channels are those of a browser. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { whyNoJanus } from '../../../devserver/src/node/janus.ts';
import { accept, hangUp, leftOf, reasonsOf, start, stateOf, untilState } from './page-steps.ts';
import { openPageWorld } from './page-world.ts';
import type { PageWorld } from './page-world.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const reason = whyNoJanus();
/** Promised: a tab that is gone is noticed within this time, by the other tabs and, when it could say so, by the other user. */
const SOON = { timeout: 1500, interval: 20 };

describe.skipIf(reason !== undefined)(`calls of two tabs${reason ? ` (${reason})` : ''}`, () => {
  let world: PageWorld;
  let one: Page;
  let two: Page;
  let bob: Page;
  let aliceId: string;
  let bobId: string;

  beforeAll(async () => {
    world = await openPageWorld();
    [aliceId, bobId] = ['alice', 'bob'].map((name) => world.addUser(name)) as [string, string];
    [one, bob] = await Promise.all([world.open('alice'), world.open('bob')]);
    two = await openTab();
  });
  afterAll(() => world.close());

  const openTab = async (): Promise<Page> => {
    const tab = await one.context().newPage();
    await world.openAgain(tab, 'alice');
    return tab;
  };
  const until = async (state: string | undefined, ...pages: Page[]): Promise<void> => {
    for (const page of pages) await untilState(page, state);
  };
  const lastReason = async (page: Page): Promise<string | undefined> => (await reasonsOf(page)).pop();
  /** Bob calls, and a tab of Alice answers. */
  const talk = async (tab: Page): Promise<void> => {
    await start(bob, aliceId);
    await until('ringing', one, two);
    await accept(tab);
    await until('connected', one, two, bob);
  };

  test('one tab has the devices, and both can end the call', async () => {
    await talk(two);
    expect(await leftOf(one)).toEqual({ connections: 0, tracks: 0 });
    await hangUp(one);
    await until(undefined, one, two, bob);
    expect(await leftOf(two)).toEqual({ connections: 0, tracks: 0 });
  });

  test('both tabs call at once: one does', async () => {
    const made = await Promise.all([start(one, bobId), start(two, bobId)]);
    expect(made.filter((id) => id === 'ServerBusy')).toHaveLength(1);
    await until('ringing', one, two, bob);
    await hangUp(two);
    await until(undefined, one, two, bob);
  });

  test('a tab that hangs up calls again at once', async () => {
    await start(one, bobId);
    await until('ringing', two);
    const again = await one.evaluate(async (uid) => {
      window.callPage.hangUp();
      return window.callPage.start(uid, true);
    }, bobId);
    expect(again).toMatch(/^\d+_\d+$/);
    await hangUp(one);
    await until(undefined, one, two, bob);
  });

  test('the tab that has the call is left, and hangs up', async () => {
    for (const tab of [two, one]) {
      await talk(tab);
      await tab.goto('about:blank');
      const other = tab === one ? two : one;
      await expect.poll(async () => stateOf(other), SOON).toBe(undefined);
      await expect.poll(async () => stateOf(bob), SOON).toBe(undefined);
      expect([await lastReason(other), await lastReason(bob)]).toEqual(['hungUp', 'peerHungUp']);
      await world.openAgain(tab, 'alice');
    }
  });

  test('the only tab is left, and hangs up', async () => {
    await two.close();
    for (let round = 0; round < 3; round++) {
      await start(bob, aliceId);
      await until('ringing', one);
      await accept(one);
      await until('connected', one, bob);
      await one.goto('about:blank');
      await expect.poll(async () => stateOf(bob), SOON).toBe(undefined);
      expect(await lastReason(bob)).toBe('peerHungUp');
      await world.openAgain(one, 'alice');
    }
    two = await openTab();
  });

  test('the tab that has the call crashes: the other one is free at once', async () => {
    await talk(two);
    const session = await two.context().newCDPSession(two);
    // The answer never comes.
    void session.send('Page.crash').catch(() => undefined);
    await expect.poll(async () => stateOf(one), SOON).toBe(undefined);
    expect(await lastReason(one)).toBe('connectionLost');
    // Nobody could say so: Janus notices it.
    await hangUp(bob);
    await until(undefined, bob);
    await two.close();
    two = await openTab();
    await talk(one);
    await hangUp(one);
    await until(undefined, one, two, bob);
  });
});
