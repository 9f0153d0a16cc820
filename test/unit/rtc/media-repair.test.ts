import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MediaRepair } from '../../../src/rtc/media-repair.ts';
import { FakeJanus } from './fake-janus.ts';

const heard: string[] = [];
let repair: MediaRepair;

beforeEach(() => {
  vi.useFakeTimers();
  heard.length = 0;
  const at = (what: string) => (): void => void heard.push(`${what} ${Date.now() - begin}`);
  const begin = Date.now();
  repair = new MediaRepair(new FakeJanus().port.clock, {
    onBroken: at('broken'),
    onHealed: at('healed'),
    tryAgain: at('try'),
  });
});

afterEach(() => {
  repair.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('a short gap passes by itself', () => {
  repair.breaks(false);
  vi.advanceTimersByTime(1999);
  repair.heals();
  vi.advanceTimersByTime(60_000);
  expect(heard).toEqual([]);
});

test('one that stays is broken after 2 s, and tried again at 6, 9, 15 and 27 s', () => {
  repair.breaks(false);
  vi.advanceTimersByTime(60_000);
  expect(heard).toEqual(['broken 2000', 'try 6000', 'try 9000', 'try 15000', 'try 27000']);
  repair.heals();
  expect(heard.at(-1)).toBe('healed 60000');
});

test('what does not come back by itself is tried at once, and once', () => {
  repair.breaks(false);
  vi.advanceTimersByTime(1000);
  repair.breaks(true);
  repair.breaks(true);
  vi.advanceTimersByTime(3000);
  expect(heard).toEqual(['broken 1000', 'try 1000', 'try 4000']);
});

test('a chance is taken at once, and only while it is broken', () => {
  repair.tryNow();
  expect(heard).toEqual([]);
  repair.breaks(false);
  vi.advanceTimersByTime(3000);
  repair.tryNow();
  expect(heard).toEqual(['broken 2000', 'try 3000']);
});
