import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { PageRequester } from '../../../src/sync/page-requester.ts';
import { NOTHING } from '../../../src/sync/progress.ts';
import { Pulls } from '../../../src/sync/pulls.ts';
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
  /** `queue` or `queue key`, in the order of the requests. */
  const asked: string[] = [];
  const heard: string[] = [];
  const session = {
    send(frame: UpFrame) {
      const { xid, key } = frame.payload as SyncUp;
      frames.push(frame);
      asked.push(key === undefined ? xid!.uid! : `${xid!.uid!} ${key}`);
      return true;
    },
    patience: 1,
    caughtUp: () => undefined,
    unresponsive: () => heard.push('unanswered'),
  };
  const requester = new PageRequester(
    { clock: systemClock, session, answerTimeoutMs: 20_000, traffic: { requests: 0, answers: 0 } },
    'a sync',
  );
  const pulls = new Pulls(requester, {
    onIdle: () => heard.push('idle'),
    onStuck: (queue) => heard.push(`stuck ${queue}`),
  });
  if (online) pulls.online();
  return { pulls, frames, asked, heard };
}

/** A page of one new item. */
const ONE = { highest: '1', isNew: true, items: 1 };

test('the request equals the golden frame', () => {
  const { pulls, frames } = create();
  pulls.request('6597478514688');
  const golden = vectorOf('sync request without key');
  const built = decodeFrame(encodeFrame(frames[0]!, 'up'), 'up');
  expect(withoutZeros(plain(built))).toEqual(withoutZeros(plain(decodeFrame(bytesOf(golden.hex), 'up'))));
});

