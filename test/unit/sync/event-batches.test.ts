import { expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { createBatchedEmit } from '../../../src/sync/event-batches.ts';
import type { SyncEvent } from '../../../src/sync/sync-events.ts';
import { emitted } from './harness.ts';

const status = (mid: number): SyncEvent => ({ type: 'status', key: 'r200', mid: String(mid) });
const many = (from: number): SyncEvent[] => Array.from({ length: 2000 }, (_, at) => status(from + at));

test('events of a huge page are emitted bit by bit, before those of later commits', async () => {
  const events: SyncEvent[] = [];
  const seen: number[] = [];
  const emit = createBatchedEmit((more) => void events.push(...more), systemClock);
  const watch = setInterval(() => seen.push(events.length), 0);
  const first = emit(many(0));
  // The others come while those are emitted.
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(events.length).toBeLessThan(2000);
  await Promise.all([first, emit([status(5000), { type: 'list' }]), emit([{ type: 'list' }])]);
  clearInterval(watch);
  expect(emitted(events)).toEqual([...emitted(many(0)), 'status r200 5000', 'list']);
  expect(new Set(seen).size).toBeGreaterThan(1);
});

test('events of a page of normal size are emitted together', async () => {
  const calls: number[] = [];
  const emit = createBatchedEmit((events) => void calls.push(events.length), systemClock);
  await emit(many(0).slice(0, 300));
  expect(calls).toEqual([300]);
});
