/** Calls as users make them: pages of their own, the dev server's relay and a real Janus. */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { whyNoJanus } from '../../../devserver/src/node/janus.ts';
import { accept, hangUp, incoming, leftOf, reasonsOf, start, stateOf, talk, untilState, WAIT } from './page-steps.ts';
import { openPageWorld } from './page-world.ts';
import type { PageWorld } from './page-world.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const reason = whyNoJanus();
/** Promised: the other side sees the end of a call within this time. */
const END = { timeout: 1000, interval: 20 };
const RING_MS = 4000;
const DEPLOYED_METHODS = [
  ...['destroy', 'getInCallStatus', 'getJanusObject', 'getPublishHandler', 'getSubscribeHandler', 'initRTCEngine'],
  ...['joinRoom', 'leaveRoom', 'muteLocalAudio', 'muteLocalVideo', 'muteRemoteAudio', 'muteRemoteVideo', 'publish'],
  ...['sendRTCMessage', 'subscribe', 'unPublish', 'unSubscribe'],
];

describe.skipIf(reason !== undefined)(`calls over Janus${reason ? ` (${reason})` : ''}`, () => {
  let world: PageWorld;
  let alice: Page;
  let bob: Page;
  let aliceId: string;
  let bobId: string;

  beforeAll(async () => {
    world = await openPageWorld();
    [aliceId, bobId] = ['alice', 'bob'].map((name) => world.addUser(name)) as [string, string];
    [alice, bob] = await Promise.all([world.open('alice', { ringTimeoutMs: RING_MS }), world.open('bob')]);
  });
  afterAll(() => world.close());

  let ended: Map<Page, number>;
  let recorded: Map<Page, number>;
  const recordsOf = async (page: Page) =>
    page.evaluate((peer) => window.callPage.records(peer), page === alice ? bobId : aliceId);

  beforeEach(async () => {
    ended = new Map();
    recorded = new Map();
    for (const page of [alice, bob]) {
      ended.set(page, (await reasonsOf(page)).length);
      recorded.set(page, (await recordsOf(page)).length);
    }
  });

  /** Why the calls of this test ended in a page. */
  const endsOf = async (page: Page): Promise<string[]> => (await reasonsOf(page)).slice(ended.get(page) ?? 0);
  /** How the records of this test say that calls ended. */
  const outcomesOf = async (page: Page): Promise<string[]> =>
    (await recordsOf(page)).slice(recorded.get(page) ?? 0).map(({ outcome }) => outcome);
  /** All calls have released everything, in the pages and at Janus. */
  const expectNothingLeft = async (): Promise<void> => {
    for (const page of [alice, bob]) {
      await untilState(page, undefined);
      expect(await leftOf(page)).toEqual({ connections: 0, tracks: 0 });
      for (const room of await page.evaluate(() => window.callPage.takeRooms()))
        await expect.poll(async () => world.hasRoom(room), WAIT).toBe(false);
    }
    // The line of a device to Janus ends with its last session there. That of a page that was killed has a minute.
    for (const uid of [aliceId, bobId])
      await expect.poll(() => world.server.admin.relayedSignals({ uid }).lines, WAIT).toBe(0);
  };
  const expectRecords = async (...outcomes: string[]): Promise<void> => {
    for (const page of [alice, bob]) await expect.poll(async () => outcomesOf(page), WAIT).toEqual(outcomes);
  };

  afterEach(() => {
    expect(world.console.filter((text) => /uncaught|Content Security|Trusted/.test(text))).toEqual([]);
  });

  describe.each([
    ['video', true],
    ['sound', false],
  ] as const)('a call with %s', (_kind, video) => {
    test.each([
      ['the caller', () => alice, ['hungUp', 'peerHungUp']],
      ['the callee', () => bob, ['peerHungUp', 'hungUp']],
    ] as const)('is connected, and %s ends it', async (_who, who, reasons) => {
      const since = Date.now();
      await talk(alice, bob, bobId, video);
      for (const page of [alice, bob]) {
        const before = await incoming(page);
        const grown = async (): Promise<boolean> => {
          const { frames, audioPackets } = await incoming(page);
          return audioPackets > before.audioPackets && (!video || frames > before.frames + 2);
        };
        await expect.poll(grown, WAIT).toBe(true);
        expect((await incoming(page)).frames > 0).toBe(video);
      }
      expect(Date.now() - since).toBeLessThan(5000);
      await hangUp(who());
      for (const page of [alice, bob]) await expect.poll(async () => stateOf(page), END).toBe(undefined);
      expect([...(await endsOf(alice)), ...(await endsOf(bob))]).toEqual(reasons);
      await expectRecords('answered');
      await expectNothingLeft();
    });
  });

  test('a call that is declined, or given up, leaves one record', async () => {
    await start(alice, bobId);
    await untilState(bob, 'ringing');
    await bob.evaluate(() => window.callPage.decline());
    await untilState(alice, undefined);
    await expectRecords('declined');
    await start(alice, bobId, false);
    await untilState(bob, 'ringing');
    await hangUp(alice);
    await untilState(bob, undefined);
    await expectRecords('declined', 'canceled');
    expect(await endsOf(alice)).toEqual(['peerDeclined', 'canceled']);
    expect(await endsOf(bob)).toEqual(['declined', 'peerCanceled']);
    await expectNothingLeft();
  });

  test('a call that nobody answers ends by itself', async () => {
    await start(alice, bobId);
    await untilState(bob, 'ringing');
    for (const page of [alice, bob]) await untilState(page, undefined);
    expect([...(await endsOf(alice)), ...(await endsOf(bob))]).toEqual(['timeout', 'missed']);
    await expectRecords('timeout');
    await expectNothingLeft();
  });

  test('a user in a call is busy, and that call goes on', async () => {
    world.addUser('carol');
    const carol = await world.open('carol');
    await talk(carol, bob, bobId, false);
    await start(alice, bobId);
    await untilState(alice, undefined);
    expect(await endsOf(alice)).toEqual(['busy']);
    await expectRecords('busy');
    expect(await stateOf(bob)).toBe('connected');
    await hangUp(carol);
    await expectNothingLeft();
    await carol.context().close();
  });

  test('a call while the user was away does not ring, and is missed once', async () => {
    const daveId = world.addUser('dave');
    const dave = await world.open('dave');
    await dave.goto('about:blank');
    await start(alice, daveId);
    await untilState(alice, undefined);
    expect(await endsOf(alice)).toEqual(['timeout']);
    await world.openAgain(dave, 'dave');
    await expect.poll(async () => reasonsOf(dave), WAIT).toEqual(['missed']);
    expect(await dave.evaluate(() => window.callPage.rung())).toBe(0);
    await world.openAgain(dave, 'dave');
    await start(alice, daveId);
    await untilState(dave, 'ringing');
    expect(await reasonsOf(dave)).toEqual([]);
    await hangUp(alice);
    await untilState(dave, undefined);
    await dave.context().close();
  });

  test('one device answers or declines, and the other stops ringing', async () => {
    const other = await world.open('bob');
    const ring = async (): Promise<void> => {
      await start(alice, bobId, false);
      for (const page of [bob, other]) await untilState(page, 'ringing');
    };
    await ring();
    await accept(other);
    for (const page of [alice, other]) await untilState(page, 'connected');
    await untilState(bob, undefined);
    await hangUp(other);
    await untilState(alice, undefined);
    await ring();
    await bob.evaluate(() => window.callPage.decline());
    await untilState(alice, undefined);
    expect(await reasonsOf(other)).toEqual(['hungUp', 'declinedElsewhere']);
    expect(await endsOf(bob)).toEqual(['answeredElsewhere', 'declined']);
    await ring();
    await Promise.all([accept(bob), accept(other)]);
    await untilState(alice, 'connected');
    const states = async () => Promise.all([stateOf(bob), stateOf(other)]);
    await expect.poll(async () => (await states()).sort(), WAIT).toEqual(['connected', undefined]);
    const heardBefore = await incoming(alice);
    await expect
      .poll(async () => (await incoming(alice)).audioPackets, WAIT)
      .toBeGreaterThan(heardBefore.audioPackets + 10);
    await hangUp(alice);
    await untilState(other, undefined);
    await expectRecords('answered', 'declined', 'answered');
    await expectNothingLeft();
    await other.context().close();
  });

  test('two who call each other at once are in one call', async () => {
    const since = Date.now();
    await Promise.all([start(alice, bobId), start(bob, aliceId)]);
    for (const page of [alice, bob]) await untilState(page, 'connected');
    expect(Date.now() - since).toBeLessThan(3000);
    const [one, other] = await Promise.all(
      [alice, bob].map(async (page) => page.evaluate(() => window.callPage.current())),
    );
    expect(one!.id).toBe(other!.id);
    for (const page of [alice, bob])
      await expect.poll(async () => (await incoming(page)).frames, WAIT).toBeGreaterThan(0);
    await hangUp(bob);
    await untilState(alice, undefined);
    await expectRecords('answered');
    await expectNothingLeft();
  });

  test('without the permission nothing is sent, and a call that was accepted is declined', async () => {
    const erinId = world.addUser('erin');
    const erin = await world.open('erin', { devices: 'refused' });
    const rung = await bob.evaluate(() => window.callPage.rung());
    expect(await start(erin, bobId)).toBe('UserPermissionDenied');
    expect(await erin.evaluate((peer) => window.callPage.records(peer), bobId)).toEqual([]);
    await start(alice, erinId);
    await untilState(erin, 'ringing');
    await expect(accept(erin)).rejects.toThrow('UserPermissionDenied');
    await untilState(alice, undefined);
    expect(await endsOf(alice)).toEqual(['peerDeclined']);
    expect(await reasonsOf(erin)).toEqual(['failed']);
    expect(await bob.evaluate(() => window.callPage.rung())).toBe(rung);
    await expectNothingLeft();
    await erin.context().close();
  });

  test('a page that is closed ends its call within six seconds, with one record', async () => {
    const frankId = world.addUser('frank');
    const frank = await world.open('frank');
    const recordsWithFrank = async () => alice.evaluate((peer) => window.callPage.records(peer), frankId);
    await talk(alice, frank, frankId);
    await frank.goto('about:blank');
    await expect.poll(async () => stateOf(alice), { timeout: 6000 }).toBe(undefined);
    expect((await endsOf(alice))[0]).toMatch(/^peer(HungUp|Dropped)$/);
    await expect.poll(async () => (await recordsWithFrank()).length, WAIT).toBe(1);
    await world.openAgain(frank, 'frank');
    await talk(alice, frank, frankId);
    await frank.context().close();
    await expect.poll(async () => stateOf(alice), { timeout: 6000 }).toBe(undefined);
    await expect.poll(async () => (await recordsWithFrank()).length, WAIT).toBe(2);
    await expectNothingLeft();
  });

  test('a page that uses only what the deployed SDK has calls and is called', async () => {
    expect(await alice.evaluate(() => window.callPage.deployed.methods())).toEqual(DEPLOYED_METHODS);
    const heardBy = async (page: Page) => page.evaluate(() => [...window.callPage.deployed.heard]);
    await bob.evaluate(() => window.callPage.deployed);
    await alice.evaluate((uid) => window.callPage.deployed.call(uid), bobId);
    await expect.poll(async () => heardBy(bob), WAIT).toContain('their call');
    expect(await bob.evaluate(() => window.callPage.deployed.inCall())).toBe(false);
    await bob.evaluate(() => window.callPage.deployed.accept());
    for (const page of [alice, bob]) {
      await expect.poll(async () => heardBy(page), WAIT).toContain('through');
      await expect.poll(async () => heardBy(page), WAIT).toContain('their video 1');
      expect(await heardBy(page)).toEqual(expect.arrayContaining(['own video 1', 'their audio 1']));
      expect(await page.evaluate(() => window.callPage.deployed.inCall())).toBe(true);
      await expect.poll(async () => (await incoming(page)).frames, WAIT).toBeGreaterThan(0);
    }
    await bob.evaluate(() => window.callPage.deployed.hangUp());
    await expect.poll(async () => heardBy(alice), WAIT).toContain('their hangup');
    await expectRecords('answered');
    await expectNothingLeft();
    for (const page of [alice, bob]) expect(await page.evaluate(() => window.callPage.deployed.inCall())).toBe(false);
  });
});
