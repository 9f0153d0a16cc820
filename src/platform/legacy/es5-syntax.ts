/**
 * Classes, generators, spread and the like, as ES5 can say them: the functions that TypeScript's output calls, under its
 * names, and `__list`. Ours, because its own look for `Symbol`. Nothing imports them: scripts/rollup-legacy.mjs keeps this file.
 */
import { iteratorOf, toArray } from './iteration.ts';

type Constructor = abstract new (...parameters: never[]) => object;

export function __extends(derived: Constructor, base: Constructor): void {
  const constructor = { value: derived, writable: true, configurable: true };
  Object.defineProperty(derived, 'prototype', { value: Object.create(base.prototype as object, { constructor }) });
}

/** `Symbol.for`, or as good a name. */
export function symbol_for(name: string): symbol {
  const symbols = typeof Symbol === 'function' ? Symbol : undefined;
  return symbols ? symbols.for(name) : (`@@${name}` as never);
}

/** `Error` as a base class: called for an instance, the original makes another object. */
export function Fault(this: Error, message: string): void {
  const define = (name: string, value: unknown): unknown =>
    Object.defineProperty(this, name, { value, writable: true, configurable: true });
  define('message', message);
  define('stack', Error(message).stack);
}
Fault.prototype = Object.create(Error.prototype) as Error;

export function __assign(
  target: Record<string, unknown>,
  ...sources: (Record<string, unknown> | null | undefined)[]
): object {
  for (const source of sources) if (source) for (const key of Object.keys(source)) put(target, key, source[key]);
  return target;
}

