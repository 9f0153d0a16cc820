import { RestError } from './rest-error.ts';

/** What a JSON value may be, in the words of JSON Schema 2020-12. */
export interface JsonSchema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'array' | 'boolean' | 'integer' | 'number' | 'object' | 'string';
  readonly format?: string;
  readonly enum?: readonly (number | string)[];
  readonly const?: boolean | number | string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly JsonSchema[];
}

/** How one value is read, and how it is documented; `T` includes undefined when it may be left out. */
export interface Param<T> {
  readonly required: boolean;
  readonly schema: JsonSchema;
  /** @returns undefined for a value of the wrong type. */
  parse(value: unknown): T | undefined;
}

export type Params = Readonly<Record<string, Param<unknown>>>;
export type ParamValues<P extends Params> = { [K in keyof P]: P[K] extends Param<infer T> ? T : never };

/** Ids and other whole numbers arrive as JSON numbers or as decimal text. */
export function int(
  about = '',
  { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): Param<number> {
  return {
    required: true,
    schema: {
      ...described(about),
      type: 'integer',
      ...(min !== Number.MIN_SAFE_INTEGER && { minimum: min }),
      ...(max !== Number.MAX_SAFE_INTEGER && { maximum: max }),
    },
    parse(value) {
      const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
      return Number.isSafeInteger(number) && (number as number) >= min && (number as number) <= max
        ? (number as number)
        : undefined;
    },
  };
}

export const id = (about = ''): Param<number> => int(about, { min: 0 });

export function list<T>(item: Param<T>, about = ''): Param<T[]> {
  return {
    required: true,
    schema: { ...described(about), type: 'array', items: item.schema },
    parse(value) {
      if (!Array.isArray(value)) return undefined;
      const parsed = value.map((element) => item.parse(element));
      return parsed.includes(undefined) ? undefined : (parsed as T[]);
    },
  };
}

/** Ids without repetitions. */
export function ids(about = ''): Param<number[]> {
  const all = list(id(), about);
  return {
    ...all,
    parse(value) {
      const parsed = all.parse(value);
      return parsed && [...new Set(parsed)];
    },
  };
}

export function text(about = ''): Param<string> {
  return {
    required: true,
    schema: { ...described(about), type: 'string' },
    parse: (value) => (typeof value === 'string' ? value : undefined),
  };
}

export function flag(about = ''): Param<boolean> {
  return {
    required: true,
    schema: { ...described(about), type: 'boolean' },
    parse(value) {
      if (value === true || value === 1 || value === 'true' || value === '1') return true;
      if (value === false || value === 0 || value === 'false' || value === '0') return false;
      return undefined;
    },
  };
}

export function oneOf<T extends string>(values: readonly T[], about = ''): Param<T> {
  return {
    required: true,
    schema: { ...described(about), type: 'string', enum: values },
    parse: (value) => values.find((known) => known === value),
  };
}

/** An object, whose own fields are parameters. */
export function object<P extends Params>(params: P, about = ''): Param<ParamValues<P>> {
  return {
    required: true,
    schema: { ...described(about), ...schemaOf(params) },
    parse: (value) => (isRecord(value) ? readParams(params, value) : undefined),
  };
}

/** Any JSON object. */
export function record(about = ''): Param<Readonly<Record<string, unknown>>> {
  return {
    required: true,
    schema: { ...described(about), type: 'object' },
    parse: (value) => (isRecord(value) ? value : undefined),
  };
}

/** A message id: uint64, as text when it must be exact. */
export function messageId(about = ''): Param<bigint> {
  return {
    required: true,
    schema: { ...described(about), type: 'integer', format: 'uint64' },
    parse: (value) => (/^\d{1,20}$/.test(String(value)) ? BigInt(String(value)) : undefined),
  };
}

export function optional<T>(param: Param<T>): Param<T | undefined> {
  return { ...param, required: false };
}

/** The same value under a name: the document describes it once, and refers to it by the name. */
export function named<T>(title: string, param: Param<T>): Param<T> {
  return { ...param, schema: { title, ...param.schema } };
}

/** The schema of an object with these fields. */
export function schemaOf(params: Params): JsonSchema {
  const fields = Object.entries(params);
  const required = fields.filter(([, param]) => param.required).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, { schema }]) => [name, schema])),
    ...(required.length > 0 && { required }),
  };
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

function described(about: string): JsonSchema {
  return about === '' ? {} : { description: about };
}
