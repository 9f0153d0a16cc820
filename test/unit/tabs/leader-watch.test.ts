import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LeaderWatch } from '../../../src/tabs/leader-watch.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import type { LifecycleEvent } from '../../../src/platform/ports.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function createWatch({ isWaiting = false } = {}) {
  let emit: (event: LifecycleEvent) => void = () => undefined;
  const state = { isWaiting, pings: 0, hung: 0, answers: true };
  const watch: LeaderWatch = new LeaderWatch({
    clock: systemClock,
    lifecycle: {
      subscribe: (listener) => {
        emit = listener;
        return () => undefined;
      },
    },
    isWaiting: () => state.isWaiting,
    ping: () => {
      state.pings++;
      if (state.answers) watch.heard();
    },
    onHung: () => state.hung++,
  });
  watch.start();
  return { watch, state, emit: (event: LifecycleEvent) => emit(event) };
}

test('a leading tab that answers is never given up', () => {
  const { state } = createWatch({ isWaiting: true });
  vi.advanceTimersByTime(60_000);
  expect(state.hung).toBe(0);
  expect(state.pings).toBeGreaterThan(100);
});

test('one that is silent is given up within a second, for whoever waits', () => {
  const { state } = createWatch({ isWaiting: true });
  state.answers = false;
  vi.advanceTimersByTime(1000);
  expect(state.hung).toBe(1);
});

test('calls in a row do not put the question off', () => {
  const { watch, state } = createWatch();
  Object.assign(state, { answers: false, isWaiting: true });
  for (let ms = 0; ms < 1100; ms += 50) {
    watch.look();
    vi.advanceTimersByTime(50);
  }
  expect(state.hung).toBe(1);
});

test('a tab in the background that waits for nothing does not ask', () => {
  const { state, emit } = createWatch();
  emit('hide');
  vi.advanceTimersByTime(2000);
  const { pings } = state;
  vi.advanceTimersByTime(60_000);
  expect(state.pings).toBe(pings);
  state.answers = false;
  emit('show');
  vi.advanceTimersByTime(2000);
  expect(state.hung).toBe(1);
});
