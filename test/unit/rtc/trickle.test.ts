import { expect, test, vi } from 'vitest';
import { CandidateInbox, CandidateOutbox } from '../../../src/rtc/trickle.ts';
import { FakeConnection } from './fake-browser.ts';
import { FakeJanus } from './fake-janus.ts';
import { wrongly } from '../../support/fakes.ts';

test('candidates that come within 20 ms go together', () => {
  vi.useFakeTimers();
  const sent: unknown[] = [];
  const outbox = new CandidateOutbox(new FakeJanus().port.clock, (candidates, isLast) =>
    sent.push([candidates, isLast]),
  );
  outbox.add({ candidate: 'a' });
  vi.advanceTimersByTime(19);
  outbox.add({ candidate: 'b' });
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(1);
  outbox.add({ candidate: 'c' });
  outbox.add(null);
  vi.advanceTimersByTime(20);
  expect(sent).toEqual([
    [[{ candidate: 'a' }, { candidate: 'b' }], false],
    [[{ candidate: 'c' }], true],
  ]);
  outbox.add(null);
  outbox.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('candidates of Janus wait for the description that they belong to', async () => {
  const connection = new FakeConnection();
  const inbox = new CandidateInbox(wrongly(connection));
  inbox.add({ candidate: 'early' });
  inbox.add(null);
  expect(connection.candidates).toEqual([]);
  await connection.setRemoteDescription({ type: 'answer' });
  inbox.release();
  inbox.add({ candidate: 'late' });
  expect(connection.candidates).toEqual([{ candidate: 'early' }, { candidate: 'late' }]);
});
