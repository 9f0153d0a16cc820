import { expect, test } from 'vitest';
import { FlooError } from '../../../src/errors.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { ClientMids } from '../../../src/sync/client-mid.ts';
import type { Dispatched } from '../../../src/sync/commit.ts';
import type { SentCall } from '../../../src/tabs/calls.ts';
import { TabCalls } from '../../../src/tabs/tab-calls.ts';

const KEY = 'r7';

function createCalls() {
  const sent: SentCall[] = [];
  const mids = new ClientMids({ clock: systemClock, random: () => 0 });
  const calls = new TabCalls({ tab: 'a', mids, send: (call) => sent.push(call) });
  const shown: Dispatched = { events: [{ type: 'list' }], entries: [] };
  const outcomes: string[] = [];
  /** Makes a change, as a command does. */
  const touch = (): string => {
    let mid = '';
    calls.change({ name: 'touch', key: KEY, time: undefined }, () => {
      mid = calls.mids.next();
      calls.note({ run: () => shown }, shown).then(
        ({ events }) => outcomes.push(`stored with ${events.map(({ type }) => type).join()}`),
        (error: unknown) => outcomes.push(String(error)),
      );
    });
    return mid;
  };
  return { calls, sent, touch, outcomes };
}

test('a change is sent with the ids that it made, and is stored with its batch', async () => {
  const { calls, sent, touch, outcomes } = createCalls();
  const mid = touch();
  expect(sent).toMatchObject([{ kind: 'change', number: 1, change: { name: 'touch', key: KEY }, mids: [mid] }]);
  expect(calls.unstored).toMatchObject([{ emitted: [{ type: 'list' }] }]);
  const allStored = calls.allStored();
  calls.named('a:1')!.stored([{ type: 'friends' }]);
  await allStored;
  await Promise.resolve();
  expect(outcomes).toEqual(['stored with friends']);
  expect(calls.isWaiting).toBe(false);
});

test('what is not answered is there in its order, and under its numbers', () => {
  const { calls, touch } = createCalls();
  touch();
  void calls.request({ name: 'refresh' }).catch(() => undefined);
  touch();
  expect(calls.unanswered.map(({ number, kind }) => `${number} ${kind}`)).toEqual([
    '1 change',
    '2 request',
    '3 change',
  ]);
  expect(calls.named('b:1')).toBeUndefined();
});

test('a change that throws is not sent, and one that changes nothing is over', () => {
  const { calls, sent } = createCalls();
  const fail = (): never => {
    throw new FlooError('InvalidParam', 'no');
  };
  expect(() => calls.change({ name: 'consumeMention', key: KEY }, fail)).toThrow('no');
  calls.change({ name: 'consumeMention', key: KEY }, () => undefined);
  expect(sent).toEqual([]);
  expect(calls.isWaiting).toBe(false);
});

test('a request resolves with its answer or rejects with its error; after the end all reject', async () => {
  const { calls, touch, outcomes } = createCalls();
  const [first, second, third] = [1, 2, 3].map(async () => calls.request({ name: 'refresh' }));
  calls.replied(1, 'value');
  calls.failed(2, new FlooError('ServerTimeOut', 'late'));
  touch();
  calls.close(new FlooError('DbOperationFailed', 'closed'));
  expect(await first).toBe('value');
  await expect(second).rejects.toThrow('late');
  await expect(third).rejects.toThrow('closed');
  await expect(calls.request({ name: 'refresh' })).rejects.toThrow('closed');
  expect(outcomes).toEqual(['FlooError: [DbOperationFailed] closed']);
});
