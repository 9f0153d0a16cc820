/** Calls with deployed clients, scripted: pages of their own, the dev server's relay and a real Janus. */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { whyNoJanus } from '../../../devserver/src/node/janus.ts';
import type { DeployedKind } from './deployed-peer.ts';
import { accept, hangUp, incoming, leftOf, outcomesOf, reasonsOf, start, untilState, WAIT } from './page-steps.ts';
import { openPageWorld } from './page-world.ts';
import type { PageWorld } from './page-world.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const reason = whyNoJanus();

/** A user of ours and one with a deployed client. The user who is added first has the smaller id. */
interface Pair {
  readonly own: Page;
  readonly ownName: string;
  readonly peer: Page;
  readonly ownId: string;
  readonly peerId: string;
  /** Calls that have left a record. */
  calls: number;
}

describe.skipIf(reason !== undefined)(`calls with deployed clients${reason ? ` (${reason})` : ''}`, () => {
  let world: PageWorld;
  let number = 0;
  beforeAll(async () => {
    world = await openPageWorld();
  });
  afterAll(() => world.close());
  afterEach(() => {
    expect(world.console.filter((text) => /uncaught|Content Security|Trusted/.test(text))).toEqual([]);
  });

  async function openPair(kind: DeployedKind, isOwnFirst = true): Promise<Pair> {
    const [ownName, peerName] = [`own ${++number}`, `${kind} ${number}`];
    const early = isOwnFirst ? undefined : await world.openPeer(kind, peerName);
    const ownId = world.addUser(ownName);
    const own = await world.open(ownName);
    const { page: peer, uid: peerId } = early ?? (await world.openPeer(kind, peerName));
    return { own, ownName, peer, ownId, peerId, calls: 0 };
  }

  describe.each(['web', 'native'] as const)('the %s client', (kind) => {
    let pair: Pair;
    beforeAll(async () => {
      pair = await openPair(kind);
    });
    afterAll(() => closePair(pair));
    beforeEach(async () => {
      pair.calls = (await recordsOf(pair)).length;
    });

    test.each([
      ['it calls', 'hangs up', true, true],
      ['it calls', 'is hung up', true, false],
      ['it is called', 'hangs up', false, true],
      ['it is called', 'is hung up', false, false],
    ] as const)('%s and %s', async (_call, _end, isCaller, hangsUp) => {
      await (isCaller ? theyCall : weCall)(pair);
      await expectMedia(pair);
      if (hangsUp) await pair.peer.evaluate(async () => window.peerPage.hangUp());
      else await hangUp(pair.own);
      await untilOver(pair);
      expect((await reasonsOf(pair.own)).at(-1)).toBe(hangsUp ? 'peerHungUp' : 'hungUp');
      await expectRecord(pair, { outcome: 'answered', isOwn: !isCaller });
    });

    test('it sees our screen in the place of the camera; its camera and ours go off and on', async () => {
      await weCall(pair);
      await expectMedia(pair);
      const seen = async () => (await seenBy(pair)).width;
      expect(await seen()).toBeLessThan(1000);
      expect(await pair.own.evaluate(async () => window.callPage.shareScreen())).toBe(undefined);
      await expect.poll(seen, WAIT).toBeGreaterThan(1000);
      await pair.own.evaluate(() => window.callPage.stopSharing());
      await expect.poll(seen, WAIT).toBeLessThan(1000);
      const isOff = async () => pair.own.evaluate(() => window.callPage.isPeerCameraOff());
      for (const isOn of [false, true]) {
        await pair.peer.evaluate(async (to) => window.peerPage.setCamera(to), isOn);
        await expect.poll(isOff, WAIT).toBe(!isOn);
        await pair.own.evaluate(async (to) => window.callPage.setCamera(to), isOn);
        await expect.poll(async () => (await viewOf(pair)).heard.at(-1), WAIT).toBe(`camera ${isOn ? 'on' : 'off'}`);
      }
      await hangUp(pair.own);
      await untilOver(pair);
      await expectRecord(pair, { outcome: 'answered', isOwn: true });
    });

    test('a call with sound only has no place for a screen', async () => {
      await theyCall(pair, false);
      await expectMedia(pair, false);
      expect(await pair.own.evaluate(async () => window.callPage.shareScreen())).toBe('GeneralError');
      await pair.peer.evaluate(async () => window.peerPage.hangUp());
      await untilOver(pair);
      await expectRecord(pair, { outcome: 'answered', isOwn: false });
    });

    test.each([
      ['it declines', false, 'peer', 'decline', 'peerDeclined', 'declined'],
      ['it gives up', true, 'peer', 'hangUp', 'peerCanceled', 'canceled'],
      ['we decline', true, 'own', 'decline', 'declined', 'declined'],
      ['we give up', false, 'own', 'hangUp', 'canceled', 'canceled'],
    ] as const)('nobody talks: %s', async (_who, isCaller, who, what, ended, outcome) => {
      await (isCaller ? theyRing : weRing)(pair);
      if (who === 'peer') await pair.peer.evaluate(async (does) => window.peerPage[does](), what);
      else await pair.own.evaluate((does) => window.callPage[does](), what);
      await untilOver(pair);
      expect((await reasonsOf(pair.own)).at(-1)).toBe(ended);
      await expectRecord(pair, { outcome, isOwn: !isCaller });
    });
  });

  test('signals may come in pages of other forms', async () => {
    const pair = await openPair('web');
    for (const form of [{ xid: 'own' }, { eager: false }, { xid: 'own', eager: false }] as const) {
      world.server.admin.setSignals(form);
      await theyCall(pair);
      await expectMedia(pair);
      await hangUp(pair.own);
      await untilOver(pair);
      await expectRecord(pair, { outcome: 'answered', isOwn: false });
    }
    world.server.admin.setSignals({});
    await closePair(pair);
  });

  test('an app that uses only rtcManage calls it and is called', async () => {
    const pair = await openPair('native');
    const { own, peer } = pair;
    const heard = async () => own.evaluate(() => [...window.callPage.deployed.heard]);
    await own.evaluate((uid) => window.callPage.deployed.call(uid), pair.peerId);
    await expect.poll(async () => (await viewOf(pair)).state, WAIT).toBe('shows');
    await peer.evaluate(async () => window.peerPage.accept());
    await expectMedia(pair);
    expect(await heard()).toEqual(expect.arrayContaining(['through', 'their video 1', 'their audio 1']));
    await peer.evaluate(async () => window.peerPage.hangUp());
    await untilOver(pair);
    await expectRecord(pair, { outcome: 'answered', isOwn: true });
    await theyRing(pair);
    await own.evaluate(() => window.callPage.deployed.accept());
    await expectMedia(pair);
    await own.evaluate(() => window.callPage.deployed.hangUp());
    await untilOver(pair);
    await expectRecord(pair, { outcome: 'answered', isOwn: false });
    await closePair(pair);
  });

  test('a user in a call is busy, and that call goes on', async () => {
    const pair = await openPair('web');
    const others = await openPair('native');
    await weCall(pair);
    await expectMedia(pair);
    await start(others.own, pair.peerId);
    await expect.poll(async () => reasonsOf(others.own), WAIT).toEqual(['busy']);
    await others.peer.evaluate(async (uid) => window.peerPage.call(uid, true), pair.ownId);
    await expect.poll(async () => (await viewOf(others)).heard, WAIT).toContain('hangup busy');
    expect(await outcomesOf(others.own, pair.peerId)).toEqual(['busy']);
    await expect.poll(async () => outcomesOf(pair.own, others.peerId), WAIT).toEqual(['busy']);
    await expectMedia(pair);
    await hangUp(pair.own);
    await untilOver(pair);
    await expectRecord(pair, { outcome: 'answered', isOwn: true });
    for (const each of [pair, others]) await closePair(each);
  });

  test('it has no devices: it sees and hears us, and the call is connected after ten seconds', async () => {
    const ownName = `own ${++number}`;
    const ownId = world.addUser(ownName);
    const own = await world.open(ownName);
    const { page: peer, uid: peerId } = await world.openPeer('web', `web ${number}`, 'none');
    const pair = { own, ownName, peer, ownId, peerId, calls: 0 };
    await weCall(pair);
    await untilState(own, 'connected');
    await expect.poll(async () => (await seenBy(pair)).frames, WAIT).toBeGreaterThan(3);
    await hangUp(own);
    await untilOver(pair);
    await expectRecord(pair, { outcome: 'answered', isOwn: true });
    await closePair(pair);
  });

  test('it vanishes, and the record says so', async () => {
    const pair = await openPair('web');
    await theyCall(pair);
    await expectMedia(pair);
    await pair.peer.evaluate(() => window.peerPage.vanish());
    await expect.poll(async () => reasonsOf(pair.own), WAIT).toEqual(['peerDropped']);
    await expect.poll(async () => recordsOf(pair), WAIT).toMatchObject([{ outcome: 'interrupted', isOwn: false }]);
    await closePair(pair);
  });

  test('our page is left, and there is one record', async () => {
    const pair = await openPair('native');
    await theyCall(pair);
    await expectMedia(pair);
    await pair.own.goto('about:blank');
    await expect.poll(async () => viewOf(pair), WAIT).toMatchObject({ state: 'idle', isInCall: false });
    await world.openAgain(pair.own, pair.ownName);
    await expectRecord(pair, { isOwn: false });
    await closePair(pair);
  });

  test.each([
    ['we have the smaller id', true],
    ['it has the smaller id', false],
  ])('both call each other, and %s: one call', async (_who, isOwnFirst) => {
    const pair = await openPair('web', isOwnFirst);
    // Both calls are on their way at once.
    await pair.peer.evaluate(() => window.peerPage.hold());
    await start(pair.own, pair.peerId);
    await pair.peer.evaluate(async (uid) => window.peerPage.call(uid, true), pair.ownId);
    await pair.peer.evaluate(() => window.peerPage.release());
    await expectMedia(pair);
    await hangUp(pair.own);
    await untilOver(pair);
    await expectRecord(pair, { outcome: 'answered', isOwn: false });
    await closePair(pair);
  });
});

