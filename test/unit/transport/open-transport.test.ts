import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TransportOptions } from '../../../src/transport/transport.ts';
import { connect, connectOpen, EVENT, expectOver, KINDS, OPEN, UNREAD_HEX } from './harness.ts';
import type { Harness } from './harness.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('the URL', () => {
  test.each<[Partial<TransportOptions>, string]>([
    [{ url: 'http://im.example' }, 'ws://im.example/socket.io/?EIO=3&transport=websocket'],
    [{ url: 'https://im.example:8443' }, 'wss://im.example:8443/socket.io/?EIO=3&transport=websocket'],
    [{ url: 'https://im.example/' }, 'wss://im.example/socket.io/?EIO=3&transport=websocket'],
    [{ url: 'ws://[::1]:80' }, 'ws://[::1]:80/socket.io/?EIO=3&transport=websocket'],
    [{ url: 'wss://http.example', engine: 4 }, 'wss://http.example/socket.io/?EIO=4&transport=websocket'],
    [{ url: 'http://im.example:1', kind: 'raw' }, 'ws://im.example:1/'],
    [{ url: 'wss://im.example/', kind: 'raw' }, 'wss://im.example/'],
  ])('%j', (options, url) => {
    const { socket, transport } = connect(options);
    expect(socket.url).toBe(url);
    transport.close();
  });
});

describe('closing', () => {
  const SERVER: Partial<TransportOptions> = { kind: 'socket.io', engine: 4 };

  test.each<[string, Partial<TransportOptions>, string[] | 'not open', (harness: Harness) => void, string, string]>([
    ['unreachable', {}, 'not open', ({ socket }) => socket.drop('1006 '), 'connect-failed', '1006 '],
    ['dropped in the handshake', {}, [], ({ socket }) => socket.drop('1001 bye'), 'connect-failed', '1001 bye'],
    ['raw unreachable', { kind: 'raw' }, 'not open', ({ socket }) => socket.drop(), 'connect-failed', '1006 '],
    ['socket never opens', {}, 'not open', () => vi.advanceTimersByTime(10_000), 'connect-timeout', '10000 ms'],
    ['no engine open', {}, [], () => vi.advanceTimersByTime(10_000), 'connect-timeout', '10000 ms'],
    ['no 40', {}, [OPEN], () => vi.advanceTimersByTime(10_000), 'connect-timeout', '10000 ms'],
    ['no answer to our 40', SERVER, [OPEN], () => vi.advanceTimersByTime(10_000), 'connect-timeout', '10000 ms'],
    ['44 instead of 40', {}, [OPEN], ({ socket }) => socket.text('44"full"'), 'connect-failed', '"full"'],
    [
      '44 answers our 40',
      SERVER,
      [OPEN],
      ({ socket }) => socket.text('44{"message":"no"}'),
      'connect-failed',
      '{"message":"no"}',
    ],
    ['44 later', {}, [OPEN, '40'], ({ socket }) => socket.text('44"gone"'), 'server-close', '"gone"'],
    ['1', {}, [OPEN, '40'], ({ socket }) => socket.text('1'), 'server-close', 'close'],
    ['1 in the handshake', {}, [OPEN], ({ socket }) => socket.text('1'), 'server-close', 'close'],
    ['41', {}, [OPEN, '40'], ({ socket }) => socket.text('41'), 'server-close', 'disconnect'],
    ['no packet', {}, [OPEN, '40'], ({ socket }) => socket.text('?'), 'protocol-error', 'packet type'],
    ['open without JSON', {}, [], ({ socket }) => socket.text('0{'), 'protocol-error', 'open packet'],
    ['socket drops', {}, [OPEN, '40'], ({ socket }) => socket.drop('1006 '), 'socket-closed', '1006 '],
    ['raw socket drops', { kind: 'raw' }, [], ({ socket }) => socket.drop('1006 '), 'socket-closed', '1006 '],
    ['closed before open', {}, 'not open', ({ transport }) => transport.close(), 'client-close', ''],
    ['closed in the handshake', {}, [OPEN], ({ transport }) => transport.close(), 'client-close', ''],
    ['closed when open', {}, [OPEN, '40'], ({ transport }) => transport.close(), 'client-close', ''],
    ['raw closed', { kind: 'raw' }, [], ({ transport }) => transport.close(), 'client-close', ''],
    ['no pong', {}, [OPEN, '40'], () => vi.advanceTimersByTime(30_000), 'ping-timeout', 'no pong'],
    ['no ping', SERVER, [OPEN, '40'], () => vi.advanceTimersByTime(30_000), 'ping-timeout', 'no ping'],
  ])('%s', (_name, options, greeting, act, kind, detail) => {
    const harness = connect(options);
    if (greeting !== 'not open') {
      harness.socket.open();
      harness.socket.text(...greeting);
    }
    act(harness);
    expect(harness.record.reasons).toEqual([{ kind, detail }]);
    expectOver(harness);
  });

  test('a listener that closes again from onClose gets no second event', () => {
    const harness = connectOpen();
    const { onClose } = harness.record;
    harness.record.onClose = (reason) => {
      harness.transport.close();
      onClose(reason);
    };
    harness.socket.drop();
    expectOver(harness);
  });

  test('closing from onOpen closes the transport', () => {
    const harness = connect({ kind: 'raw' });
    harness.record.onOpen = () => harness.transport.close();
    harness.socket.open();
    expect(harness.record.heard).toEqual(['close client-close']);
    expectOver(harness);
  });

  test('a page that slept through the handshake gets the queued open', () => {
    const harness = connect({ kind: 'raw' });
    vi.setSystemTime(Date.now() + 60_000);
    vi.advanceTimersByTime(10_000);
    harness.socket.open();
    expect(harness.record.heard).toEqual(['open']);
    harness.transport.close();
  });
});

