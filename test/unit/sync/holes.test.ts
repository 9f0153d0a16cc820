import { expect, test } from 'vitest';
import { createChronicle } from '../../../src/chronicle/chronicle.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import type { ConversationKey, ConversationRecord } from '../../../src/store/schema.ts';
import { emptyConversation } from '../../../src/store/schema.ts';
import { Holes } from '../../../src/sync/holes.ts';

/** Conversations with a hole each. @returns what was asked for, and a way to fill a hole */
function lacking(count: number) {
  const records = new Map<ConversationKey, ConversationRecord>();
  for (let n = 1; n <= count; n++)
    records.set(`r${n}`, { ...emptyConversation(`r${n}`), newestId: '9', gaps: [['3', '5']] });
  const asked: string[] = [];
  const { write, steps } = createChronicle(systemClock);
  const holes = new Holes({
    reader: { conversation: (key) => records.get(key), incomplete: () => records.keys() },
    request: (queue, before) => asked.push(`${queue} before ${before}`),
    onStuck: () => undefined,
    write,
  });
  const fill = (queue: string): void => {
    records.delete(`r${queue}`);
    holes.filled(queue, 2);
  };
  return { holes, asked, fill, steps };
}

test('all holes are asked for, so many at a time', () => {
  const { holes, asked, fill, steps } = lacking(200);
  holes.fill();
  expect(asked).toHaveLength(64);
  holes.fill();
  expect(asked).toHaveLength(64);
  for (let at = 0; at < asked.length; at++) {
    fill(asked[at]!.split(' ')[0]!);
    expect(asked.length).toBe(Math.min(200, at + 65));
  }
  expect(new Set(asked).size).toBe(200);
  // When nothing is left, once for all of them.
  expect(steps()).toMatchObject([{ code: 'healed', details: { conversations: 200, messages: 400 } }]);
});

test('a refused page keeps no other from being asked for, and is asked for again in the next round', () => {
  const { holes, asked } = lacking(100);
  holes.fill();
  // The list grows while it is walked through.
  for (const each of asked) holes.failed(each.split(' ')[0]!);
  expect(new Set(asked).size).toBe(100);
  expect(asked).toHaveLength(100);
  holes.fill();
  expect(asked).toHaveLength(164);
});
