import { describe, expect, test } from 'vitest';
import { createChronicle } from '../../../src/chronicle/chronicle.ts';
import type { Step } from '../../../src/chronicle/step.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { NOT_CAUGHT_UP } from '../../../src/store/schema.ts';
import { CatchUp } from '../../../src/sync/catch-up.ts';
import { openTestStore, PEER, SELF } from './harness.ts';
import type { TestStore } from './harness.ts';

const SERIAL = 3;

/** Items with these ids from the peer, or from one's own device of this serial. */
const items = (ids: readonly number[], uid = PEER, deviceSN = 1) =>
  ids.map((id) => ({ id: String(id), from: { uid, deviceSN } }));

interface TestCatchUp {
  catchUp: CatchUp;
  /** Stores a page of the peer's queue. @returns how each item came */
  page(ids: readonly number[]): Promise<string[]>;
  timesCaughtUp(): number;
  /** What it wrote. */
  steps(): Step[];
  test: TestStore;
}

async function online(test: TestStore): Promise<TestCatchUp> {
  const { write, steps } = createChronicle(systemClock);
  let caughtUp = 0;
  const catchUp = new CatchUp({
    store: test.store,
    emit: () => undefined,
    emitBatched: async () => undefined,
    beforeStored: () => undefined,
    self: SELF,
    clock: systemClock,
    session: { caughtUp: () => caughtUp++ },
    write,
  });
  catchUp.online(SERIAL);
  return {
    catchUp,
    steps,
    timesCaughtUp: () => caughtUp,
    test,
    async page(ids) {
      const page = items(ids);
      const arrivals = page.map(catchUp.take(PEER, page));
      await test.store.update((tx) => catchUp.settle(tx, PEER));
      return arrivals;
    },
  };
}

async function newDevice(): Promise<TestCatchUp> {
  const test = await openTestStore();
  await test.store.update((tx) => tx.setFirstCatchUp(NOT_CAUGHT_UP));
  return online(test);
}

/** Another run on the same data. */
async function restarted({ test }: TestCatchUp): Promise<TestCatchUp> {
  await test.store.update(() => undefined);
  return online(await test.reopen());
}

const waiting = (count: number): ReadonlyMap<string, number> => new Map([[PEER, count]]);

describe('the history of a session', () => {
  test('has the begin and the end of the sync, once, with what came', async () => {
    const { catchUp, page, steps, timesCaughtUp } = await newDevice();
    catchUp.finished();
    // Nothing was listed yet.
    expect(timesCaughtUp()).toBe(0);
    catchUp.listed(waiting(3));
    await page([1, 2]);
    await page([3, 4]);
    catchUp.reachedEnd(PEER);
    expect(timesCaughtUp()).toBe(1);
    catchUp.finished();
    catchUp.listed(waiting(1));
    expect(steps()).toMatchObject([
      { code: 'catchUpBegun', details: { conversations: 1, items: 3 } },
      { code: 'caughtUp', details: { items: 4 } },
    ]);
    expect(timesCaughtUp()).toBe(1);
    catchUp.online(SERIAL);
    catchUp.listed(waiting(0));
    catchUp.finished();
    expect(timesCaughtUp()).toBe(2);
  });
});

describe('on a new device', () => {
  test('what was listed is history, and what the server gave notice of since is live', async () => {
    const { catchUp, page } = await newDevice();
    catchUp.listed(waiting(3));
    expect(await page([1, 2])).toEqual(['history', 'history']);
    catchUp.noticed(PEER, 2);
    expect(await page([3, 4, 5])).toEqual(['history', 'live', 'live']);
    catchUp.reachedEnd(PEER);
    expect(await page([6])).toEqual(['live']);
  });

  test('the list counts also what the server gave notice of before it', async () => {
    const { catchUp, page } = await newDevice();
    catchUp.noticed(PEER, 1);
    catchUp.listed(waiting(3));
    expect(await page([1, 2, 3])).toEqual(['history', 'history', 'live']);
  });

  test('a page that comes twice counts once', async () => {
    const { catchUp, page } = await newDevice();
    catchUp.listed(waiting(3));
    catchUp.noticed(PEER, 1);
    expect(await page([1, 2])).toEqual(['history', 'history']);
    expect(await page([1, 2])).toEqual(['history', 'history']);
    expect(await page([3, 4])).toEqual(['history', 'live']);
  });

  test('a server that counts otherwise makes no old message live', async () => {
    const { catchUp, page } = await newDevice();
    catchUp.listed(waiting(1));
    catchUp.noticed(PEER, 1);
    expect(await page([1, 2, 3, 4])).toEqual(['history', 'history', 'history', 'history']);
    expect(await page([5])).toEqual(['history']);
    catchUp.reachedEnd(PEER);
    expect(await page([6])).toEqual(['live']);
  });

  test('before the list came, everything is history', async () => {
    const { catchUp, page } = await newDevice();
    catchUp.noticed(PEER, 5);
    expect(await page([1])).toEqual(['history']);
  });

  test('a run that ended in the first catch-up is still in it, and one that ended after it is not', async () => {
    const first = await newDevice();
    first.catchUp.listed(waiting(3));
    expect(await first.page([1])).toEqual(['history']);
    const second = await restarted(first);
    second.catchUp.listed(waiting(3));
    expect(await second.page([2, 3, 4])).toEqual(['history', 'history', 'history']);
    second.catchUp.reachedEnd(PEER);
    const third = await restarted(second);
    third.catchUp.listed(waiting(1));
    expect(await third.page([5])).toEqual(['waiting']);
  });

  test('a queue is caught up with when a live message came there, also when the run ends then', async () => {
    const first = await newDevice();
    first.catchUp.listed(
      new Map([
        [PEER, 1],
        ['300', 5],
      ]),
    );
    first.catchUp.noticed(PEER, 1);
    expect(await first.page([1, 2])).toEqual(['history', 'live']);
    const second = await restarted(first);
    second.catchUp.listed(
      new Map([
        [PEER, 1],
        ['300', 5],
      ]),
    );
    expect(await second.page([3])).toEqual(['waiting']);
    const [old] = items([4]);
    expect(second.catchUp.take('300', [old!])(old!)).toBe('history');
  });

  test('a queue that could not be synced costs itself only', async () => {
    const first = await newDevice();
    first.catchUp.listed(
      new Map([
        [PEER, 1],
        ['300', 1],
      ]),
    );
    first.catchUp.reachedEnd('300');
    first.catchUp.finished();
    const second = await restarted(first);
    second.catchUp.listed(
      new Map([
        [PEER, 2],
        ['300', 1],
      ]),
    );
    const [away] = items([5]);
    expect(second.catchUp.take('300', [away!])(away!)).toBe('waiting');
    expect(await second.page([1, 2])).toEqual(['history', 'history']);
    second.catchUp.reachedEnd(PEER);
    const third = await restarted(second);
    third.catchUp.listed(waiting(1));
    expect(await third.page([3])).toEqual(['waiting']);
  });
});

test('a database of an earlier release is one of a device that has caught up', async () => {
  const { catchUp, page } = await online(await openTestStore());
  catchUp.listed(waiting(1));
  catchUp.noticed(PEER, 1);
  expect(await page([1, 2])).toEqual(['waiting', 'live']);
});

test('what this device sent is live, and what another device of the user sent is as all else', async () => {
  const { catchUp } = await newDevice();
  catchUp.listed(waiting(2));
  const [here] = items([1], SELF, SERIAL);
  const [there] = items([2], SELF, SERIAL + 1);
  expect([here!, there!].map(catchUp.take(PEER, [here!, there!]))).toEqual(['live', 'history']);
});
