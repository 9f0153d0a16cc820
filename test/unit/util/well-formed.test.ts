import { expect, test } from 'vitest';
import { toWellFormed, toWellFormedJson } from '../../../src/util/well-formed.ts';

test.each([
  ['plain', 'plain'],
  ['😀', '😀'],
  ['a\ud83d', 'a\ufffd'],
  ['\ude00b', '\ufffdb'],
  ['\ude00\ud83d', '\ufffd\ufffd'],
  ['\ud83d😀\ud83d', '\ufffd😀\ufffd'],
])('%j is %j', (text, wanted) => {
  expect(toWellFormed(text)).toBe(wanted);
});

test.each([
  [{ a: 'a\ud83d' }, { a: 'a\ufffd' }],
  [{ a: '😀\ude00' }, { a: '😀\ufffd' }],
  [{ 'k\ud83d': ['\\ud83d'] }, { 'k\ufffd': ['\\ud83d'] }],
  [{ a: '\\\ud83d' }, { a: '\\\ufffd' }],
])('JSON of %j is that of %j', (value, wanted) => {
  expect(JSON.parse(toWellFormedJson(JSON.stringify(value)))).toEqual(wanted);
});

test('an escaped pair stays, and so does text that is no JSON', () => {
  expect(toWellFormedJson('{"a":"\\ud83d\\ude00"}')).toBe('{"a":"\\ud83d\\ude00"}');
  expect(toWellFormedJson('C:\\ud83d')).toBe('C:\\ud83d');
});
