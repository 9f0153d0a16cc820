import { Server } from 'mock-socket';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openBrowserSocket } from '../../../src/platform/browser/sockets.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { openTransport } from '../../../src/transport/open-transport.ts';
import type { Transport } from '../../../src/transport/transport.ts';
import { fromHex, toHex } from '../../support/fake-socket.ts';
import { recordTransport } from '../../support/record-transport.ts';
import { EVENT, OPEN, PROVISION_HEX, UNREAD_HEX } from './harness.ts';

// The browser adapter under the transport, against a WebSocket that keeps the browser's rules: mock-socket puts it in
// the place of the global one as long as a server runs.
const HOST = 'ws://im.example:8443';
const SOCKET_IO_URL = `${HOST}/socket.io/?EIO=3&transport=websocket`;

const servers: Server[] = [];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const server of servers.splice(0)) server.stop();
  vi.runOnlyPendingTimers();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function serve(url: string): { server: Server; received: string[] } {
  const received: string[] = [];
  const server = new Server(url);
  servers.push(server);
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      received.push(typeof data === 'string' ? data : toHex(new Uint8Array(data as ArrayBuffer)));
    });
  });
  return { server, received };
}

function open(kind: 'socket.io' | 'raw'): { transport: Transport; record: ReturnType<typeof recordTransport> } {
  const record = recordTransport();
  const transport = openTransport(
    {
      kind,
      url: HOST,
      engine: 3,
      connectTimeoutMs: 10_000,
      silenceTimeoutMs: 20_000,
      probeTimeoutMs: 3_000,
      isHidden: () => false,
    },
    { sockets: openBrowserSocket, clock: systemClock },
    record,
  );
  return { transport, record };
}

test('a session over socket.io: open, frames both ways, ping, close', () => {
  const { server, received } = serve(SOCKET_IO_URL);
  const { transport, record } = open('socket.io');
  vi.advanceTimersByTime(100);
  const [peer] = server.clients();
  peer!.send(OPEN);
  peer!.send('40');
  vi.advanceTimersByTime(100);
  expect(record.heard).toEqual(['open']);

  transport.send({ vsn: 0, compress_method: 0, command: 0 });
  peer!.send(EVENT);
  peer!.send(fromHex(`04${PROVISION_HEX}`).buffer as ArrayBuffer);
  vi.advanceTimersByTime(100);
  expect(received).toEqual([EVENT, `04${UNREAD_HEX}`]);
  expect(record.heard).toEqual(['open', 'frame 3']);

  vi.advanceTimersByTime(25_000);
  expect(received.at(-1)).toBe('2');
  peer!.send('3');
  peer!.send('41');
  vi.advanceTimersByTime(100);
  expect(record.heard).toEqual(['open', 'frame 3', 'close server-close']);
  expect(server.clients()).toEqual([]);
});

test('a session over raw that the server ends', () => {
  const { server, received } = serve(`${HOST}/`);
  const { transport, record } = open('raw');
  vi.advanceTimersByTime(100);
  transport.send({ vsn: 0, compress_method: 0, command: 0 });
  server.emit('message', fromHex(PROVISION_HEX).buffer);
  vi.advanceTimersByTime(100);
  expect(received).toEqual([UNREAD_HEX]);
  expect(record.heard).toEqual(['open', 'frame 3']);
  server.close({ code: 1001, reason: 'restart', wasClean: true });
  vi.advanceTimersByTime(100);
  expect(record.reasons).toEqual([{ kind: 'socket-closed', detail: '1001 restart' }]);
});

test('no server at that address: connect-failed', () => {
  serve('ws://elsewhere.example');
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { record } = open('socket.io');
  vi.advanceTimersByTime(100);
  expect(record.heard).toEqual(['close connect-failed']);
  error.mockRestore();
});

test('closing while the socket still connects emits the close at once and only once', () => {
  serve(SOCKET_IO_URL);
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { transport, record } = open('socket.io');
  transport.close();
  expect(record.heard).toEqual(['close client-close']);
  vi.advanceTimersByTime(60_000);
  expect(record.heard).toEqual(['close client-close']);
  error.mockRestore();
});

test('a bad URL emits connect-failed after the call', () => {
  serve(SOCKET_IO_URL);
  const record = recordTransport();
  openTransport(
    {
      kind: 'raw',
      url: 'nonsense',
      engine: 3,
      connectTimeoutMs: 10_000,
      silenceTimeoutMs: 20_000,
      probeTimeoutMs: 3_000,
      isHidden: () => false,
    },
    { sockets: openBrowserSocket, clock: systemClock },
    record,
  );
  expect(record.heard).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(record.heard).toEqual(['close connect-failed']);
});
