import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { AnswerWait } from '../../../src/sync/answer-wait.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** @param before - requests that left before this one and have no answer yet */
function create({ patience = 1, before = 100 } = {}) {
  const traffic = { requests: before + 1, answers: 0 };
  const overdueAt: number[] = [];
  const begun = Date.now();
  const deps = { clock: systemClock, session: { patience }, answerTimeoutMs: 20_000, traffic };
  const wait = new AnswerWait(deps, () => overdueAt.push(Date.now() - begun));
  wait.begin();
  /** Lets so many seconds pass, with an answer to other requests in each that is listed. */
  const pass = (seconds: number, answerEvery = Infinity): void => {
    for (let second = 1; second <= seconds; second++) {
      if (second % answerEvery === 0) traffic.answers++;
      vi.advanceTimersByTime(1000);
    }
  };
  return { wait, overdueAt, pass };
}

test('an answer is overdue after its time when nothing comes, and later for a patient session', () => {
  for (const patience of [1, 4]) {
    const { overdueAt, pass } = create({ patience });
    pass(200);
    expect(overdueAt).toEqual([20_000 * patience]);
  }
});

test('one that is behind others on a slow line is waited for, four times as long at most', () => {
  const { overdueAt, pass } = create();
  pass(79, 15);
  expect(overdueAt).toEqual([]);
  pass(100, 15);
  expect(overdueAt).toEqual([80_000]);
});

test('an answer that others overtook is lost, and not waited for', () => {
  const { overdueAt, pass } = create({ before: 1 });
  pass(100, 5);
  expect(overdueAt).toEqual([20_000]);
});

test('the line that falls silent meanwhile ends the wait at the next turn', () => {
  const { overdueAt, pass } = create();
  pass(30, 15);
  pass(100);
  expect(overdueAt).toEqual([60_000]);
});

test('it ends, and begins again with all its time', () => {
  const { wait, overdueAt, pass } = create();
  pass(70, 15);
  wait.begin();
  pass(70, 15);
  expect(overdueAt).toEqual([]);
  wait.end();
  expect(wait.isRunning).toBe(false);
  pass(200);
  expect(overdueAt).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
