import { expect, test } from 'vitest';
import { emitted } from './harness.ts';
import { createOutbox, rows } from './outbox-harness.ts';

test('I2: a row that is too big for the server fails, and the others are sent', async () => {
  const harness = await createOutbox();
  await harness.text(1, 2, 3);
  harness.outbox.offline(true);
  harness.sent.length = 0;
  harness.outbox.online();
  expect(harness.sent).toEqual(['1']);
  await harness.answer(1);
  expect(harness.sent).toEqual(['1', '2']);
  harness.outbox.offline(true);
  await expect.poll(() => rows(harness)).toEqual(['2 failed', '3 queued']);
  expect(emitted(harness.events)).toContain('failed 2 MessageInvalid');
  harness.outbox.online();
  expect(harness.sent).toEqual(['1', '2', '3']);
  expect(await harness.outbox.discard('2')).toBe(true);
});