test('each page is acknowledged by the key that comes with it, until there is none', () => {
  const { pulls, asked, heard } = create();
  pulls.request('1');
  pulls.stored('1', '55', NOTHING);
  pulls.stored('1', '18446744073709551615', NOTHING);
  expect(heard).toEqual([]);
  pulls.stored('1', '0', NOTHING);
  expect(asked).toEqual(['1', '1 55', '1 18446744073709551615']);
  expect(heard).toEqual(['idle']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a conversation named again while it waits is synced once', () => {
  const { pulls, asked } = create({ online: false });
  pulls.request('1');
  pulls.request('1');
  pulls.online();
  pulls.stored('1', '0', NOTHING);
  expect(asked).toEqual(['1']);
});

test('a conversation named while its page is on the way is synced once more after that, when the page was empty', () => {
  const { pulls, asked, heard } = create();
  for (let named = 0; named < 3; named++) pulls.request('1');
  pulls.stored('1', '0', NOTHING);
  expect(asked).toEqual(['1', '1']);
  expect(heard).toEqual([]);
  pulls.stored('1', '0', NOTHING);
  expect(asked.length).toBe(2);
  expect(heard).toEqual(['idle']);
});

test('the request that acknowledges a page brings also what the server named before it', () => {
  const { pulls, asked, heard } = create();
  pulls.request('1');
  pulls.request('1');
  pulls.stored('1', '9', ONE);
  pulls.stored('1', '0', NOTHING);
  expect(asked).toEqual(['1', '1 9']);
  expect(heard).toEqual(['idle']);
});

test('what the server names while its last word is on the way comes with that, or is asked for once after it', () => {
  const { pulls, asked, heard } = create();
  pulls.request('1');
  pulls.stored('1', '9', ONE);
  for (let named = 0; named < 3; named++) pulls.request('1');
  expect(asked).toEqual(['1', '1 9']);
  pulls.stored('1', '12', ONE);
  pulls.request('1');
  pulls.stored('1', '0', NOTHING);
  expect(asked).toEqual(['1', '1 9', '1 12', '1']);
  expect(heard).toEqual([]);
  pulls.stored('1', '0', NOTHING);
  expect(heard).toEqual(['idle']);
  expect(vi.getTimerCount()).toBe(0);
});

test('as many conversations are synced at once as hold a thousand items; one that only waits for the last word holds up none', () => {
  const { pulls, asked, heard } = create();
  for (let queue = 1; queue <= 6; queue++) pulls.request(String(queue), 400);
  expect(asked).toEqual(['1', '2', '3']);
  // A page of a longer queue.
  pulls.stored('2', '7', { ...ONE, items: 100 });
  expect(asked.slice(3)).toEqual(['2 7']);
  pulls.stored('2', '8', { ...ONE, items: 300 });
  expect(asked.slice(4)).toEqual(['2 8', '4']);
  pulls.abandoned('1');
  expect(asked.slice(6)).toEqual(['5']);
  pulls.stored('3', '0', { ...ONE, items: 400 });
  expect(asked.slice(7)).toEqual(['6']);
  for (const queue of ['2', '4', '5']) pulls.stored(queue, '0', NOTHING);
  expect(heard).toEqual([]);
  pulls.stored('6', '0', NOTHING);
  expect(heard).toEqual(['idle']);
});

test('on a slow line fewer items are asked for at once, and as many as before when it is quick again', () => {
  const { pulls, asked } = create();
  let queue = 0;
  let stored = 0;
  /** Everything that was asked for comes after so long. @returns the items that were under way then */
  const turn = (tookMs: number): number => {
    vi.advanceTimersByTime(tookMs);
    const came = asked.filter((request) => !request.includes(' ')).length - stored;
    for (let page = 0; page < came; page++) pulls.stored(String(++stored), '0', { ...ONE, items: 10 });
    return 10 * came;
  };
  for (; queue < 1000; queue++) pulls.request(String(queue + 1), 10);
  expect([turn(100), turn(5000), turn(5000)]).toEqual([1000, 1000, 100]);
  expect([turn(1500), turn(500), turn(500)]).toEqual([100, 100, 1000]);
});

test('nothing is requested while offline, and everything once online', () => {
  const { pulls, asked } = create({ online: false });
  pulls.request('1');
  pulls.request('2');
  expect(asked).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  pulls.online();
  expect(asked).toEqual(['1', '2']);
});

test('an unfinished sync starts again on the next socket', () => {
  const { pulls, asked, heard } = create();
  for (const queue of ['1', '2', '3', '4', '5']) pulls.request(queue);
  pulls.stored('1', '9', NOTHING);
  pulls.stored('2', '0', NOTHING);
  pulls.offline();
  expect(vi.getTimerCount()).toBe(0);
  const before = asked.length;
  pulls.online();
  for (const queue of ['1', '3', '4', '5']) pulls.stored(queue, '0', NOTHING);
  expect(asked.slice(before).sort()).toEqual(['1', '3', '4', '5']);
  expect(heard).toEqual(['idle']);
});

test('a page stored after its socket died leaves no timer, and the next socket gets it again', () => {
  const { pulls, asked, heard } = create();
  pulls.request('1');
  pulls.offline();
  pulls.stored('1', '9', NOTHING);
  expect(vi.getTimerCount()).toBe(0);
  pulls.online();
  expect(asked).toEqual(['1', '1']);
  pulls.stored('1', '0', NOTHING);
  expect(heard).toEqual(['idle']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a page that was pushed without a request is acknowledged too', () => {
  const { pulls, asked, heard } = create();
  pulls.stored('1', '9', NOTHING);
  expect(asked).toEqual(['1 9']);
  pulls.stored('1', '0', NOTHING);
  expect(heard).toEqual(['idle']);
  pulls.stored('2', '0', NOTHING);
  expect(asked).toEqual(['1 9']);
});

test('an abandoned page is not acknowledged, and is requested when its conversation is named again', () => {
  const { pulls, asked, heard } = create();
  pulls.request('1');
  pulls.abandoned('1');
  expect(asked).toEqual(['1']);
  expect(heard).toEqual(['idle']);
  expect(vi.getTimerCount()).toBe(0);
  pulls.request('1');
  expect(asked).toEqual(['1', '1']);
});

describe('a server that does not answer', () => {
  test('is reported after 20 s', () => {
    const { pulls, heard } = create();
    pulls.request('1');
    vi.advanceTimersByTime(19_999);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual(['unanswered']);
  });

  test('is not reported while it answers page after page', () => {
    const { pulls, heard } = create();
    pulls.request('1');
    for (let key = 1; key < 10; key++) {
      vi.advanceTimersByTime(15_000);
      pulls.stored('1', String(key), { highest: String(key), isNew: true, items: 1 });
    }
    pulls.stored('1', '0', NOTHING);
    vi.advanceTimersByTime(100_000);
    expect(heard).toEqual(['idle']);
  });

  test('is reported when it answers for some conversations but not for another', () => {
    const { pulls, heard } = create();
    pulls.request('1');
    pulls.request('2');
    vi.advanceTimersByTime(10_000);
    pulls.stored('2', '0', NOTHING);
    vi.advanceTimersByTime(20_000);
    expect(heard).toEqual(['unanswered']);
  });
});

test('a conversation that is named again during a failing sync is requested again', () => {
  const { pulls, asked } = create();
  pulls.request('1');
  pulls.request('1');
  pulls.abandoned('1');
  expect(asked).toEqual(['1', '1']);
});

test('a refusal without a conversation ends all running syncs, and their timer', () => {
  const { pulls, heard } = create();
  pulls.request('1');
  pulls.request('2');
  pulls.abandonedAll();
  expect(vi.getTimerCount()).toBe(0);
  expect(heard).toEqual(['idle']);
});

test('nothing is pending and nothing is requested while offline', () => {
  const { pulls, asked } = create();
  for (const queue of ['1', '2', '3', '4', '5']) pulls.request(queue);
  pulls.offline();
  expect(vi.getTimerCount()).toBe(0);
  pulls.request('6');
  expect(asked.length).toBe(5);
});

describe('a server that brings nothing', () => {
  test('is left after some pages, reported once, and asked again at a slowing pace when it names the conversation', () => {
    const { pulls, asked, heard } = create();
    pulls.request('1');
    for (let key = 1; pulls.unanswered > 0; key++) pulls.stored('1', String(key), NOTHING);
    expect(asked.length).toBe(20);
    expect(heard).toEqual(['stuck 1', 'idle']);
    for (let second = 0; second < 600; second++) {
      pulls.request('1');
      vi.advanceTimersByTime(1000);
      for (let key = 1; pulls.unanswered > 0; key++) pulls.stored('1', String(1e6 * second + key), NOTHING);
    }
    expect(asked.length).toBeLessThan(20 * 30);
    expect(heard.filter((line) => line.startsWith('stuck'))).toEqual(['stuck 1']);
    pulls.offline();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is asked at a slowing pace when it names a conversation again and again', () => {
    const { pulls, asked } = create();
    for (let ms = 0; ms < 60_000; ms++) {
      pulls.request('1');
      pulls.stored('1', '0', NOTHING);
      vi.advanceTimersByTime(1);
    }
    expect(asked.length).toBeLessThan(40);
    vi.advanceTimersByTime(60_000);
    const before = asked.length;
    // One that brings something new is asked at once from then on.
    pulls.request('1');
    pulls.stored('1', '0', { highest: '5', isNew: true, items: 1 });
    for (let i = 0; i < 10; i++) {
      pulls.request('1');
      pulls.stored('1', '0', { highest: '5', isNew: true, items: 1 });
    }
    expect(asked.length).toBe(before + 11);
  });

  test('that answers a key by itself is given up without leaving the socket', () => {
    const { pulls, asked, heard } = create();
    pulls.request('1');
    pulls.stored('1', '7', NOTHING);
    pulls.stored('1', '7', NOTHING);
    vi.advanceTimersByTime(20_000);
    expect([asked, heard]).toEqual([
      ['1', '1 7'],
      ['stuck 1', 'idle'],
    ]);
  });

  test('stops nobody who brings pages of what is stored already', () => {
    const { pulls, asked } = create();
    pulls.request('1');
    for (let key = 1; key <= 5000; key++)
      pulls.stored('1', String(key), { highest: String(key), isNew: false, items: 1 });
    expect(asked.length).toBe(5001);
  });
});
