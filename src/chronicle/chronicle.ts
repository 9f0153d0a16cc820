import type { Clock } from '../platform/ports.ts';
import type { Step, StepCode, StepDetails } from './step.ts';

/** The newest steps are kept: enough for the tries of some minutes without a network, and for what came before a problem. */
export const MAX_STEPS = 200;

/** Writes what happened. The details contain no token, password or message body. */
export type WriteStep = <Code extends StepCode>(
  code: Code,
  ...details: StepDetails[Code] extends undefined ? [] : [details: StepDetails[Code]]
) => void;

/** The recent history of a client, for `explain()`. */
export interface Chronicle {
  readonly write: WriteStep;
  /** The newest steps, in the order in which they happened. A copy, which can be sent to another tab. */
  steps(): Step[];
}

/** @param onStep - is called after a step was written */
export function createChronicle(clock: Clock, onStep: (code: StepCode) => void = () => undefined): Chronicle {
  const steps: Step[] = [];
  return {
    write(code, ...[details]) {
      // The parameters of `write` have the types of `Step`; the compiler does not follow a code that may be any.
      const step = { at: clock.now(), code, ...(details && { details }) } as Step;
      const newest = steps[steps.length - 1];
      if (newest && isSame(newest, step)) steps[steps.length - 1] = { ...newest, times: (newest.times ?? 1) + 1 };
      else steps.push(step);
      if (steps.length > MAX_STEPS) steps.shift();
      onStep(code);
    },
    steps: () => [...steps],
  };
}

const isSame = ({ at: _at, times: _times, ...one }: Step, { at: _otherAt, ...other }: Step): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
