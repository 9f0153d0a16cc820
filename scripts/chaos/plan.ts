// What will happen in a run: operations and faults at their times. The same seed makes the same plan. A plan is plain data: it can
// be printed, cut, and run again.
import { Chance } from '../../test/fuzz/random.ts';

/** What users do, and how often it is chosen. */
const OPERATIONS = {
  'send to a friend': 30,
  'send to a group': 22,
  mention: 6,
  file: 4,
  'read all': 14,
  'read one': 4,
  'unread again': 2,
  recall: 6,
  delete: 4,
  append: 5,
  replace: 5,
  draft: 4,
  history: 4,
  search: 3,
  'create a group': 2,
  'join a group': 2,
  'leave a group': 1,
  're-login': 2,
} as const;
/** What goes wrong, and how often it is chosen. */
const FAULTS = {
  cut: 8,
  delay: 8,
  duplicate: 8,
  reorder: 6,
  resend: 6,
  truncate: 4,
  'half-open': 4,
  refuse: 5,
  'dead host': 3,
  'slow REST': 4,
  'lying REST': 5,
  'clock jump': 5,
  'storage broken': 2,
  'storage full': 2,
  'storage hangs': 2,
  'comes and goes': 4,
  restart: 4,
  'new device': 2,
  crash: 4,
  'server restart': 2,
  'server pages twice': 3,
  'server pushes': 3,
} as const;

export type OperationName = keyof typeof OPERATIONS;
export type FaultName = keyof typeof FAULTS;
export const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

/** One thing that happens. */
export interface Step {
  /** Its number in the plan that was made, also in one that was cut. Texts of messages contain it. */
  readonly id: number;
  /** When, in ms from the beginning. */
  readonly at: number;
  /** Where: the number of a device. The server's faults have one, too, and do not use it. */
  readonly device: number;
  readonly what: OperationName | FaultName;
  /** Makes all choices of the step: to whom, which message, how long. */
  readonly seed: number;
}

export interface Plan {
  readonly seed: number;
  /** Faults begin and end within it. */
  readonly ms: number;
  readonly devices: number;
  readonly steps: readonly Step[];
}

/** Operations a second, on all devices together. */
const OPERATIONS_A_SECOND = 18;
const FAULTS_A_SECOND = 3.5;

/** @param without - kinds that this run leaves out */
export function makePlan(seed: number, ms: number, devices: number, without: readonly string[] = []): Plan {
  const chance = new Chance(seed);
  const kinds = (weights: Readonly<Record<string, number>>): Step['what'][] =>
    Object.entries(weights).flatMap(([what, weight]) =>
      without.includes(what) ? [] : Array<Step['what']>(weight).fill(what as Step['what']),
    );
  const drawn = (what: readonly Step['what'][], aSecond: number): Omit<Step, 'id'>[] =>
    Array.from({ length: what.length === 0 ? 0 : Math.round((ms / 1000) * aSecond) }, () => ({
      at: chance.below(ms),
      device: chance.below(devices),
      what: chance.pick(what),
      seed: chance.below(2 ** 31),
    }));
  const all = [...drawn(kinds(OPERATIONS), OPERATIONS_A_SECOND), ...drawn(kinds(FAULTS), FAULTS_A_SECOND)];
  const steps = all.sort((a, b) => a.at - b.at).map((step, id) => ({ id, ...step }));
  return { seed, ms, devices, steps };
}

export const isFault = (what: Step['what']): what is FaultName => what in FAULTS;

/** @throws Error when the text is no plan */
export function parsePlan(text: string): Plan {
  const plan = JSON.parse(text) as Partial<Plan>;
  const isWhole = Number.isFinite(plan.seed) && Number(plan.ms) > 0 && Number(plan.devices) > 0;
  const steps = plan.steps ?? [];
  const known = steps.every(({ what }) => what in OPERATIONS || what in FAULTS);
  if (!isWhole || !Array.isArray(plan.steps) || !known) throw new Error('this is no plan');
  return plan as Plan;
}
