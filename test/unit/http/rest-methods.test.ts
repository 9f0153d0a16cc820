import { describe, expect, test } from 'vitest';
import type { Endpoint, RestParams } from '../../../src/http/endpoints.ts';
import type { RestAnswer } from '../../../src/http/envelope.ts';
import type { RestClient } from '../../../src/http/rest-client.ts';
import { restMethods } from '../../../src/http/rest-methods.ts';

const LIST = { method: 'GET', path: '/list' } as const;
const ONE = { method: 'POST', path: '/one', send: 'body', required: ['group_id'] } as const;
const TWO = { method: 'POST', path: '/two', send: 'body', required: ['group_id', 'value'] } as const;

interface Methods {
  list(params?: unknown): Promise<unknown[] & { cursor?: string; total?: number; version?: number }>;
  one(params?: { group_id: number } | number | string): Promise<unknown>;
  two(params?: { group_id: number; value: number } | number): Promise<unknown>;
}

function create(...answers: RestAnswer<unknown>[]) {
  const calls: [Endpoint, RestParams | undefined][] = [];
  const rest: RestClient = {
    call: async <T>(endpoint: Endpoint, params?: RestParams) => {
      calls.push([endpoint, params]);
      return (answers[calls.length - 1] ?? answers[answers.length - 1]) as RestAnswer<T>;
    },
  };
  return { ...restMethods<Methods>(rest, { list: LIST, one: ONE, two: TWO }), calls };
}

const params = (calls: readonly [Endpoint, RestParams | undefined][]): unknown[] => calls.map(([, each]) => each);

describe('a method', () => {
  test('passes its parameters on and gives the data of the answer', async () => {
    const { two, calls } = create({ data: { group_id: 1 } });
    const given = Object.freeze({ group_id: 1, value: 2, more: 3 });
    expect(await two(given)).toEqual({ group_id: 1 });
    expect(calls).toEqual([[TWO, given]]);
  });

  test('takes its one required parameter as a bare value; with none or several, a bare value is ignored', async () => {
    const { one, two, list, calls } = create({ data: [] });
    await one(5);
    await one('6');
    await one();
    await list(true);
    await list(null);
    await two(5);
    expect(params(calls)).toEqual([{ group_id: 5 }, { group_id: '6' }, { group_id: undefined }, {}, {}, {}]);
  });
});

describe('a list', () => {
  test('gives all pages', async () => {
    const { list, calls } = create(
      { data: [1, 2], cursor: 'a', total: 5, version: 7 },
      { data: [3, 4], cursor: 'b' },
      { data: [5] },
    );
    const all = await list({ group_id: 9, cursor: '' });
    expect(all).toEqual([1, 2, 3, 4, 5]);
    expect([all.cursor, all.total, all.version]).toEqual([undefined, 5, 7]);
    expect(params(calls)).toEqual([
      { group_id: 9, cursor: '' },
      { group_id: 9, cursor: 'a' },
      { group_id: 9, cursor: 'b' },
    ]);
  });

  test.each([{ cursor: 'a' }, { limit: 2 }])('gives the page that is asked for: %j', async (query) => {
    const { list, calls } = create({ data: [3, 4], cursor: 'b', total: 5 });
    const page = await list(query);
    expect(page).toEqual([3, 4]);
    expect([page.cursor, page.total]).toEqual(['b', 5]);
    expect(calls.length).toBe(1);
  });

  test('ends when the server gives the same cursor again', async () => {
    const { list, calls } = create({ data: [1], cursor: 'a' });
    expect(await list()).toEqual([1, 1]);
    expect(calls.length).toBe(2);
  });

  test('behaves like a plain array', async () => {
    const { list } = create({ data: [1], total: 1 });
    const all = await list();
    expect(JSON.stringify(all)).toBe('[1]');
    expect(Object.keys(all)).toEqual(['0']);
  });
});

describe('parameters', () => {
  test('are a copy, and an object of the long package is its text', async () => {
    const { two, calls } = create({ data: 1 });
    const long = { low: 7, high: 0, toString: () => '7' };
    const given = { group_id: long as never, value: 2, user_list: [long, 8, '9'], more: { a: [1] } };
    await two(given);
    given.user_list.push(10);
    given.more.a.push(2);
    expect(params(calls)).toEqual([{ group_id: '7', value: 2, user_list: ['7', 8, '9'], more: { a: [1] } }]);
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  test.each<[string, object]>([
    ['group_id', { group_id: {}, value: 1 }],
    ['group_id', { group_id: [5], value: 1 }],
    ['group_id', { group_id: 'x', value: 1 }],
    ['user_list', { group_id: 1, value: 1, user_list: 5 }],
    ['user_list', { group_id: 1, value: 1, user_list: [{}] }],
    ['value', { group_id: 1, value: NaN }],
    ['value', { group_id: 1, value: () => undefined }],
    ['value', { group_id: 1, value: Symbol('s') }],
    ['value', { group_id: 1, value: cycle }],
    ['value', { group_id: 1, value: { n: 1n } }],
  ])('are refused when %s cannot be sent: %o', async (name, given) => {
    const { two, calls } = create({ data: 1 });
    await expect(two(given as never)).rejects.toMatchObject({
      reason: 'InvalidParam',
      rawMessage: expect.stringContaining(name) as string,
    });
    expect(calls).toEqual([]);
  });

  test('of a URL are no objects', async () => {
    const { list } = create({ data: [] });
    await expect(list({ name: { a: 1 } })).rejects.toMatchObject({ reason: 'InvalidParam' });
  });
});
