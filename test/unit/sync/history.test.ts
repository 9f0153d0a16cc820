import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { PageRequester } from '../../../src/sync/page-requester.ts';
import { HistoryRequests } from '../../../src/sync/history.ts';
import type { HistoryPurpose } from '../../../src/sync/history.ts';
import type { SyncUp, UpFrame } from '../../../src/wire/index.ts';
import { decodeFrame, encodeFrame } from '../../../src/wire/index.ts';
import { bytesOf, plain, vectorOf } from '../wire/vectors.ts';
import { withoutZeros } from './harness.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function create({ online = true } = {}) {
  const frames: UpFrame[] = [];
  /** `conversation before amount`. */
  const asked: string[] = [];
  let unanswered = 0;
  const session = {
    send(frame: UpFrame) {
      const { xid, key, full_sync_num } = frame.payload as SyncUp;
      frames.push(frame);
      asked.push(`${xid!.uid!} ${key!} ${full_sync_num!}`);
      return true;
    },
    patience: 1,
    caughtUp: () => undefined,
    unresponsive: () => unanswered++,
  };
  const history = new HistoryRequests(
    new PageRequester(
      { clock: systemClock, session, answerTimeoutMs: 20_000, traffic: { requests: 0, answers: 0 } },
      'a history request',
    ),
  );
  if (online) history.online();
  const request = (queue: string, before: string, amount = 20, purpose: HistoryPurpose = 'app'): void =>
    history.request({ queue, before, amount, purpose });
  return { history, frames, asked, request, unanswered: () => unanswered };
}

test.each([
  ['history request from newest', '0', 20],
  ['history request from a message', '1633520001', 50],
])('the frame is the golden %s', (name, before, amount) => {
  const { frames, request } = create();
  request('6597478514688', before, amount);
  const built = decodeFrame(encodeFrame(frames[0]!, 'up'), 'up');
  const golden = decodeFrame(bytesOf(vectorOf(name).hex), 'up');
  expect(withoutZeros(plain(built))).toEqual(withoutZeros(plain(golden)));
});

test('one request at a time a conversation, in order; conversations go side by side', () => {
  const { history, asked, request } = create();
  request('1', '50');
  request('1', '30');
  request('2', '0');
  expect(asked).toEqual(['1 50 20', '2 0 20']);
  expect(history.current('1')!.before).toBe('50');
  history.answered('1', true);
  expect(asked).toEqual(['1 50 20', '2 0 20', '1 30 20']);
  expect(history.current('1')!.before).toBe('30');
  history.answered('1', true);
  history.answered('2', true);
  expect(history.current('1')).toBeUndefined();
  expect(vi.getTimerCount()).toBe(0);
});

test('requests without an answer are repeated on the next socket', () => {
  const { history, asked, request } = create();
  request('1', '50');
  request('1', '30');
  request('2', '0');
  history.offline();
  expect(vi.getTimerCount()).toBe(0);
  history.online();
  expect(asked.slice(2)).toEqual(['1 50 20', '2 0 20']);
});

test('a request made while offline is sent once online', () => {
  const { history, asked, request } = create({ online: false });
  request('1', '50');
  expect(asked).toEqual([]);
  history.online();
  expect(asked).toEqual(['1 50 20']);
});

test('a page stored after its socket died is an answer, and leaves no timer', () => {
  const { history, asked, request } = create();
  request('1', '50');
  request('1', '30');
  history.offline();
  history.answered('1', true);
  expect(vi.getTimerCount()).toBe(0);
  history.online();
  expect(asked.slice(1)).toEqual(['1 30 20']);
});

test('a page that was not requested answers no request', () => {
  const { history, asked, request } = create();
  history.answered('9', true);
  request('1', '50');
  history.answered('9', true);
  expect(history.current('1')!.before).toBe('50');
  expect(asked.length).toBe(1);
});

describe('searches for server ids', () => {
  test('join each other, and a pending request of the app', () => {
    const { asked, request } = create();
    request('1', '0', 50, 'numbers');
    request('1', '0', 50, 'numbers');
    expect(asked).toEqual(['1 0 50']);
  });

  test('never delay a request of the app', () => {
    const { history, asked, request } = create();
    request('1', '0', 50, 'numbers');
    request('1', '40');
    history.answered('1', true);
    expect(asked).toEqual(['1 0 50', '1 40 20']);
  });
});

describe('a server that does not answer', () => {
  test('is reported after 20 s', () => {
    const { unanswered, request } = create();
    request('1', '0');
    vi.advanceTimersByTime(20_000);
    expect(unanswered()).toBe(1);
  });

  test('is reported when it answers for one conversation only', () => {
    const { history, unanswered, request } = create();
    request('1', '0');
    request('2', '0');
    vi.advanceTimersByTime(15_000);
    history.answered('1', true);
    vi.advanceTimersByTime(19_999);
    expect(unanswered()).toBe(0);
    vi.advanceTimersByTime(1);
    expect(unanswered()).toBe(1);
  });
});

test('nothing is pending and nothing is requested while offline', () => {
  const { history, asked, request } = create();
  request('1', '50');
  request('1', '30');
  history.offline();
  expect(vi.getTimerCount()).toBe(0);
  request('2', '50');
  expect(asked.length).toBe(1);
});
