import { expect, test } from 'vitest';
import { compareIds } from '../../../src/model/ids.ts';
import type { Clock } from '../../../src/platform/ports.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { ClientMids } from '../../../src/sync/client-mid.ts';
import { fc } from '../../support/property.ts';

const NOW = 1_700_000_000_000;

function create(now: () => number = () => NOW, random = 0.5): ClientMids {
  const clock: Clock = { ...systemClock, now };
  return new ClientMids({ clock, random: () => random });
}

const take = (mids: ClientMids, count: number): string[] => Array.from({ length: count }, () => mids.next());
const isAscending = (ids: string[]): boolean => ids.every((id, at) => at === 0 || compareIds(ids[at - 1]!, id) < 0);

test('a burst in one millisecond makes ascending ids', () => {
  const ids = take(create(), 5000);
  expect(isAscending(ids)).toBe(true);
});

test('an id is exact as a number, until the year 2248', () => {
  expect(Number.isSafeInteger(Number(create(undefined, 0.9999999).next()))).toBe(true);
  const newYear = Date.UTC(2248, 0, 1);
  expect(Number.isSafeInteger(Number(create(() => newYear, 0.9999999).next()))).toBe(true);
});

test('a clock that is set back makes no repeated and no lower id', () => {
  const times = [NOW, NOW + 5, NOW - 86_400_000, NOW - 86_400_000, NOW + 6];
  const mids = create(() => times.shift() ?? NOW);
  expect(isAscending(take(mids, 6))).toBe(true);
});

test('ids ascend however the clock moves', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (steps) => {
      let now = NOW;
      let at = 0;
      const mids = create(() => (now += steps[at++ % steps.length]!));
      expect(isAscending(take(mids, 50))).toBe(true);
    }),
  );
});

test('a later run continues above the ids of an earlier one, also with its clock set back', () => {
  const first = create(() => NOW, 0.999);
  const last = take(first, 100).pop()!;
  for (const now of [NOW - 1_000_000, NOW, NOW + 50, NOW + 99, NOW + 1000]) {
    const second = create(() => now, 0);
    second.startAfter(last);
    expect(compareIds(second.next(), last)).toBeGreaterThan(0);
  }
});

test('an id of an earlier run does not make this run go back', () => {
  const mids = create();
  const before = mids.next();
  mids.startAfter('1000');
  expect(compareIds(mids.next(), before)).toBeGreaterThan(0);
});

test('an id above 2^53 in the store, of another program, is not followed', () => {
  const mids = create();
  mids.startAfter('18446744073709551615');
  expect(Number.isSafeInteger(Number(mids.next()))).toBe(true);
});

test('clients with different lanes make different ids at the same moment', () => {
  const lanes = [0, 0.25, 0.5, 0.999].map((random) => take(create(undefined, random), 1000));
  expect(new Set(lanes.flat()).size).toBe(4000);
});
