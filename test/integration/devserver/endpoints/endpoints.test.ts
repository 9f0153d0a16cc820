import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createDevServer } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import type { BareClient } from '../../../support/bare-client.ts';
import { DocumentedAnswers } from '../../../support/documented-answers.ts';
import type { Listener, Person } from './endpoint-table.ts';
import { P0, P1, P2 } from './priorities.ts';
import { CALLS, ROWS, requestOf } from './rows.ts';
import { PEOPLE, createWorld, goOnline, noticesOf } from './world.ts';

/** Needs no app, or answers bytes: tested beside. */
const NO_ROW = [
  ...['GET /v2/app_dns', 'GET /api/health', 'GET /', 'GET /file/download/chat', 'GET /file/download/avatar'],
  'GET /app/captcha/image',
];

let server: DevServer;
let documented: DocumentedAnswers;
const online: BareClient[] = [];
beforeAll(async () => {
  server = await createDevServer();
  documented = new DocumentedAnswers((await (await fetch(`${server.url}/openapi.json`)).json()) as object);
});
afterEach(() => {
  for (const client of online.splice(0)) client.close();
});
afterAll(() => server.close());

const isPerson = (listener: Listener): listener is Person => PEOPLE.includes(listener as Person);
const devicesOf = (listener: Listener): Listener[] =>
  isPerson(listener) ? [`${listener}1`, `${listener}2`] : [listener];

test.each(CALLS)('%s answers and notifies all devices of the users concerned', async (_name, method, row) => {
  const world = createWorld(server);
  await row.prepare?.(world);
  const devices = await goOnline(world);
  online.push(...devices.values());
  const answer = await world.call({ ...requestOf(row, world), method });
  expect(answer).toMatchObject({ code: 200, data: row.answer ? row.answer(world) : true });
  expect(answer).not.toHaveProperty('message');
  expect(documented.problems(method, row.path, answer)).toEqual([]);

  for (const listener of row.ends ?? []) for (const name of devicesOf(listener)) await devices.get(name)!.closed;
  const expected = new Map<Listener, unknown[]>();
  for (const [listener, notices] of Object.entries(row.notices ?? {}) as [Listener, unknown[]][]) {
    for (const name of devicesOf(listener)) expected.set(name, notices);
  }
  for (const [name, device] of devices) {
    expect(await noticesOf(world, device), name).toEqual(expected.get(name) ?? []);
  }
  await row.then?.(world);
});

describe.each(ROWS.map((row) => [`${row.methods} ${row.path}`, row] as const))('%s', (_name, row) => {
  test('names a missing parameter', async () => {
    const world = createWorld(server);
    await row.prepare?.(world);
    const whole = requestOf(row, world);
    for (const place of ['query', 'body'] as const) {
      for (const name of Object.keys(whole[place] ?? {})) {
        if (row.optional?.includes(name)) continue;
        const { [name]: _left, ...rest } = whole[place]!;
        expect(await world.call({ ...whole, [place]: rest })).toMatchObject({
          code: 10002,
          message: expect.stringContaining(name),
        });
      }
    }
  });

  if (row.by !== 'nobody') {
    test('requires a token', async () => {
      const world = createWorld(server);
      expect(await world.call(requestOf(row, world, { by: 'nobody' }))).toMatchObject({ code: 10003 });
    });
  }

  const refusals = (row.refusals ?? []).map((refusal) => [refusal.code, refusal] as const);
  test.each(refusals)('refuses with %i', async (code, refusal) => {
    const world = createWorld(server);
    await row.prepare?.(world);
    await refusal.prepare?.(world);
    const request = requestOf(row, world, refusal);
    const answer = await world.call(request);
    expect(answer).toEqual({ code, message: expect.any(String) });
    expect(documented.problems(request.method, row.path, answer)).toEqual([]);
  });
});

test('every required endpoint has a row, and every row is required', () => {
  const rows = ROWS.map(({ methods, path }) => `${methods.split(' ')[0]} ${path}`);
  expect(new Set([...rows, ...NO_ROW])).toEqual(new Set([...P0, ...P1]));
});

const ask = async (endpoint: string): Promise<{ status: number; body: unknown }> => {
  const [method, path] = endpoint.split(' ') as [string, string];
  const headers = { app_id: 'any', 'access-token': server.adminToken };
  const response = await fetch(server.url + path, { method, headers });
  return { status: response.status, body: await response.json() };
};

test.each([...P0, ...P1])('%s is implemented', async (endpoint) => {
  const { status, body } = await ask(endpoint);
  expect(status).toBe(200);
  expect(body).not.toMatchObject({ code: 404 });
});

test.each(P2)('%s is answered as not implemented', async (endpoint) => {
  expect(await ask(endpoint)).toEqual({
    status: 200,
    body: { code: 404, message: `not implemented by the dev server: ${endpoint}` },
  });
});
