import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FlooError } from '../../../src/errors.ts';
import type { IProvision } from '../../../src/wire/index.ts';
import { vectorOf } from '../wire/vectors.ts';
import { accept, answerProvision, createSession, expectQuiet, IDENTITY, sentFrames, UID, UNREAD } from './harness.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('logging in', () => {
  test('the provision equals the golden frame, byte for byte', async () => {
    const session = createSession();
    session.connection.start(IDENTITY, true);
    await session.settle();
    expect(session.socket().url).toBe('wss://a/');
    expect(session.socket().sent).toEqual([]);
    session.socket().open();
    expect(session.socket().sent).toEqual([vectorOf('provision').hex]);
  });

  test.each<[string, IProvision]>([
    ['OK', { status: { code: 1, reason: '' } }],
    ['absent', {}],
    ['without a code', { status: { reason: 'fine' } }],
  ])('a status that is %s accepts, and the first frame of the session is an UNREAD', async (_, payload) => {
    const session = createSession();
    session.connection.start(IDENTITY, true);
    await session.settle();
    session.socket().open();
    answerProvision(session.socket(), payload);
    expect(session.states).toEqual(['resolving', 'connecting', 'authenticating', 'online']);
    expect(session.socket().sent.slice(1)).toEqual([UNREAD]);
  });

  test('the golden acceptance is read and its device serial is kept', async () => {
    const session = createSession();
    session.device.saveSerial(5);
    session.connection.start(IDENTITY, true);
    await session.settle();
    session.socket().open();
    session.socket().bytes(vectorOf('provision ok').hex);
    expect(session.connection.state.name).toBe('online');
    expect(session.device.names.serial).toBe(12);
  });

  test('an acceptance without a serial keeps the known serial', async () => {
    const session = createSession();
    session.device.saveSerial(7);
    session.connection.start(IDENTITY, true);
    await session.settle();
    session.socket().open();
    accept(session.socket());
    expect(session.device.names.serial).toBe(7);
  });

  test.each<[string, string]>([
    ['provision failed: invalid token', 'InvalidToken'],
    ['provision failed: user frozen', 'UserFrozen'],
    ['provision failed: too many devices', 'UserTooManyDevice'],
    ['provision failed: app frozen', 'ServerAppFrozen'],
    ['provision failed: license limit', 'ServerLicenseLimit'],
  ])('%s: rejected with %s, eager or not, and never tried again', async (vector, reason) => {
    for (const eager of [true, false]) {
      const session = createSession(['a', 'b']);
      session.connection.start(IDENTITY, eager);
      await session.settle();
      session.socket().open();
      session.socket().bytes(vectorOf(vector).hex);
      expect(session.connection.state.name).toBe('rejected');
      expect(session.causes.map((cause) => cause.reason)).toEqual([reason]);
      await expectQuiet(session);
    }
  });

  test('a refusal that does not end the session rejects a login and postpones a resumed session', async () => {
    const login = createSession();
    login.connection.start(IDENTITY, true);
    await login.settle();
    login.socket().open();
    answerProvision(login.socket(), { status: { code: 2, reason: 'try later' } });
    expect(login.connection.state.name).toBe('rejected');
    expect(login.causes[0]!.rawMessage).toBe('try later');

    const resumed = createSession();
    resumed.connection.start(IDENTITY, false);
    await resumed.settle();
    resumed.socket().open();
    answerProvision(resumed.socket(), { status: { code: 2, reason: 'try later' } });
    expect(resumed.connection.state.name).toBe('waiting');
  });

  test('a conflict of device guids is answered with a new guid, once', async () => {
    const session = createSession();
    session.connection.start(IDENTITY, true);
    await session.settle();
    session.socket().open();
    answerProvision(session.socket(), { status: { code: 15 } });
    await session.settle();
    expect(session.sockets.length).toBe(2);
    expect(session.sockets[0]!.isClosed).toBe(true);
    session.socket().open();
    const guids = session.sockets.map((socket) => (sentFrames(socket)[0]!.payload as IProvision).device_guid);
    expect(guids).toEqual([`${UID}_1073741824`, `${UID}_2`]);
    answerProvision(session.socket(), { status: { code: 15 } });
    expect(session.connection.state.name).toBe('rejected');
    expect(session.causes.map((cause) => cause.reason)).toEqual(['UserKickedBySameDevice']);
    await expectQuiet(session);
  });

  test('a server that does not answer the provision is left after 20 s', async () => {
    const session = createSession();
    session.connection.start(IDENTITY, true);
    await session.settle();
    session.socket().open();
    await vi.advanceTimersByTimeAsync(19_999);
    expect(session.connection.state.name).toBe('authenticating');
    await vi.advanceTimersByTimeAsync(1);
    expect(session.connection.state.name).toBe('rejected');
    expect(session.causes[0]!.reason).toBe('SignInTimeout');
    await expectQuiet(session);
  });

  test('an eager login tries each host once, at once, and is then rejected with the last cause', async () => {
    const session = createSession(['a', 'b'], ['c']);
    session.connection.start(IDENTITY, true);
    await session.settle();
    for (const detail of ['1006 first', '1006 second', '1006 third']) {
      session.socket().drop(detail);
      await session.settle();
    }
    expect(session.sockets.map(({ url }) => url)).toEqual(['wss://a/', 'wss://b/', 'wss://c/']);
    expect(session.connection.state.name).toBe('rejected');
    expect(session.causes.map(({ reason, rawMessage }) => `${reason} ${rawMessage}`)).toEqual([
      'ServerConnectFailed connect-failed: 1006 third',
    ]);
    await expectQuiet(session);
  });

  test('DNS that fails rejects a login, and makes a resumed session wait', async () => {
    for (const eager of [true, false]) {
      const session = createSession();
      session.dns.splice(0, 1, new FlooError('ServerTimeOut', 'no DNS'));
      session.connection.start(IDENTITY, eager);
      await session.settle();
      expect(session.connection.state.name).toBe(eager ? 'rejected' : 'waiting');
      expect(session.causes[0]!.reason).toBe('ServerTimeOut');
      session.connection.stop();
      await expectQuiet(session);
    }
  });

  test('a login of another user leaves the socket and sends the new token on a new socket', async () => {
    const session = createSession();
    const first = await session.login();
    session.connection.start({ uid: '7', token: 'OTHER' }, true);
    expect(first.isClosed).toBe(true);
    await session.settle();
    session.socket().open();
    expect(session.sockets.length).toBe(2);
    const provision = sentFrames(session.socket())[0]!.payload as IProvision;
    expect([provision.xid!.uid, provision.token]).toEqual(['7', 'OTHER']);
  });
});
