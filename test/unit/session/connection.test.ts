import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FlooError } from '../../../src/errors.ts';
import type { SyncDown } from '../../../src/wire/index.ts';
import { toHex } from '../../support/fake-socket.ts';
import { bytesField, concat, rawFrame, varintField } from '../wire/vectors.ts';
import {
  accept,
  answer,
  answerProvision,
  createSession,
  expectQuiet,
  IDENTITY,
  sentFrames,
  UNREAD,
} from './harness.ts';
import type { SessionHarness } from './harness.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('online', () => {
  test('an UNREAD every 50 s while the server answers, and none when offline', async () => {
    const session = createSession();
    const socket = await session.login();
    expect(socket.sent.slice(1)).toEqual([UNREAD]);
    answer(socket, { command: 0, payload: {} });
    await vi.advanceTimersByTimeAsync(49_999);
    expect(socket.sent.slice(1)).toEqual([UNREAD]);
    await vi.advanceTimersByTimeAsync(1);
    expect(socket.sent.slice(1)).toEqual([UNREAD, UNREAD]);
    answer(socket, { command: 0, payload: {} });
    await vi.advanceTimersByTimeAsync(50_000);
    expect(socket.sent.slice(1)).toEqual([UNREAD, UNREAD, UNREAD]);
    answer(socket, { command: 0, payload: {} });
    socket.drop();
    expect(session.connection.state.name).toBe('waiting');
    await vi.advanceTimersByTimeAsync(499);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    session.socket().open();
    await vi.advanceTimersByTimeAsync(19_999);
    expect(session.sockets.map(({ sent }) => sent.filter((hex) => hex === UNREAD).length)).toEqual([3, 0]);
  });

  test('a server that is silent for 20 s after a heartbeat is left', async () => {
    const session = createSession();
    const socket = await session.login();
    await vi.advanceTimersByTimeAsync(19_999);
    expect(session.connection.state.name).toBe('online');
    await vi.advanceTimersByTimeAsync(1);
    expect(session.connection.state.name).toBe('waiting');
    expect(socket.isClosed).toBe(true);
    expect(session.causes[0]!.reason).toBe('ServerTimeOut');
  });

  test('any frame is a sign of life', async () => {
    const session = createSession();
    const socket = await session.login();
    await vi.advanceTimersByTimeAsync(10_000);
    answer(socket, { command: 0, payload: {} });
    await vi.advanceTimersByTimeAsync(10_001);
    expect(session.connection.state.name).toBe('online');
  });

  test('a socket that fell silent makes the next one wait twice as long, up to eight times; a steady one ends that', async () => {
    const session = createSession();
    await session.login();
    const silences: number[] = [];
    for (let sockets = 0; sockets < 5; sockets++) {
      const accepted = Date.now();
      while (session.connection.state.name === 'online') await vi.advanceTimersByTimeAsync(100);
      silences.push(Math.round((Date.now() - accepted) / 1000));
      session.lifecycle('online');
      await session.settle();
      session.socket().open();
      accept(session.socket());
    }
    expect(silences).toEqual([20, 40, 80, 160, 160]);
    expect(session.connection.patience).toBe(8);
    await vi.advanceTimersByTimeAsync(60_000);
    answer(session.socket(), { command: 0, payload: {} });
    session.connection.unresponsive('no answer');
    expect(session.connection.patience).toBe(1);
  });

  test('going offline or into the background closes nothing', async () => {
    const session = createSession();
    const socket = await session.login();
    answer(socket, { command: 0, payload: {} });
    session.lifecycle('offline');
    session.lifecycle('hide');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(session.connection.state.name).toBe('online');
    expect(socket.sent.slice(1)).toEqual([UNREAD]);
  });

  test('frames are emitted, except the provision and frames before it', async () => {
    const session = createSession();
    session.connection.start(IDENTITY, true);
    await session.settle();
    session.socket().open();
    answer(session.socket(), { command: 2, payload: { xid: { uid: '1' } } });
    accept(session.socket());
    answerProvision(session.socket(), { status: { code: 7 } });
    answer(session.socket(), { command: 2, payload: { xid: { uid: '2' } } });
    expect(session.frames.map(({ payload }) => (payload as { xid: { uid: string } }).xid.uid)).toEqual(['2']);
    expect(session.connection.state.name).toBe('online');
  });

  test('bytes that are not a frame emit a problem and nothing else is lost', async () => {
    const session = createSession();
    const socket = await session.login();
    socket.bytes('ffff');
    expect(session.problems.map((problem) => problem.reason)).toEqual(['ServerResponseInvalid']);
    expect(session.connection.state.name).toBe('online');
    answer(socket, { command: 2, payload: {} });
    expect(session.frames.length).toBe(1);
  });

  test('an encrypted frame is reported as unreadable', async () => {
    const session = createSession();
    const socket = await session.login();
    socket.bytes('18022800220028012200');
    expect(session.problems.map((problem) => problem.reason)).toEqual(['ServerEncryptMethodUnsupported']);
  });

  test('an unreadable item emits a problem, and the rest of its page is emitted', async () => {
    const session = createSession();
    const socket = await session.login();
    const meta = (id: number, payload: Uint8Array): Uint8Array =>
      bytesField(2, varintField(1, id), varintField(5, 1), bytesField(6, payload));
    const cutShort = Uint8Array.of(0x22, 0x09);
    socket.bytes(toHex(rawFrame(1, concat(meta(5, cutShort), meta(6, bytesField(4, 'hi'))))));
    expect(session.problems.map(({ reason, details }) => [reason, details!['id']])).toEqual([
      ['ServerResponseInvalid', '5'],
    ]);
    expect(session.frames.map(({ payload }) => (payload as SyncDown).metas!.map(({ id }) => id))).toEqual([['6']]);
  });

  test('send carries frames while online and refuses them otherwise', async () => {
    const session = createSession();
    const frame = { command: 1, payload: { xid: { uid: '5' } } } as const;
    expect(session.connection.send(frame)).toBe(false);
    session.connection.start(IDENTITY, true);
    await session.settle();
    session.socket().open();
    expect(session.connection.send(frame)).toBe(false);
    accept(session.socket());
    expect(session.connection.send(frame)).toBe(true);
    expect(sentFrames(session.socket())[2]).toMatchObject({ command: 1, payload: { xid: { uid: '5' } } });
    session.socket().drop();
    expect(session.connection.send(frame)).toBe(false);
  });

  test('a server that does not answer is left when the layer above asks for it, and only while online', async () => {
    const session = createSession();
    session.connection.unresponsive('no answer');
    expect(session.states).toEqual([]);
    const socket = await session.login();
    session.connection.unresponsive('no answer');
    expect(socket.isClosed).toBe(true);
    expect(session.connection.state.name).toBe('waiting');
    expect(session.causes[0]!.rawMessage).toBe('no answer');
  });

  test('an ended session does not reconnect', async () => {
    const session = createSession();
    await session.login();
    session.connection.end(new FlooError('UserKickedBySameDevice'));
    expect(session.connection.state.name).toBe('rejected');
    await expectQuiet(session);
  });
});

