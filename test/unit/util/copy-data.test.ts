import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { copiesById, copyData } from '../../../src/util/copy-data.ts';

describe('a copy of data', () => {
  test('is equal and shares no object, at any depth', () => {
    const data = { a: [{ b: { c: [1, [2]] } }], d: null, e: undefined, f: 'x', g: { h: true } };
    const copy = copyData(data);
    expect(copy).toEqual(data);
    copy.a[0]!.b.c.push(3);
    copy.g.h = false;
    expect(data).toEqual({ a: [{ b: { c: [1, [2]] } }], d: null, e: undefined, f: 'x', g: { h: true } });
  });

  test('has what is no object as it is', () => {
    for (const value of [undefined, null, 0, '', 'x', true, 1n]) expect(copyData(value)).toBe(value);
  });

  test('has objects of a class as they are', () => {
    const error = new Error('x');
    expect(copyData({ error }).error).toBe(error);
  });

  test('is made of objects of another window, and of those without a prototype', () => {
    const other = runInNewContext('({ a: { b: 1 } })') as { a: { b: number } };
    expect(copyData(other)).toEqual({ a: { b: 1 } });
    expect(copyData(other).a).not.toBe(other.a);
    const bare = Object.assign(Object.create(null) as object, { a: [1] });
    expect(copyData(bare)).toEqual({ a: [1] });
  });

  test('has a field __proto__ as a field', () => {
    const data = JSON.parse('{"__proto__":{"a":[1]}}') as object;
    const copy = copyData(data);
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"a":[1]}}');
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });
});

test('copies by id are one object', () => {
  const user = { names: ['a'] };
  const copies = copiesById([['7', user]]);
  expect(copies).toEqual({ 7: user });
  expect(copies['7']!.names).not.toBe(user.names);
  expect(copiesById()).toEqual({});
});
