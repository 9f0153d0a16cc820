import { expect, test } from 'vitest';
import { Listeners } from '../../../src/rtc/listeners.ts';
import { wrongly } from '../../support/fakes.ts';

test('what is kept goes to the handlers that there are, or to the first that comes, once', () => {
  const listeners = new Listeners<{ one: number; other: number }>(wrongly({}));
  const heard: number[] = [];
  listeners.emitOrKeep('one', 1);
  listeners.emitOrKeep('one', 2);
  listeners.on('other', (value) => heard.push(value));
  expect(heard).toEqual([]);
  listeners.on('one', (value) => heard.push(value));
  listeners.on('one', (value) => heard.push(value));
  expect(heard).toEqual([1, 2]);
  listeners.emitOrKeep('one', 3);
  expect(heard).toEqual([1, 2, 3, 3]);
});