/** As spreading does it: an assignment would make the value of a key `__proto__` the prototype. */
function put(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

export function __rest(from: Record<string, unknown>, without: readonly string[]): object {
  const rest: Record<string, unknown> = {};
  for (const key of Object.keys(from)) if (without.indexOf(key) < 0) put(rest, key, from[key]);
  return rest;
}

const hasLength = <T>(from: Iterable<T> | ArrayLike<T>): from is ArrayLike<T> =>
  typeof (from as ArrayLike<T>).length === 'number';

/** For a loop by index, which asks for the length before each turn. */
export function __list<T>(from: Iterable<T>): ArrayLike<T> {
  if (hasLength(from)) return typeof from === 'string' ? toArray<T>(from) : from;
  const iterator = iteratorOf(from);
  let length = 0;
  const live = {
    get length() {
      const { done, value } = iterator.next();
      if (!done) live[length++] = value;
      return length;
    },
  } as Record<number, T> & { readonly length: number };
  return live;
}

export function __read<T>(from: Iterable<T>, count = Infinity): T[] {
  if (hasLength(from)) return toArray(from);
  const iterator = iteratorOf(from);
  const array: T[] = [];
  while (array.length < count) {
    const { done, value } = iterator.next();
    if (done) return array;
    array.push(value);
  }
  iterator.return?.();
  return array;
}

export function __spreadArray<T>(to: T[], from: Iterable<T>): T[] {
  return to.concat(toArray(from));
}

type Verb = 'next' | 'throw' | 'return';
type Step = IteratorResult<unknown>;
type Generator = Record<Verb, (value?: unknown) => Step>;
/** Of a `try`: the labels of itself, its `catch`, its `finally` and what comes after. */
type Region = [number, number?, number?, number?];
type Operation = [code: number, value?: unknown];

interface GeneratorState {
  label: number;
  /** What the last `yield` gives, or throws. */
  sent(): unknown;
  trys: Region[];
  /** What goes on after the `finally` at hand. */
  ops: Operation[];
}

const VERBS: readonly Verb[] = ['next', 'throw', 'return'];
const NEXT = 0;
const THROW = 1;
const RETURN = 2;
const BREAK = 3;
const YIELD = 4;
const DELEGATE = 5;
const CATCH = 6;
const END_FINALLY = 7;

/** Runs the body, a switch over labels that says after each part what is next. */
export function __generator(self: unknown, body: (state: GeneratorState) => Operation): Generator {
  let received: Operation;
  let isDone = false;
  /** Of a loop that needs a function of its own for each turn. */
  let delegate: Generator | undefined;
  const state: GeneratorState = {
    label: 0,
    trys: [],
    ops: [],
    sent: () => {
      if (received[0] === THROW) throw received[1];
      return received[1];
    },
  };
  /** @returns whether the body goes on, at `state.label`; else it is over. */
  function leaveRegions(operation: Operation): boolean {
    const code = operation[0];
    const label = operation[1] as number;
    for (; ; state.trys.pop()) {
      const region = state.trys[state.trys.length - 1];
      if (!region && code !== BREAK) return false;
      if (code === BREAK && (!region || (label > region[0] && label < region[3]!))) {
        state.label = label;
        return true;
      }
      const handler = region![1];
      const final = region![2];
      if (code === CATCH && state.label < handler!) {
        state.label = handler!;
        received = operation;
        return true;
      }
      if (state.label < final!) {
        state.label = final!;
        state.ops.push(operation);
        return true;
      }
      if (final) state.ops.pop();
    }
  }
  function run(code: number, sent: unknown): Step {
    let operation: Operation = [code, sent];
    while (!isDone) {
      if (delegate) {
        try {
          const step = delegate[VERBS[operation[0]]!](operation[1]);
          if (!step.done) return step;
          operation = [operation[0] === RETURN ? RETURN : NEXT, step.value];
        } catch (error) {
          operation = [CATCH, error];
        }
        delegate = undefined;
      }
      if (operation[0] === DELEGATE) {
        state.label++;
        delegate = operation[1] as Generator;
        operation = [NEXT];
        continue;
      }
      if (operation[0] === END_FINALLY) {
        operation = state.ops.pop()!;
        state.trys.pop();
        continue;
      }
      if (operation[0] === YIELD) {
        state.label++;
        return { done: false, value: operation[1] };
      }
      if (operation[0] === NEXT || operation[0] === THROW) received = operation;
      else if (!leaveRegions(operation)) break;
      try {
        operation = body.call(self, state);
      } catch (error) {
        operation = [CATCH, error];
      }
    }
    isDone = true;
    if (operation[0] === CATCH || operation[0] === THROW) throw operation[1];
    return { done: true, value: operation[0] === RETURN ? operation[1] : undefined };
  }
  const verb = (code: number) => (value?: unknown) => run(code, value);
  return { next: verb(NEXT), throw: verb(THROW), return: verb(RETURN) };
}

type GeneratorFunction = (...parameters: unknown[]) => Generator;

export function __awaiter(
  self: unknown,
  parameters: unknown[] | undefined,
  _promise: unknown,
  generator: GeneratorFunction,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const running = generator.apply(self, parameters ?? []);
    const step = drive(running, {
      toAwait: (result) => (result.done ? undefined : result),
      onEnd: ({ value }) => resolve(value),
      onError: reject,
    });
    step('next');
  });
}

export function __asyncGenerator(self: unknown, parameters: unknown[], generator: GeneratorFunction): object {
  const running = generator.apply(self, parameters);
  const verb = (name: Verb) => (value?: unknown) =>
    new Promise((resolve, reject) => {
      const step = drive(running, {
        toAwait: (result) => (result.value instanceof Awaited ? result.value : undefined),
        onEnd: resolve,
        onError: reject,
      });
      step(name, value);
    });
  return { next: verb('next'), throw: verb('throw'), return: verb('return') };
}

interface Driver {
  /** What the generator waits for; undefined when it does not. */
  toAwait(result: Step): { readonly value: unknown } | undefined;
  onEnd(result: Step): void;
  onError(error: unknown): void;
}

/** Runs a generator on through all it waits for. */
function drive(running: Generator, { toAwait, onEnd, onError }: Driver): (verb: Verb, value?: unknown) => void {
  const step = (verb: Verb, value?: unknown): void => {
    let result: Step;
    try {
      result = running[verb](value);
    } catch (error) {
      return onError(error);
    }
    const awaited = toAwait(result);
    if (!awaited) return onEnd(result);
    Promise.resolve(awaited.value).then(
      (sent) => step('next', sent),
      (error: unknown) => step('throw', error),
    );
  };
  return step;
}

class Awaited {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}
export const __await = (value: unknown): object => new Awaited(value);
export const __asyncValues = (from: object): object => from;