describe('stopping', () => {
  const PHASES: [string, (session: SessionHarness) => Promise<void>][] = [
    ['idle', async () => undefined],
    ['resolving', async ({ connection }) => connection.start(IDENTITY, false)],
    [
      'connecting',
      async ({ connection, settle }) => {
        connection.start(IDENTITY, false);
        await settle();
      },
    ],
    [
      'authenticating',
      async ({ connection, settle, socket }) => {
        connection.start(IDENTITY, false);
        await settle();
        socket().open();
      },
    ],
    [
      'online',
      async (session) => {
        await session.login();
      },
    ],
    ['waiting', async ({ login }) => (await login()).drop()],
    ['rejected', async ({ connection }) => connection.end(new FlooError('UserFrozen'))],
  ];

  test.each(PHASES)('while %s leaves no socket and no timer', async (name, reach) => {
    const session = createSession();
    await reach(session);
    expect(session.connection.state.name).toBe(name);
    session.connection.stop();
    session.connection.stop();
    expect(session.connection.state.name).toBe('closed');
    await expectQuiet(session);
  });

  test('a disposed connection ignores events of the platform', async () => {
    const session = createSession();
    const socket = await session.login();
    socket.drop();
    session.connection.dispose();
    session.lifecycle('online');
    expect(session.connection.state.name).toBe('closed');
    await expectQuiet(session);
  });

  test('a session can be started again', async () => {
    const session = createSession();
    await session.login();
    session.connection.stop();
    await session.login();
    expect(session.connection.state.name).toBe('online');
  });
});
