import { Validator } from '@cfworker/json-schema';
import type { Schema } from '@cfworker/json-schema';

/** As much of an OpenAPI document as is read here. */
interface Document {
  readonly paths: Record<string, Record<string, { responses: Record<string, Described> }>>;
  readonly components: Schema;
}

interface Described {
  readonly content: { readonly 'application/json': { readonly schema: Schema } };
}

/** The answers that an OpenAPI document promises, to compare answers with. */
export class DocumentedAnswers {
  readonly #document: Document;

  /** @param document - what `/openapi.json` answers */
  constructor(document: object) {
    this.#document = onlyDocumentedFields(document) as Document;
  }

  /** What an answer has that the document does not promise, or the other way round. */
  problems(method: string, path: string, answer: object): string[] {
    const operation = this.#document.paths[path]?.[method.toLowerCase()];
    if (!operation) return [`${method} ${path} is not in the document`];
    const { schema } = operation.responses['200']!.content['application/json'];
    const { components } = this.#document;
    const { valid, errors } = new Validator({ ...schema, components }, '2020-12', false).validate(answer);
    return valid ? [] : errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
  }
}

/** The same document, whose objects have no field but those that it names. */
function onlyDocumentedFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(onlyDocumentedFields);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, onlyDocumentedFields(part)]));
  return copy['type'] === 'object' && copy['properties'] ? { ...copy, additionalProperties: false } : copy;
}
