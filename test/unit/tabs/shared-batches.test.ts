import { expect, test } from 'vitest';
import { StoreOverlay } from '../../../src/store/store-changes.ts';
import { ReportLog } from '../../../src/tabs/report-log.ts';
import { callName, SharedBatches } from '../../../src/tabs/shared-batches.ts';

const changes = new StoreOverlay().changes();

function createBatches({ log = new ReportLog(), isFollowed = true } = {}) {
  const sent: string[] = [];
  const batches = new SharedBatches({
    log,
    isFollowed: () => isFollowed,
    send: (message) => sent.push(message.type === 'batch' ? `batch ${message.batch.number}` : message.type),
    onVisible: () => undefined,
  });
  const store = (call?: string): unknown => {
    const value = batches.onBatch({ changes, reports: [{ events: [{ type: 'list' }], call }] });
    batches.onStored();
    return value;
  };
  return { batches, sent, store, log };
}

test('a batch is shown before it is stored, and once more when it is', () => {
  const { batches, sent } = createBatches();
  batches.onBatch({ changes, reports: [] });
  expect(sent).toEqual(['batch 1']);
  expect(batches.stored).toBe(0);
  batches.onStored();
  expect(sent).toEqual(['batch 1', 'stored']);
  expect(batches.stored).toBe(1);
});

test('a batch that was refused leaves its number to the next', () => {
  const { batches, sent, store } = createBatches();
  batches.onBatch({ changes, reports: [] });
  batches.onRefused();
  store();
  expect(sent).toEqual(['batch 1', 'refused', 'batch 1', 'stored']);
});

test('the next leading tab knows the number, the last change of each tab and the last events', () => {
  const { store } = createBatches();
  store(callName('a', 1));
  store(callName('b', 7));
  const stored = store(callName('a', 2));
  const next = createBatches();
  next.batches.onOpen(structuredClone(stored));
  next.batches.logLast();
  expect(next.batches.stored).toBe(3);
  expect([1, 2, 3].map((number) => next.batches.hasStored('a', number))).toEqual([true, true, false]);
  expect(next.batches.hasStored('b', 7)).toBe(true);
  expect(next.log.since(2, 3)).toMatchObject([{ number: 3, reports: [{ call: 'a:2' }] }]);
});

test.each([undefined, null, 5, 'x', { number: 'x', changes: [5, ['a']], reports: [5] }])(
  'what a database has instead is left out: %j',
  (stored) => {
    const { batches, log } = createBatches();
    batches.onOpen(stored);
    batches.logLast();
    expect(batches.stored).toBe(0);
    expect(log.since(0, 1)).toBeUndefined();
  },
);

test('a tab that is alone stores nothing for others', () => {
  const { store, sent } = createBatches({ isFollowed: false });
  expect(store()).toBeUndefined();
  expect(sent).toEqual(['batch 1', 'stored']);
});

test('the log has what a tab missed, or says that it has not', () => {
  const log = new ReportLog();
  const batch = (number: number, events = 1): void =>
    log.add({ number, reports: [{ events: Array.from({ length: events }, () => ({ type: 'list' as const })) }] });
  expect(log.since(4, 4)).toEqual([]);
  expect(log.since(3, 4)).toBeUndefined();
  batch(4);
  batch(5);
  expect(log.since(3, 5)?.map(({ number }) => number)).toEqual([4, 5]);
  expect(log.since(2, 5)).toBeUndefined();
  expect(log.since(5, 6)).toBeUndefined();
  batch(6, 3000);
  expect(log.since(4, 6)).toBeUndefined();
  expect(log.since(5, 6)?.length).toBe(1);
  batch(9);
  expect(log.since(6, 9)).toBeUndefined();
});
