import { schemaOf } from '../rest/params.ts';
import type { JsonSchema, Params } from '../rest/params.ts';
import { REST_CODES } from '../rest/rest-error.ts';
import type { RestCode } from '../rest/rest-error.ts';
import type { Access, Method, Route } from '../rest/route.ts';
import { ROUTE_GROUPS } from '../rest/routes.ts';
import { namedSchemas, withReferences } from './components.ts';
import { OTHER_ENDPOINTS } from './other-endpoints.ts';

/** An OpenAPI 3.1 document, as far as this server writes one. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: object;
  readonly servers: readonly object[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>>; readonly securitySchemes: object };
}

/** One endpoint in the document. */
export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly security: readonly object[];
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, unknown>>;
}

const ABOUT = `The REST side of the flooim dev server, as its route tables define it.

Every call names its app in the header \`app_id\`; \`POST /token/user\` gives the \`access-token\` of the others. Every answer has
HTTP status 200 and an envelope \`{code, data}\` or \`{code, message}\`; code 200 is success. Ids are whole numbers, and may also be
sent as decimal text. A flag may be true, false, 1, 0 or one of these as text. Fields without a value are absent.`;

const SECURITY: Readonly<Record<Access, readonly object[]>> = {
  public: [{ app: [] }],
  user: [{ app: [], token: [] }],
  admin: [{ app: [], token: [] }],
};

/** What calls of each access are refused with. */
const ACCESS_CODES: Readonly<Record<Access, readonly RestCode[]>> = {
  public: [40000],
  user: [402, 10003, 10008, 40000],
  admin: [402, 10003, 10008, 10010, 40000],
};

/** The document of the endpoints, for a server at this URL. */
export function openApiDocument(serverUrl: string): OpenApiDocument {
  const rows = ROUTE_GROUPS.flatMap(({ name, routes }) => routes.map((row) => ({ tag: name, row })));
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [path, methods] of Object.entries(OTHER_ENDPOINTS)) paths[path] = { ...methods };
  for (const { tag, row } of rows) {
    for (const method of row.methods) (paths[row.path] ??= {})[method.toLowerCase()] = operationOf(tag, row, method);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'flooim dev server', version: '1', description: ABOUT, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: serverUrl }],
    tags: [
      ...ROUTE_GROUPS.map(({ name, about }) => ({ name, description: about })),
      { name: 'bootstrap', description: 'What a client asks before it knows an app.' },
    ],
    paths,
    components: {
      schemas: namedSchemas(rows.map(({ row }) => row.answers?.schema)),
      securitySchemes: {
        app: { type: 'apiKey', in: 'header', name: 'app_id', description: 'The app.' },
        token: {
          type: 'apiKey',
          in: 'header',
          name: 'access-token',
          description: 'The token of a login, or of the admin.',
        },
      },
    },
  };
}

function operationOf(tag: string, row: Route, method: Method): Operation {
  const inQuery = [...parametersOf(row.query), ...parametersOf(row.either, ' It may also be in the JSON body.')];
  return {
    operationId: `${method.toLowerCase()}${row.path.replace(/[/_]+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    tags: [tag],
    summary: row.summary,
    security: SECURITY[row.access],
    ...(inQuery.length > 0 && { parameters: inQuery }),
    ...(Object.keys(row.body).length > 0 && { requestBody: bodyOf(row.body) }),
    responses: { 200: answerOf(row) },
  };
}

function parametersOf(params: Params, note = ''): object[] {
  return Object.entries(params).map(
    ([
      name,
      {
        required,
        schema: { description = '', ...schema },
      },
    ]) => ({
      name,
      in: 'query',
      required,
      description: description + note,
      schema,
    }),
  );
}

function bodyOf(params: Params): object {
  const required = Object.values(params).some((param) => param.required);
  return { required, content: { 'application/json': { schema: withReferences(schemaOf(params)) } } };
}

function answerOf(row: Route): object {
  const takesParams = [row.query, row.body, row.either].some((params) => Object.keys(params).length > 0);
  const codes = [...ACCESS_CODES[row.access], ...(takesParams ? ([10002] as const) : []), ...(row.refuses ?? [])];
  const refusals = [...new Set(codes)].sort((a, b) => a - b);
  const done: JsonSchema = {
    title: 'success',
    type: 'object',
    properties: {
      code: { const: 200 },
      data: row.answers?.schema ?? { const: true },
      ...schemaOf(row.beside ?? {}).properties,
    },
    required: ['code', 'data'],
  };
  const refused: JsonSchema = {
    title: 'refusal',
    type: 'object',
    properties: { code: { type: 'integer', enum: refusals }, message: { type: 'string' } },
    required: ['code', 'message'],
  };
  return {
    description: `The answer, or a refusal:\n\n${refusals.map((code) => `- ${code}: ${REST_CODES[code]}`).join('\n')}`,
    content: { 'application/json': { schema: withReferences({ oneOf: [done, refused] }) } },
  };
}
