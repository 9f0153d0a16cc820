/** A device that sleeps, is frozen, or changes its network: back as soon as that is possible. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DownFrame } from '../../../src/wire/index.ts';
import { accept, answer, answerProvision, createSession, expectQuiet, IDENTITY, sentFrames } from './harness.ts';
import type { SessionHarness } from './harness.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const UNREAD_ANSWER: DownFrame = { command: 0, payload: { unread: [] } };

const codes = ({ steps }: SessionHarness): string[] => steps().map(({ code }) => code);

/** The shortest timer. */
const AT_ONCE = 1;

/** Drops the socket. @returns ms until the next one opens */
async function msToNextSocket(session: SessionHarness): Promise<number> {
  const sockets = session.sockets.length;
  const since = Date.now();
  session.socket().drop();
  while (session.sockets.length === sockets) await vi.advanceTimersByTimeAsync(1);
  return Date.now() - since;
}

describe('a socket that looks open when the device wakes', () => {
  test.each([
    ['a quick line', 10, 400],
    ['a slow line', 300, 1200],
    ['a line slower than that', 4000, 5000],
  ])(
    'gets four of its round trips for a sign of life, and another one follows at once: %s',
    async (_line, ms, limit) => {
      for (const event of ['online', 'show', 'resume'] as const) {
        const session = createSession();
        session.connection.start(IDENTITY, true);
        await session.settle();
        const socket = session.socket();
        socket.open();
        await vi.advanceTimersByTimeAsync(ms);
        answerProvision(socket, { status: { code: 1 } });
        answer(socket, UNREAD_ANSWER);
        session.lifecycle(event);
        expect(session.steps()).toContainEqual(
          expect.objectContaining({ code: 'probed', details: { cause: event, withinMs: limit } }),
        );
        await vi.advanceTimersByTimeAsync(limit - 1);
        expect(session.connection.state.name).toBe('online');
        await vi.advanceTimersByTimeAsync(1 + AT_ONCE);
        expect(session.sockets.length).toBe(2);
        expect(codes(session)).toContain('halfOpen');
        session.connection.stop();
        await expectQuiet(session);
      }
    },
  );

  test('stays when a sign of life came', async () => {
    const session = createSession();
    const socket = await session.login();
    session.lifecycle('resume');
    answer(socket, UNREAD_ANSWER);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(session.connection.state.name).toBe('online');
    expect(session.sockets.length).toBe(1);
    session.connection.stop();
  });
});

describe('after the device woke', () => {
  test('the first loss is followed by a try at once, and the waits are short while the network may be coming', async () => {
    const session = createSession();
    const socket = await session.login();
    answer(socket, UNREAD_ANSWER);
    session.lifecycle('resume');
    const waits: number[] = [];
    for (let tries = 0; tries < 7; tries++) waits.push(await msToNextSocket(session));
    expect(waits).toEqual([AT_ONCE, 500, 500, 500, 500, 500, 500]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await msToNextSocket(session)).toBeGreaterThan(500);
    session.connection.stop();
    await expectQuiet(session);
  });

  test('a page that is shown makes one try at once: its network did not change', async () => {
    const session = createSession();
    await session.login();
    session.lifecycle('show');
    expect(await msToNextSocket(session)).toBe(AT_ONCE);
    expect(await msToNextSocket(session)).toBeGreaterThan(1000);
    session.connection.stop();
  });
});

describe('a page that is frozen', () => {
  test('closes its socket, and has another one as soon as it resumes', async () => {
    const session = createSession();
    const socket = await session.login();
    session.lifecycle('hide');
    session.lifecycle('freeze');
    expect(socket.isClosed).toBe(true);
    expect(session.connection.state).toMatchObject({ name: 'waiting', attempt: 0 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(session.sockets.length).toBe(1);
    session.lifecycle('resume');
    await session.settle();
    expect(session.sockets.length).toBe(2);
    expect(codes(session).slice(-6)).toEqual(['hidden', 'frozen', 'waiting', 'resumed', 'retrying', 'connecting']);
    session.connection.stop();
    await expectQuiet(session);
  });

  test('tries again by itself when it was not frozen after all', async () => {
    const session = createSession();
    await session.login();
    session.lifecycle('freeze');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(session.sockets.length).toBe(2);
    session.connection.stop();
  });

  test('keeps a login that the app waits for, and one that is over stays over', async () => {
    const session = createSession();
    session.lifecycle('freeze');
    expect(session.connection.state.name).toBe('idle');
    session.connection.start(IDENTITY, true);
    session.lifecycle('freeze');
    await session.settle();
    session.lifecycle('freeze');
    session.socket().open();
    accept(session.socket());
    expect(session.connection.state.name).toBe('online');
    session.connection.stop();
    session.lifecycle('freeze');
    expect(session.connection.state.name).toBe('closed');
    await expectQuiet(session);
  });
});

describe('a sleep that no event reports', () => {
  /** The clock goes on while no timer runs. */
  const sleep = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

  test('is noticed by the next timer, which comes too late', async () => {
    const session = createSession();
    const socket = await session.login();
    answer(socket, UNREAD_ANSWER);
    await vi.advanceTimersByTimeAsync(49_990);
    sleep(3_600_000);
    await vi.advanceTimersByTimeAsync(10);
    expect(session.steps().filter(({ code }) => code === 'slept' || code === 'probed')).toMatchObject([
      { code: 'slept', details: { ms: 3_600_000 } },
      { code: 'probed', details: { cause: 'sleep', withinMs: 400 } },
    ]);
    expect(sentFrames(socket).length).toBe(4);
    await vi.advanceTimersByTimeAsync(400 + AT_ONCE);
    expect(session.sockets.length).toBe(2);
    session.connection.stop();
    await expectQuiet(session);
  });

  test('in the background timers are late as a rule, which says nothing', async () => {
    const session = createSession();
    const socket = await session.login();
    answer(socket, UNREAD_ANSWER);
    session.lifecycle('hide');
    sleep(60_000);
    await vi.advanceTimersByTimeAsync(50_000);
    expect(codes(session)).not.toContain('slept');
    session.connection.stop();
  });

  test('is noticed once, whatever says it', async () => {
    const session = createSession();
    const socket = await session.login();
    answer(socket, UNREAD_ANSWER);
    await vi.advanceTimersByTimeAsync(49_990);
    sleep(60_000);
    session.lifecycle('resume');
    answer(socket, UNREAD_ANSWER);
    await vi.advanceTimersByTimeAsync(10);
    expect(codes(session).filter((code) => code === 'probed')).toEqual(['probed']);
    session.connection.stop();
  });
});

test('while something else answers in the place of the servers, a try comes every half second', async () => {
  const session = createSession();
  await session.login();
  const waits: number[] = [];
  session.hosts.strange('http://user:secret@portal.example/login?next=1');
  for (let tries = 0; tries < 5; tries++) waits.push(await msToNextSocket(session));
  expect(waits).toEqual([500, 500, 500, 500, 500]);
  expect(session.steps()).toContainEqual(
    expect.objectContaining({ code: 'portal', details: { host: 'http://portal.example' } }),
  );
  session.socket().open();
  accept(session.socket());
  expect(session.hosts.isPortal).toBe(false);
  session.connection.stop();
});
