import type { Plan, Step } from './plan.ts';

/**
 * Looks for a smaller plan that fails, too, by leaving out parts (delta debugging). A run is not exactly repeated by its plan, so
 * a part counts as harmless only because a run without it has failed.
 *
 * @param fails - runs a plan
 * @param runs - at most so many
 */
export async function shrink(plan: Plan, fails: (plan: Plan) => Promise<boolean>, runs: number): Promise<Plan> {
  let smallest = plan;
  let parts = 2;
  let left = runs;
  while (left > 0 && smallest.steps.length > 1) {
    const size = Math.ceil(smallest.steps.length / parts);
    let isSmaller = false;
    for (let from = 0; from < smallest.steps.length && left > 0; from += size) {
      const smaller = without(smallest, from, size);
      left--;
      if (!(await fails(smaller))) continue;
      smallest = smaller;
      isSmaller = true;
      parts = Math.max(2, parts - 1);
      break;
    }
    if (isSmaller) continue;
    if (size === 1) break;
    parts = Math.min(smallest.steps.length, parts * 2);
  }
  return smallest;
}

/** The plan without some of its steps. */
function without(plan: Plan, from: number, count: number): Plan {
  const steps: Step[] = [...plan.steps];
  steps.splice(from, count);
  return { ...plan, steps };
}
