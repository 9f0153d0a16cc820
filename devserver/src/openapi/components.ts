import type { JsonSchema } from '../rest/params.ts';

/**
 * Schemas that have a name: the document holds each once, and refers to it elsewhere. `success` and `refusal` are names of
 * alternatives, and not of shapes that endpoints share.
 */
const isShared = ({ title }: JsonSchema): boolean => title !== undefined && /^[A-Z]/.test(title);

/** A schema with a reference in the place of each named one. */
export function withReferences(schema: JsonSchema): object {
  return isShared(schema) ? { $ref: `#/components/schemas/${schema.title!}` } : withPartsReferenced(schema);
}

/** The named schemas in these, under their names. */
export function namedSchemas(schemas: readonly (JsonSchema | undefined)[]): Record<string, object> {
  const found = new Map<string, object>();
  for (const schema of schemas) if (schema) collect(schema, found);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function collect(schema: JsonSchema, found: Map<string, object>): void {
  if (isShared(schema)) {
    const { title = '', ...content } = schema;
    found.set(title, withPartsReferenced(content));
  }
  for (const part of partsOf(schema)) collect(part, found);
}

function partsOf({ items, properties, oneOf }: JsonSchema): readonly JsonSchema[] {
  return [...(items ? [items] : []), ...Object.values(properties ?? {}), ...(oneOf ?? [])];
}

function withPartsReferenced({ items, properties, oneOf, ...rest }: JsonSchema): object {
  return {
    ...rest,
    ...(items && { items: withReferences(items) }),
    ...(properties && { properties: mapValues(properties, withReferences) }),
    ...(oneOf && { oneOf: oneOf.map(withReferences) }),
  };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