const closePair = async ({ own, peer }: Pair): Promise<void> => {
  await own.context().close();
  await peer.context().close();
};

const viewOf = async ({ peer }: Pair) => peer.evaluate(() => window.peerPage.view());
const seenBy = async ({ peer }: Pair) => peer.evaluate(async () => window.peerPage.countIncoming());
const recordsOf = async ({ own, peerId }: Pair) => own.evaluate((id) => window.callPage.records(id), peerId);

async function weRing(pair: Pair, video = true): Promise<void> {
  await start(pair.own, pair.peerId, video);
  await expect.poll(async () => (await viewOf(pair)).state, WAIT).toBe('shows');
}

async function weCall(pair: Pair, video = true): Promise<void> {
  await weRing(pair, video);
  await pair.peer.evaluate(async () => window.peerPage.accept());
}

async function theyRing(pair: Pair, video = true): Promise<void> {
  const { peer, ownId } = pair;
  await peer.evaluate(async ([uid, isVideo]) => window.peerPage.call(uid, isVideo), [ownId, video] as const);
  await untilState(pair.own, 'ringing');
}

async function theyCall(pair: Pair, video = true): Promise<void> {
  await theyRing(pair, video);
  await accept(pair.own);
}

/** Both sides get pictures and sound. */
async function expectMedia(pair: Pair, video = true): Promise<void> {
  await untilState(pair.own, 'connected');
  await expect.poll(async () => (await viewOf(pair)).state, WAIT).toBe('talks');
  const flows = ({ frames, audioPackets }: { frames: number; audioPackets: number }) =>
    audioPackets > 3 && frames > 3 === video;
  await expect.poll(async () => flows(await incoming(pair.own)), WAIT).toBe(true);
  await expect.poll(async () => flows(await seenBy(pair)), WAIT).toBe(true);
}

/** Neither side is in a call, and the deployed client knows it. Janus has refused nothing of it. */
async function untilOver(pair: Pair): Promise<void> {
  await untilState(pair.own, undefined);
  await expect.poll(async () => viewOf(pair), WAIT).toMatchObject({ state: 'idle', isInCall: false });
  expect(await leftOf(pair.own)).toEqual({ connections: 0, tracks: 0 });
  expect((await viewOf(pair)).heard.filter((words) => words.startsWith('janus'))).toEqual([]);
}

/** Both have one more record, and it is the same. */
async function expectRecord(pair: Pair, expected: object): Promise<void> {
  const count = ++pair.calls;
  await expect.poll(async () => recordsOf(pair), WAIT).toHaveLength(count);
  const [record] = (await recordsOf(pair)).slice(-1);
  const { initiator = '', durationMs } = record ?? {};
  expect(record).toMatchObject(expected);
  expect(initiator).toBe(record?.isOwn ? pair.ownId : pair.peerId);
  const records = await pair.peer.evaluate((id) => window.peerPage.records(id), pair.ownId);
  expect(records).toHaveLength(count);
  if (durationMs !== undefined) expect(records.at(-1)).toBe(String(durationMs));
}
