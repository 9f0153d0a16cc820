import { expect } from 'vitest';
import type { Message } from '../../../src/model/message.ts';

/** Contents of as many messages: '0', '1', … */
export const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

/** The messages have these contents, each once, with ascending ids. */
export function expectInOrder(messages: readonly Message[], contents: readonly string[]): void {
  expect(messages.map(({ content }) => content)).toEqual(contents);
  const ids = messages.map(({ id }) => BigInt(id));
  expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
}