describe.each(KINDS)('%s', (_name, options, greeting) => {
  function open(): Harness {
    const harness = connect(options);
    harness.socket.open();
    harness.socket.text(...greeting);
    harness.socket.sent.length = 0;
    return harness;
  }

  /** Engine.IO's own heartbeat is not tested here. */
  function life(harness: Harness): void {
    if (options.kind === 'raw') harness.socket.bytes(UNREAD_HEX);
    else harness.socket.text(options.engine === 3 ? '3' : '2');
  }

  test('sends nothing before it is open', () => {
    const harness = connect(options);
    harness.transport.send({ command: 0 });
    harness.transport.probe();
    harness.socket.open();
    expect(harness.socket.sent).toEqual([]);
    harness.transport.close();
    expectOver(harness);
  });

  test('an UNREAD without an answer counts as silence', () => {
    const harness = open();
    harness.transport.send({ command: 0 });
    vi.advanceTimersByTime(19_999);
    expect(harness.record.heard).toEqual(['open']);
    vi.advanceTimersByTime(1);
    expect(harness.record.heard).toEqual(['open', 'close silent']);
    expectOver(harness);
  });

  test('any bytes after an UNREAD count as an answer, even unreadable ones', () => {
    const harness = open();
    harness.transport.send({ command: 0 });
    vi.advanceTimersByTime(19_999);
    harness.socket.bytes('ff');
    vi.advanceTimersByTime(4000);
    expect(harness.record.heard).toEqual(['open', 'bad malformed']);
    harness.transport.close();
  });

  test('a second UNREAD does not delay the deadline of the first', () => {
    const harness = open();
    harness.transport.send({ command: 0 });
    vi.advanceTimersByTime(15_000);
    harness.transport.send({ command: 0 });
    vi.advanceTimersByTime(5000);
    expect(harness.record.heard).toEqual(['open', 'close silent']);
    expectOver(harness);
  });

  /** A small request. */
  const REQUEST = { command: 1, payload: { xid: { uid: '1' } } } as const;

  test('E3: a socket in use that is half open is noticed within 10 s', () => {
    const harness = open();
    harness.transport.send(REQUEST);
    vi.advanceTimersByTime(3999);
    expect(harness.socket.sent.length).toBe(options.kind === 'raw' ? 1 : 2);
    vi.advanceTimersByTime(3001);
    expect(harness.record.heard).toEqual(['open', 'close silent']);
    expectOver(harness);
  });

  test('a server that gives signs of life may take its time for an answer; an idle socket is not asked for ever', () => {
    const harness = open();
    harness.transport.send(REQUEST);
    harness.socket.sent.length = 0;
    for (let asked = 0; asked < 10; asked++) {
      vi.advanceTimersByTime(4000);
      life(harness);
    }
    expect(harness.record.heard).not.toContain('close silent');
    const pongs = options.kind === 'socket.io' && options.engine === 4 ? 10 : 0;
    const each = options.kind === 'socket.io' && options.engine === 4 ? 2 : 1;
    // The own interval of Engine.IO 3 begins again with each pong.
    expect(harness.socket.sent.length).toBe(7 * each + pongs);
    harness.transport.close();
    expectOver(harness);
  });

  test('a socket of an app that nobody looks at is not asked for signs of life', () => {
    let isHidden = true;
    const harness = connectOpen({ ...options, isHidden: () => isHidden });
    harness.transport.send(REQUEST);
    life(harness);
    harness.socket.sent.length = 0;
    vi.advanceTimersByTime(20_000);
    expect(harness.socket.sent).toEqual([]);
    // The session asks when it is shown.
    isHidden = false;
    harness.transport.probe();
    life(harness);
    harness.socket.sent.length = 0;
    vi.advanceTimersByTime(4000);
    expect(harness.socket.sent.length).toBeGreaterThan(0);
    harness.transport.close();
  });

  test('what was sent may hold up the sign of life for as long as a line of 64 kbit/s carries it', () => {
    const harness = open();
    harness.transport.send({ command: 1, payload: { meta: { ns: 0, payload: new Uint8Array(80_000) } } });
    vi.advanceTimersByTime(10_000 + 2999);
    expect(harness.record.heard).toEqual(['open']);
    // Beside the message, its frame and the question.
    vi.advanceTimersByTime(20);
    expect(harness.record.heard).toEqual(['open', 'close silent']);
    expectOver(harness);
  });

  test('a probe without an answer counts as silence', () => {
    const harness = open();
    harness.transport.probe();
    expect(harness.socket.sent.length).toBeGreaterThan(0);
    vi.advanceTimersByTime(2999);
    expect(harness.record.heard).toEqual(['open']);
    vi.advanceTimersByTime(1);
    expect(harness.record.heard).toEqual(['open', 'close silent']);
    expectOver(harness);
  });

  test('a probe with an answer has no effect', () => {
    const harness = open();
    harness.transport.probe();
    life(harness);
    vi.advanceTimersByTime(20_000);
    expect(harness.record.heard).not.toContain('close silent');
    harness.transport.close();
    expectOver(harness);
  });

  test('a page that slept after an UNREAD gets the queued answer', () => {
    const harness = open();
    harness.transport.send({ command: 0 });
    vi.setSystemTime(Date.now() + 600_000);
    vi.advanceTimersByTime(20_000);
    expect(harness.record.heard).toEqual(['open']);
    life(harness);
    vi.advanceTimersByTime(2000);
    expect(harness.record.heard).not.toContain('close silent');
    harness.transport.close();
  });

  test('sending a frame that cannot be encoded throws and sends nothing', () => {
    const harness = open();
    expect(() => harness.transport.send({ command: 9 as 0 })).toThrow('unknown-command');
    expect(harness.socket.sent).toEqual([]);
    harness.transport.close();
  });
});

test('an engine event never reaches the listener', () => {
  const harness = connectOpen();
  harness.socket.text('6', '42["news"]', '430[]', '3', EVENT);
  expect(harness.record.heard).toEqual([]);
  harness.transport.close();
});
