import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FlooError } from '../../../src/errors.ts';
import { accept, answer, answerProvision, createSession, dnsAnswer, expectQuiet, IDENTITY } from './harness.ts';
import type { SessionHarness } from './harness.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('coming back', () => {
  /** Cuts the socket. @returns ms until the next one opens */
  async function cut(session: SessionHarness): Promise<number> {
    session.socket().drop();
    const sockets = session.sockets.length;
    const lost = Date.now();
    while (session.sockets.length === sockets) await vi.advanceTimersByTimeAsync(1);
    return Date.now() - lost;
  }

  function comeBack({ socket }: SessionHarness, answers: boolean): void {
    socket().open();
    accept(socket());
    if (answers) answer(socket(), { command: 0, payload: { unread: [] } });
  }

  test('the limit of the wait doubles while the server accepts and says nothing', async () => {
    const session = createSession();
    await session.login();
    const waits: number[] = [];
    for (let cuts = 0; cuts < 6; cuts++) {
      waits.push(await cut(session));
      comeBack(session, false);
    }
    expect(waits).toEqual([500, 1500, 3000, 6000, 6000, 6000]);
  });

  test('E1: under traffic, a cut connection is back within a second; a server that cuts all of them gets a steady pause', async () => {
    const session = createSession();
    await session.login();
    const waits: number[] = [];
    for (let cuts = 0; cuts < 14; cuts++) {
      waits.push(await cut(session));
      comeBack(session, true);
    }
    expect(waits).toEqual([...Array<number>(11).fill(500), 6000, 6000, 6000]);
    await vi.advanceTimersByTimeAsync(60_000);
    answer(session.socket(), { command: 0, payload: { unread: [] } });
    expect(await cut(session)).toBe(500);
  });

  test('E2: a server that was away for half a minute is found within 5 s', async () => {
    const session = createSession();
    await session.login();
    session.socket().drop();
    const lost = Date.now();
    const tries: number[] = [];
    while (Date.now() - lost < 600_000) {
      const sockets = session.sockets.length;
      await vi.advanceTimersByTimeAsync(5);
      if (session.sockets.length === sockets) continue;
      tries.push(Date.now() - lost);
      session.socket().drop();
    }
    const waits = tries.map((at, index) => at - (tries[index - 1] ?? 0));
    expect(waits.slice(0, 4)).toEqual([500, 1500, 3000, 3375]);
    expect(Math.max(...waits.filter((_, index) => tries[index]! < 60_000))).toBeLessThanOrEqual(3750);
    expect(waits[waits.length - 1]).toBe(6000);
  });

  test('five tries at a host, then the next of its cluster, then the next cluster, then DNS is asked again', async () => {
    const session = createSession(['a', 'b'], ['c']);
    session.connection.start(IDENTITY, false);
    await session.settle();
    for (let tries = 0; tries < 15; tries++) {
      expect(session.asked()).toBe(1);
      session.socket().drop();
      session.lifecycle('online');
      await session.settle();
    }
    expect(session.sockets.map(({ url }) => url[6]).join('')).toBe('aaaaabbbbbccccca');
    expect(session.asked()).toBe(2);
  });

  test('hosts that DNS names after all failed are used', async () => {
    const session = createSession(['a']);
    session.dns.push(dnsAnswer(['new']));
    session.connection.start(IDENTITY, false);
    await session.settle();
    for (let tries = 0; tries < 5; tries++) {
      session.socket().drop();
      session.lifecycle('online');
      await session.settle();
    }
    expect(session.socket().url).toBe('wss://new/');
  });

  test('DNS that fails then means that the hosts known are tried once more', async () => {
    const session = createSession(['a']);
    session.dns.push(new FlooError('ServerDNSFailed'));
    session.connection.start(IDENTITY, false);
    await session.settle();
    for (let tries = 0; tries < 5; tries++) {
      session.socket().drop();
      session.lifecycle('online');
      await session.settle();
    }
    expect(session.asked()).toBeGreaterThan(1);
    expect(session.sockets.length).toBe(6);
    expect(session.socket().url).toBe('wss://a/');
  });

  test('a session that was accepted in between has all its tries again', async () => {
    const session = createSession(['a', 'b']);
    await session.login(false);
    for (let tries = 0; tries < 4; tries++) {
      session.socket().drop();
      session.lifecycle('online');
      await session.settle();
    }
    session.socket().open();
    accept(session.socket());
    for (let tries = 0; tries < 4; tries++) {
      session.socket().drop();
      session.lifecycle('online');
      await session.settle();
    }
    expect(new Set(session.sockets.map(({ url }) => url))).toEqual(new Set(['wss://a/']));
  });

  test('the network or the page coming back ends the wait', async () => {
    for (const event of ['online', 'show'] as const) {
      const session = createSession();
      const socket = await session.login();
      socket.drop();
      session.lifecycle('offline');
      session.lifecycle('hide');
      await session.settle();
      expect(session.sockets.length).toBe(1);
      session.lifecycle(event);
      await session.settle();
      expect(session.sockets.length).toBe(2);
      expect(vi.getTimerCount()).toBe(1);
      session.connection.stop();
    }
  });

  test('a socket that was left emits nothing more', async () => {
    const session = createSession();
    session.connection.start(IDENTITY, false);
    await session.settle();
    const [first] = session.sockets;
    first!.open();
    first!.drop();
    session.lifecycle('online');
    await session.settle();
    const emitted = session.states.length;
    accept(first!);
    first!.bytes('ffff');
    first!.drop();
    expect(session.states.length).toBe(emitted);
    expect(session.problems).toEqual([]);
    session.socket().open();
    accept(session.socket());
    expect(session.connection.state.name).toBe('online');
  });

  test('DNS that answers after the session was stopped opens no socket', async () => {
    const session = createSession();
    session.connection.start(IDENTITY, true);
    session.connection.stop();
    await session.settle();
    expect(session.sockets).toEqual([]);
    await expectQuiet(session);
  });

  test('servers that moved are asked for at once and a new socket is opened there', async () => {
    const session = createSession(['a']);
    const first = await session.login();
    session.dns.splice(0, 1, dnsAnswer(['moved']));
    session.connection.restart();
    expect(first.isClosed).toBe(true);
    await session.settle();
    expect(session.asked()).toBe(2);
    expect(session.socket().url).toBe('wss://moved/');
  });

  test('the news that servers moved does not restart a session that ended', async () => {
    const stopped = createSession();
    await stopped.login();
    stopped.connection.stop();
    stopped.connection.restart();
    expect(stopped.connection.state.name).toBe('closed');
    await expectQuiet(stopped);

    const rejected = createSession();
    await rejected.login();
    rejected.connection.end(new FlooError('UserFrozen'));
    rejected.connection.restart();
    expect(rejected.connection.state.name).toBe('rejected');
    await expectQuiet(rejected);
  });

  test('hosts that vanish during a login count as a failure', async () => {
    const frozen = { ...dnsAnswer(['a']), appStatus: 'frozen' };
    const moving = createSession(['a', 'b']);
    moving.connection.start(IDENTITY, true);
    await moving.settle();
    moving.dns.splice(0, 1, frozen);
    await moving.hosts.refresh().catch(() => undefined);
    moving.socket().drop();
    expect(moving.connection.state.name).toBe('rejected');
    await expectQuiet(moving);

    const conflicting = createSession(['a']);
    conflicting.connection.start(IDENTITY, true);
    await conflicting.settle();
    conflicting.dns.splice(0, 1, frozen);
    await conflicting.hosts.refresh().catch(() => undefined);
    conflicting.socket().open();
    answerProvision(conflicting.socket(), { status: { code: 15 } });
    await conflicting.settle();
    expect(conflicting.connection.state.name).toBe('rejected');
    expect(conflicting.causes[0]!.reason).toBe('ServerDNSFailed');
    await expectQuiet(conflicting);
  });
});
