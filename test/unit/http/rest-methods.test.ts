import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../src/http/endpoints.ts';
import type { RestAnswer } from '../../../src/http/envelope.ts';
import type { RestParams } from '../../../src/http/parameters.ts';
import type { RestClient } from '../../../src/http/rest-client.ts';
import { restMethods } from '../../../src/http/rest-methods.ts';

interface Methods {
  list(params?: unknown): Promise<unknown[] & { cursor?: string; total?: number; version?: number }>;
  one(params?: unknown): Promise<unknown>;
}

function create(...answers: RestAnswer<unknown>[]) {
  const calls: [Endpoint, RestParams | undefined][] = [];
  const rest: RestClient = {
    call: async <T>(endpoint: Endpoint, params?: RestParams) => {
      calls.push([endpoint, params]);
      return (answers[calls.length - 1] ?? answers[answers.length - 1]) as RestAnswer<T>;
    },
  };
  return { ...restMethods<Methods>(rest, { list: '/list', one: 'POST /one group_id value' }), calls };
}

const params = (calls: readonly [Endpoint, RestParams | undefined][]): unknown[] => calls.map(([, each]) => each);

describe('a method', () => {
  test('hands its parameters on and gives the data of the answer', async () => {
    const { one, calls } = create({ data: { group_id: 1 } });
    const given = Object.freeze({ group_id: 1, value: 2, more: 3 });
    expect(await one(given)).toEqual({ group_id: 1 });
    expect(calls).toEqual([['POST /one group_id value', given]]);
  });

  test('takes the first required parameter alone; where there is none a flag means nothing', async () => {
    const { one, list, calls } = create({ data: [] });
    await one(5);
    await one('6');
    await one();
    await list(true);
    await list(null);
    expect(params(calls)).toEqual([{ group_id: 5 }, { group_id: '6' }, { group_id: undefined }, {}, {}]);
  });
});

describe('a list', () => {
  test('is all of its pages', async () => {
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

  test.each([{ cursor: 'a' }, { limit: 2 }])('is the page that is asked for: %j', async (query) => {
    const { list, calls } = create({ data: [3, 4], cursor: 'b', total: 5 });
    const page = await list(query);
    expect(page).toEqual([3, 4]);
    expect([page.cursor, page.total]).toEqual(['b', 5]);
    expect(calls.length).toBe(1);
  });

  test('ends where the server hands out the same cursor again', async () => {
    const { list, calls } = create({ data: [1], cursor: 'a' });
    expect(await list()).toEqual([1, 1]);
    expect(calls.length).toBe(2);
  });

  test('looks like any array', async () => {
    const { list } = create({ data: [1], total: 1 });
    const all = await list();
    expect(JSON.stringify(all)).toBe('[1]');
    expect(Object.keys(all)).toEqual(['0']);
  });
});
