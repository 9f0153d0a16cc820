import { expect, test } from 'vitest';
import { noted, noteFailures } from '../../../src/account/account-steps.ts';
import { createChronicle } from '../../../src/chronicle/chronicle.ts';
import { FlooError } from '../../../src/errors.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';

test('sends that failed: those without a connection together, refusals each with its reason', () => {
  const { write, steps } = createChronicle(systemClock);
  const failed = (error: FlooError) => ({ type: 'failed', mid: '1', message: undefined, error }) as const;
  noteFailures(
    [
      failed(new FlooError('ServerTimeOut', 'no connection in time')),
      failed(new FlooError('MessageCensored')),
      { type: 'list' },
      failed(new FlooError('ServerTimeOut', 'no connection in time')),
    ],
    write,
  );
  noteFailures([{ type: 'list' }], write);
  expect(steps()).toMatchObject([
    { code: 'sendRefused', details: { reason: 'MessageCensored' } },
    { code: 'expired', details: { rows: 2 } },
  ]);
});

test('what happens to the storage is written and passed on', () => {
  const { write, steps } = createChronicle(systemClock);
  const heard: unknown[] = [];
  const listener = noted(
    {
      onDegraded: (error) => heard.push(error.reason),
      onTrimmed: (conversations) => heard.push(conversations),
      onDamaged: (error) => heard.push(error.rawMessage),
    },
    write,
  );
  listener.onDegraded(new FlooError('DbOperationFailed', 'gone'));
  listener.onTrimmed(['r1', 'g2']);
  listener.onDamaged(new FlooError('DbOperationFailed', 'damaged', { details: { records: ['a', 'b', 'c'] } }));
  expect(heard).toEqual(['DbOperationFailed', ['r1', 'g2'], 'damaged']);
  expect(steps()).toMatchObject([
    { code: 'storageDegraded', details: { reason: 'DbOperationFailed' } },
    { code: 'storageTrimmed', details: { conversations: 2 } },
    { code: 'storageDamaged', details: { records: 3 } },
  ]);
});
