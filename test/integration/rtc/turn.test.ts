/** Calls by way of a TURN server, with credentials of the app, over a real Janus. */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { whyNoJanus } from '../../../devserver/src/node/janus.ts';
import { openTurn, whyNoTurn } from '../../support/turn-server.ts';
import type { TestTurn } from '../../support/turn-server.ts';
import { accept, hangUp, incoming, start, stateOf, untilState, WAIT } from './page-steps.ts';
import { openPageWorld } from './page-world.ts';
import type { PageWorld } from './page-world.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const reason = whyNoJanus() ?? whyNoTurn();
/** Of a browser, until it notices that nothing passes, and of the first tries. */
const HEALED = { timeout: 30_000, interval: 100 };

describe.skipIf(reason !== undefined)(`calls by way of TURN${reason ? ` (${reason})` : ''}`, () => {
  let world: PageWorld;
  let turn: TestTurn;
  let bob: Page;
  let bobId: string;
  let number = 0;

  beforeAll(async () => {
    [world, turn] = await Promise.all([openPageWorld(), openTurn()]);
    bobId = world.addUser('bob');
    bob = await world.open('bob');
  });
  afterAll(async () => {
    await world.close();
    await turn.stop();
  });
  beforeEach(() => turn.accept('good'));
  afterEach(() => {
    expect(world.console.filter((text) => /uncaught|good|wrong|turn:/.test(text))).toEqual([]);
  });

  /** A page whose media goes by way of TURN. Two credentials or more come from a function. */
  async function openCaller(...credentials: string[]): Promise<Page> {
    const name = `caller ${++number}`;
    world.addUser(name);
    const { url, username } = turn;
    return world.open(name, { turn: { url, username, credentials } });
  }
  const framesOf = async (page: Page) => (await incoming(page)).frames;
  async function ring(page: Page): Promise<void> {
    await start(page, bobId);
    await untilState(bob, 'ringing');
    await accept(bob);
  }
  async function end(page: Page): Promise<void> {
    await hangUp(page);
    await untilState(bob, undefined);
    await page.context().close();
  }

  test('with a good credential all media is relayed', async () => {
    const page = await openCaller('good');
    await ring(page);
    for (const each of [page, bob]) {
      await untilState(each, 'connected');
      await expect.poll(async () => framesOf(each), WAIT).toBeGreaterThan(0);
    }
    expect(await page.evaluate(async () => window.callPage.ways())).toEqual(['relay', 'relay']);
    await end(page);
  });

  test('a credential that is refused ends the call at once, on both sides', async () => {
    const page = await openCaller('wrong');
    await ring(page);
    for (const each of [page, bob]) await untilState(each, undefined);
    expect(await page.evaluate(() => window.callPage.errors())).toEqual(['ServerConnectFailed']);
    await page.context().close();
  });

  test('a connection that is repaired asks for a new credential', async () => {
    const page = await openCaller('good', 'new');
    await ring(page);
    for (const each of [page, bob]) await untilState(each, 'connected');
    await turn.accept('new');
    await expect.poll(async () => stateOf(page), HEALED).toBe('reconnecting');
    await expect.poll(async () => stateOf(page), HEALED).toBe('connected');
    expect(await page.evaluate(() => window.callPage.asked())).toBeGreaterThan(1);
    const before = await framesOf(page);
    await expect.poll(async () => framesOf(page), WAIT).toBeGreaterThan(before);
    expect(await page.evaluate(async () => window.callPage.ways())).toEqual(['relay', 'relay']);
    await end(page);
  });
});
