import { expect, test } from 'vitest';
import { createChronicle, MAX_STEPS } from '../../../src/chronicle/chronicle.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';

test('a step says when it happened, and its details where its code has some', () => {
  let now = 1000;
  const { write, steps } = createChronicle({ ...systemClock, now: () => now });
  write('online');
  now = 2000;
  write('connecting', { host: 'https://a' });
  expect(steps()).toEqual([
    { at: 1000, code: 'online' },
    { at: 2000, code: 'connecting', details: { host: 'https://a' } },
  ]);
});

test('the newest steps are kept, and what was handed out does not change', () => {
  const { write, steps } = createChronicle(systemClock);
  for (let rows = 0; rows <= MAX_STEPS; rows++) write('resent', { rows });
  const before = steps();
  write('resent', { rows: -1 });
  expect(before.length).toBe(MAX_STEPS);
  expect(before[0]).toMatchObject({ details: { rows: 1 } });
  expect(steps().length).toBe(MAX_STEPS);
  expect(steps()[MAX_STEPS - 1]).toMatchObject({ details: { rows: -1 } });
  expect(before[MAX_STEPS - 1]).toMatchObject({ details: { rows: MAX_STEPS } });
});
