import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FlooError } from '../../../src/errors.ts';
import type { IProvision, SyncDown } from '../../../src/wire/index.ts';
import { toHex } from '../../support/fake-socket.ts';
import { bytesField, concat, rawFrame, varintField, vectorOf } from '../wire/vectors.ts';
import { accept, answer, answerProvision, createSession, dnsAnswer, IDENTITY, sentFrames, UID } from './harness.ts';
import type { SessionHarness } from './harness.ts';

const UNREAD = '080010001800';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Whatever comes late, a session that ended does nothing and leaves nothing. */
async function expectQuiet({ connection, sockets, states, lifecycle, settle }: SessionHarness): Promise<void> {
  expect(vi.getTimerCount()).toBe(0);
  const opened = sockets.length;
  const told = states.length;
  const sent = sockets.map((socket) => socket.sent.length);
  for (const socket of sockets) {
    expect(socket.isClosed).toBe(true);
    socket.open();
    accept(socket);
  }
  lifecycle('online');
  lifecycle('show');
  connection.caughtUp();
  connection.unresponsive('late');
  await vi.advanceTimersByTimeAsync(600_000);
  await settle();
  expect(sockets.length).toBe(opened);
  expect(states.length).toBe(told);
  expect(sockets.map((socket) => socket.sent.length)).toEqual(sent);
  expect(vi.getTimerCount()).toBe(0);
}

describe('logging in', () => {
  test('the provision is the golden one, byte for byte', async () => {
    const session = createSession();
    session.preferences.set(`flooim.app.${UID}.sn`, '12');
    session.preferences.set(`flooim.app.${UID}.guid`, `${UID}_1073741824`);
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

  test('the golden acceptance is understood and its device serial kept', async () => {
    const session = createSession();
    session.connection.start(IDENTITY, true);
    await session.settle();
    session.socket().open();
    session.socket().bytes(vectorOf('provision ok').hex);
    expect(session.connection.state.name).toBe('online');
    expect(session.identities.deviceSerial(UID)).toBe(12);
  });

  test('an acceptance without a serial keeps the one there is', async () => {
    const session = createSession();
    session.identities.saveDeviceSerial(UID, 7);
    session.connection.start(IDENTITY, true);
    await session.settle();
    session.socket().open();
    accept(session.socket());
    expect(session.identities.deviceSerial(UID)).toBe(7);
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
    session.preferences.set(`flooim.app.${UID}.guid`, `${UID}_1`);
    session.connection.start(IDENTITY, true);
    await session.settle();
    session.socket().open();
    answerProvision(session.socket(), { status: { code: 15 } });
    await session.settle();
    expect(session.sockets.length).toBe(2);
    expect(session.sockets[0]!.isClosed).toBe(true);
    session.socket().open();
    const guids = session.sockets.map((socket) => (sentFrames(socket)[0]!.payload as IProvision).device_guid);
    expect(guids[0]).toBe(`${UID}_1`);
    expect(guids[1]).toMatch(new RegExp(`^${UID}_\\d{2,10}$`));
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

  test('a login of somebody else leaves the socket and sends the other token on a new one', async () => {
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
    answer(socket, { command: 2, payload: {} });
    await vi.advanceTimersByTimeAsync(39_000);
    expect(session.connection.state.name).toBe('online');
  });

  test('a wake probes the socket, which has 5 s to say something', async () => {
    for (const event of ['online', 'show'] as const) {
      const session = createSession();
      const socket = await session.login();
      answer(socket, { command: 0, payload: {} });
      session.lifecycle(event);
      expect(socket.sent.slice(1)).toEqual([UNREAD, UNREAD]);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(session.connection.state.name).toBe('waiting');
      session.connection.stop();
    }
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

  test('frames are told, the provision and what comes before it are not', async () => {
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

  test('bytes that are no frame are a problem and cost nothing else', async () => {
    const session = createSession();
    const socket = await session.login();
    socket.bytes('ffff');
    expect(session.problems.map((problem) => problem.reason)).toEqual(['ServerResponseInvalid']);
    expect(session.connection.state.name).toBe('online');
    answer(socket, { command: 2, payload: {} });
    expect(session.frames.length).toBe(1);
  });

  test('an encrypted frame is told as one that cannot be read', async () => {
    const session = createSession();
    const socket = await session.login();
    socket.bytes('18022800220028012200');
    expect(session.problems.map((problem) => problem.reason)).toEqual(['ServerEncryptMethodUnsupported']);
  });

  test('an item that cannot be read is a problem of its own, and the rest of its page is told', async () => {
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

  test('a server that answers nothing is left when the layer above says so, and only while online', async () => {
    const session = createSession();
    session.connection.unresponsive('no answer');
    expect(session.states).toEqual([]);
    const socket = await session.login();
    session.connection.unresponsive('no answer');
    expect(socket.isClosed).toBe(true);
    expect(session.connection.state.name).toBe('waiting');
    expect(session.causes[0]!.rawMessage).toBe('no answer');
  });

  test('a session that was ended is over', async () => {
    const session = createSession();
    await session.login();
    session.connection.end(new FlooError('UserKickedBySameDevice'));
    expect(session.connection.state.name).toBe('rejected');
    await expectQuiet(session);
  });
});

describe('coming back', () => {
  test('the delay doubles with every failure up to the cap, and starts over only when the client has caught up', async () => {
    const session = createSession();
    await session.login();
    const delays: number[] = [];
    const comeBack = async (online: boolean): Promise<void> => {
      session.socket().drop();
      const sockets = session.sockets.length;
      const lost = Date.now();
      while (session.sockets.length === sockets) await vi.advanceTimersByTimeAsync(1);
      delays.push(Date.now() - lost);
      if (!online) return;
      session.socket().open();
      accept(session.socket());
    };
    for (const online of [true, false, false, true, true, false]) await comeBack(online);
    expect(delays).toEqual([500, 1000, 2000, 4000, 4000, 4000]);
    session.socket().open();
    accept(session.socket());
    session.connection.caughtUp();
    await comeBack(true);
    expect(delays[6]).toBe(500);
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

  test('a socket that was left says nothing any more', async () => {
    const session = createSession();
    session.connection.start(IDENTITY, false);
    await session.settle();
    const [first] = session.sockets;
    first!.open();
    first!.drop();
    session.lifecycle('online');
    await session.settle();
    const told = session.states.length;
    accept(first!);
    first!.bytes('ffff');
    first!.drop();
    expect(session.states.length).toBe(told);
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

  test('a word that servers moved, come after the session ended, starts none', async () => {
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

  test('hosts that vanish while a login is under way are a failure like any other', async () => {
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
    expect(conflicting.connection.state.name).toBe('rejected');
    expect(conflicting.causes[0]!.reason).toBe('ServerDNSFailed');
    await expectQuiet(conflicting);
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

  test('a disposed connection hears nothing of the platform any more', async () => {
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
