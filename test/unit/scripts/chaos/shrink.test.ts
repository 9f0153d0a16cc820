import { expect, test } from 'vitest';
import { makePlan } from '../../../../scripts/chaos/plan.ts';
import type { Plan } from '../../../../scripts/chaos/plan.ts';
import { shrink } from '../../../../scripts/chaos/shrink.ts';

const plan = makePlan(3, 10_000, 4);

test('what is left of a failing plan are the steps that fail together', async () => {
  const guilty = [11, 40, 97];
  const fails = async ({ steps }: Plan): Promise<boolean> => guilty.every((id) => steps.some((step) => step.id === id));
  const smallest = await shrink(plan, fails, 500);
  expect(smallest.steps.map(({ id }) => id)).toEqual(guilty);
  expect(smallest).toMatchObject({ seed: plan.seed, ms: plan.ms, devices: plan.devices });
});

test('it runs no more often than it may, and what it returns has failed', async () => {
  let runs = 0;
  const failed: Plan[] = [plan];
  const fails = async (smaller: Plan): Promise<boolean> => {
    runs++;
    const isFailing = smaller.steps.some(({ id }) => id === 11);
    if (isFailing) failed.push(smaller);
    return isFailing;
  };
  const smallest = await shrink(plan, fails, 5);
  expect(runs).toBe(5);
  expect(failed).toContain(smallest);
  expect(smallest.steps.length).toBeLessThan(plan.steps.length);
});

test('a plan that fails no more by itself stays as it is', async () => {
  expect(await shrink(plan, async () => false, 20)).toBe(plan);
});
