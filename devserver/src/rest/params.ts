import { RestError } from './rest-error.ts';

/** How one parameter is read; `T` includes undefined when it may be left out. */
export interface Param<T> {
  readonly required: boolean;
  /** @returns undefined for a value of the wrong type. */
  parse(value: unknown): T | undefined;
}

export type Params = Readonly<Record<string, Param<unknown>>>;
export type ParamValues<P extends Params> = { [K in keyof P]: P[K] extends Param<infer T> ? T : never };

/** Ids and other whole numbers arrive as JSON numbers or as decimal text. */
export function int({ min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = {}): Param<number> {
  return {
    required: true,
    parse(value) {
      const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
      return Number.isSafeInteger(number) && (number as number) >= min && (number as number) <= max
        ? (number as number)
        : undefined;
    },
  };
}

export const id = (): Param<number> => int({ min: 0 });

export function list<T>(item: Param<T>): Param<T[]> {
  return {
    required: true,
    parse(value) {
      if (!Array.isArray(value)) return undefined;
      const parsed = value.map((element) => item.parse(element));
      return parsed.includes(undefined) ? undefined : (parsed as T[]);
    },
  };
}

/** Ids without repetitions. */
export function ids(): Param<number[]> {
  const all = list(id());
  return {
    required: true,
    parse(value) {
      const parsed = all.parse(value);
      return parsed && [...new Set(parsed)];
    },
  };
}

export function text(): Param<string> {
  return { required: true, parse: (value) => (typeof value === 'string' ? value : undefined) };
}

export function flag(): Param<boolean> {
  return {
    required: true,
    parse(value) {
      if (value === true || value === 1 || value === 'true' || value === '1') return true;
      if (value === false || value === 0 || value === 'false' || value === '0') return false;
      return undefined;
    },
  };
}

export function oneOf<T extends string>(values: readonly T[]): Param<T> {
  return { required: true, parse: (value) => values.find((known) => known === value) };
}

/** An object, whose own fields are parameters. */
export function object<P extends Params>(params: P): Param<ParamValues<P>> {
  return {
    required: true,
    parse: (value) => (isRecord(value) ? readParams(params, value) : undefined),
  };
}

/** Any JSON object. */
export function record(): Param<Readonly<Record<string, unknown>>> {
  return { required: true, parse: (value) => (isRecord(value) ? value : undefined) };
}

/** A message id: uint64, as text when it must be exact. */
export function messageId(): Param<bigint> {
  return {
    required: true,
    parse: (value) => (/^\d{1,20}$/.test(String(value)) ? BigInt(String(value)) : undefined),
  };
}

export function optional<T>(param: Param<T>): Param<T | undefined> {
  return { required: false, parse: (value) => param.parse(value) };
}

/**
 * Reads the parameters from their documented place.
 *
 * @throws {RestError} 10002 naming the parameter that is missing or of the wrong type.
 */
export function readParams<P extends Params>(params: P, source: Readonly<Record<string, unknown>>): ParamValues<P> {
  const values: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(params)) {
    const given = source[name];
    if (given === undefined || given === null) {
      if (param.required) throw new RestError(10002, `${name} is required`);
      continue;
    }
    values[name] = param.parse(given);
    if (values[name] === undefined) throw new RestError(10002, `${name} has the wrong type or is out of range`);
  }
  return values as ParamValues<P>;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
