import { expect, test } from 'vitest';
import { FAULT_NAMES, isFault, makePlan, OPERATION_NAMES, parsePlan } from '../../../../scripts/chaos/plan.ts';

test('the same seed makes the same plan, and another seed another one', () => {
  expect(makePlan(7, 20_000, 5)).toEqual(makePlan(7, 20_000, 5));
  expect(makePlan(7, 20_000, 5)).not.toEqual(makePlan(8, 20_000, 5));
});

test('a plan has operations and faults of every kind, in the order of their times, on all devices', () => {
  const { steps } = makePlan(7, 600_000, 5);
  const times = steps.map(({ at }) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(new Set(steps.map(({ device }) => device))).toEqual(new Set([0, 1, 2, 3, 4]));
  expect([...new Set(steps.map(({ what }) => what))].sort()).toEqual([...OPERATION_NAMES, ...FAULT_NAMES].sort());
  expect(steps.map(({ id }) => id)).toEqual(steps.map((_, index) => index));
});

test('a kind that is left out does not happen', () => {
  const steps = makePlan(7, 60_000, 5, FAULT_NAMES).steps;
  expect(steps.length).toBeGreaterThan(100);
  expect(steps.filter(({ what }) => isFault(what))).toEqual([]);
});

test('a stored plan is read again, and something else is refused', () => {
  const plan = makePlan(7, 2000, 5);
  expect(parsePlan(JSON.stringify(plan))).toEqual(plan);
  const unknown = { ...plan, steps: [{ ...plan.steps[0], what: 'earthquake' }] };
  for (const text of ['{}', '[]', JSON.stringify(unknown)]) expect(() => parsePlan(text)).toThrow('no plan');
});
