import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { accept, createSession, dnsAnswer, expectQuiet, IDENTITY, sentFrames } from './harness.ts';
import type { SessionHarness } from './harness.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A session whose hosts are known and whose token is being fetched. */
async function prepared(...clusters: string[][]): Promise<SessionHarness> {
  const session = createSession(...clusters);
  await session.hosts.ready();
  session.connection.prepare();
  return session;
}

describe('a socket that was opened early', () => {
  test.each([
    ['before the token came', true],
    ['after that', false],
  ])('H1: sends nothing before the login starts, and is its socket: open %s', async (_when, isOpenBefore) => {
    const session = await prepared();
    const socket = session.socket();
    if (isOpenBefore) socket.open();
    await session.settle();
    expect(socket.sent).toEqual([]);
    session.connection.start(IDENTITY, true);
    await session.settle();
    if (!isOpenBefore) socket.open();
    expect(sentFrames(socket)).toMatchObject([{ command: 3, payload: { token: IDENTITY.token } }]);
    accept(socket);
    expect(session.states).toEqual(['resolving', 'connecting', 'authenticating', 'online']);
    expect(session.sockets).toHaveLength(1);
    session.connection.stop();
    await expectQuiet(session);
  });

  test('is left for another one when it ended meanwhile', async () => {
    const session = await prepared();
    session.socket().drop();
    expect(session.states).toEqual([]);
    await session.login();
    expect(session.states).toEqual(['resolving', 'connecting', 'authenticating', 'online']);
    expect(session.sockets).toHaveLength(2);
  });

  test('that ends just when the login takes it, counts as its socket', async () => {
    const session = await prepared();
    session.socket().open();
    session.connection.start(IDENTITY, false);
    session.socket().drop();
    await session.settle();
    expect(session.states).toEqual(['resolving', 'connecting']);
    expect(session.sockets).toHaveLength(2);
  });

  test('is closed when another host is used', async () => {
    const session = await prepared(['a']);
    session.dns[0] = dnsAnswer(['b']);
    await session.hosts.refresh();
    await session.login();
    expect(session.sockets.map(({ url, isClosed }) => [url, isClosed])).toEqual([
      ['wss://a/', true],
      ['wss://b/', false],
    ]);
  });

  test.each<[string, (session: SessionHarness) => void]>([
    ['the login failed', ({ connection }) => connection.unprepare()],
    ['the session was stopped', ({ connection }) => connection.stop()],
    ['the client is gone', ({ connection }) => connection.dispose()],
  ])('is closed when %s', async (_why, end) => {
    for (const isOpen of [false, true]) {
      const session = await prepared();
      if (isOpen) session.socket().open();
      end(session);
      await expectQuiet(session);
    }
  });

  test('is one at a time, and none beside a session that runs', async () => {
    const session = await prepared();
    session.connection.prepare();
    expect(session.sockets.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    session.connection.start(IDENTITY, true);
    session.connection.prepare();
    expect(session.sockets).toHaveLength(2);
  });
});
