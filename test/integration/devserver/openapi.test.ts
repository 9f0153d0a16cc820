/** The document of the dev server's REST, and the page that shows it. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { createDevServer } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { P0, P1 } from './endpoints/priorities.ts';

interface Parameter {
  name: string;
  description?: string;
}

interface Document {
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
}

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters?: Parameter[];
  requestBody?: {
    content: { 'application/json': { schema: { properties: Record<string, { description?: string }> } } };
  };
}

let server: DevServer;
let document: Document;
beforeAll(async () => {
  server = await createDevServer();
  document = (await (await fetch(`${server.url}/openapi.json`)).json()) as Document;
});
afterAll(() => server.close());

const operations = (): [name: string, operation: Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );

test('is a valid OpenAPI document, for this server', async () => {
  expect(await new Validator().validate(structuredClone({ ...document }))).toEqual({ valid: true });
  expect(document.servers).toEqual([{ url: server.url }]);
});

test('has every endpoint, each under a name of its own', () => {
  const names = operations().map(([name]) => name);
  expect([...P0, ...P1].filter((endpoint) => !names.includes(endpoint))).toEqual([]);
  const ids = operations().map(([, { operationId }]) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('says what each endpoint does, and what each of its parameters is', () => {
  const tags = document.tags.map(({ name }) => name);
  const silent = operations().flatMap(([name, { summary, tags: own, parameters = [], requestBody }]) => {
    const inBody = Object.entries(requestBody?.content['application/json'].schema.properties ?? {});
    const params = [...parameters, ...inBody.map(([param, schema]) => ({ name: param, ...schema }))];
    return [
      ...(summary.endsWith('.') ? [] : [`${name}: summary`]),
      ...(own.every((tag) => tags.includes(tag)) ? [] : [`${name}: tag`]),
      ...params.filter(({ description = '' }) => !description.endsWith('.')).map((param) => `${name}: ${param.name}`),
    ];
  });
  expect(silent).toEqual([]);
});

test('the page shows it without anything from elsewhere', async () => {
  const page = await fetch(`${server.url}/docs`);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; /);
  const html = await page.text();
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url!).filter((url) => url !== 'data:,');
  expect(files).toEqual(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/start.js']);
  for (const file of files) {
    const answer = await fetch(server.url + file);
    expect(answer.headers.get('content-type'), file).toMatch(/^text\/(css|javascript); charset=utf-8$/);
    expect((await answer.text()).length, file).toBeGreaterThan(100);
  }
});
