import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openNodeSocket } from '../../src/platform/node/sockets.ts';
import { systemClock } from '../../src/platform/web-api/system.ts';
import { openTransport } from '../../src/transport/open-transport.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { decodeFrame, encodeFrame } from '../../src/wire/index.ts';
import type { EngineVersion } from '../../src/wire/engine-packet.ts';
import type { DownFrame } from '../../src/wire/index.ts';
import { recordTransport } from '../support/record-transport.ts';
import type { TransportRecord } from '../support/record-transport.ts';

/** The parts of a socket.io server and its socket that the suite uses, in both versions. */
export interface SocketIoServer {
  on(event: 'connection', run: (socket: SocketIoSocket) => void): void;
  use(run: (socket: SocketIoSocket, next: (error?: Error) => void) => void): void;
}
export interface SocketIoSocket {
  on(event: string, run: (...args: unknown[]) => void): void;
  emit(event: string, ...args: unknown[]): void;
  disconnect(close?: boolean): void;
  conn: { on(event: string, run: (packet: { type: string }) => void): void };
}
export type SocketIoStart = (
  http: HttpServer,
  options: { pingInterval: number; pingTimeout: number; transports: string[] },
) => SocketIoServer;

const PROVISION: DownFrame = {
  vsn: 0,
  command: 3,
  payload: { status: { code: 1 }, xid: { uid: '6597478514528', deviceSN: 77 } },
};

/** Tests our transport against the original socket.io servers over real sockets. */
export function socketIoSuite(name: string, engine: EngineVersion, start: SocketIoStart): void {
  const cleanups: (() => void)[] = [];
  afterEach(() => {
    for (const cleanup of cleanups.splice(0)) cleanup();
  });

  interface Room {
    io: SocketIoServer;
    url: string;
    /** Cuts every TCP connection, as a crashing server does. */
    kill(): void;
  }

  async function serve(pingInterval = 25_000, pingTimeout = 5000): Promise<Room> {
    const http = createServer();
    const peers = new Set<TcpSocket>();
    http.on('connection', (peer) => peers.add(peer));
    const io = start(http, { pingInterval, pingTimeout, transports: ['websocket'] });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const kill = (): void => {
      http.close();
      for (const peer of peers) peer.destroy();
    };
    cleanups.push(kill);
    return { io, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, kill };
  }

  function connect(url: string): { transport: Transport; record: TransportRecord; frames: DownFrame[] } {
    const record = recordTransport();
    const frames: DownFrame[] = [];
    const { onFrame } = record;
    record.onFrame = (frame) => {
      frames.push(frame);
      onFrame(frame);
    };
    const transport = openTransport(
      {
        kind: 'socket.io',
        url,
        engine,
        connectTimeoutMs: 5000,
        silenceTimeoutMs: 5000,
        probeTimeoutMs: 3_000,
        isHidden: () => false,
      },
      { sockets: openNodeSocket, clock: systemClock },
      record,
    );
    cleanups.push(() => transport.close());
    return { transport, record, frames };
  }

  function connection(io: SocketIoServer): Promise<SocketIoSocket> {
    return new Promise((resolve) => io.on('connection', resolve));
  }

  describe(name, () => {
    test('the event frame carries frames both ways', async () => {
      const { io, url } = await serve();
      const peerConnects = connection(io);
      const { transport, record, frames } = connect(url);
      const peer = await peerConnects;
      const received: unknown[] = [];
      peer.on('frame', (data) => {
        received.push(decodeFrame(new Uint8Array(data as Buffer), 'up'));
        peer.emit('news', { nothing: 'to us' });
        peer.emit('photo', Buffer.from([1, 2, 3]), Buffer.from([4]));
        peer.emit('frame', Buffer.from(encodeFrame(PROVISION, 'down')));
      });
      await vi.waitFor(() => expect(record.heard).toEqual(['open']));
      transport.send({
        vsn: 0,
        compress_method: 0,
        command: 3,
        payload: { token: 'T', xid: { uid: '6597478514528' } },
      });
      await vi.waitFor(() => expect(frames.length).toBe(1));
      expect(received).toEqual([
        { vsn: 0, compress_method: 0, command: 3, payload: { token: 'T', xid: { uid: '6597478514528' } } },
      ]);
      expect(frames).toEqual([PROVISION]);
    });

    test('a frame event that asks for an acknowledgement is still a frame', async () => {
      const { io, url } = await serve();
      const peerConnects = connection(io);
      const { record } = connect(url);
      const peer = await peerConnects;
      peer.emit('frame', Buffer.from(encodeFrame(PROVISION, 'down')), () => {});
      await vi.waitFor(() => expect(record.heard).toEqual(['open', 'frame 3']));
    });

    test('heartbeats keep the connection open for longer than either side waits for one', async () => {
      const [interval, timeout] = [100, 400];
      const { io, url } = await serve(interval, timeout);
      const peerConnects = connection(io);
      const { transport, record } = connect(url);
      const peer = await peerConnects;
      let beats = 0;
      peer.conn.on('packet', ({ type }) => {
        if (type === (engine === 3 ? 'ping' : 'pong')) beats++;
      });
      // Each beat takes an interval.
      const waited = (interval + timeout) / interval + 1;
      await vi.waitFor(() => expect(beats).toBeGreaterThanOrEqual(waited), { timeout: 5000 });
      expect(record.heard).toEqual(['open']);
      transport.probe();
      const before = beats;
      await vi.waitFor(() => expect(beats).toBeGreaterThan(before + 1), { timeout: 5000 });
      expect(record.heard).toEqual(['open']);
    });

    test.each<[string, (peer: SocketIoSocket, room: Room) => void, string]>([
      ['disconnects the namespace', (peer) => peer.disconnect(), 'close server-close'],
      ['is killed', (_peer, room) => room.kill(), 'close socket-closed'],
    ])('the connection closes when the server %s', async (_what, act, closed) => {
      const room = await serve();
      const peerConnects = connection(room.io);
      const { record } = connect(room.url);
      const peer = await peerConnects;
      await vi.waitFor(() => expect(record.heard).toEqual(['open']));
      act(peer, room);
      await vi.waitFor(() => expect(record.heard).toEqual(['open', closed]));
    });

    test('closing the transport disconnects at the server', async () => {
      const { io, url } = await serve();
      const peerConnects = connection(io);
      const { transport } = connect(url);
      const peer = await peerConnects;
      const disconnected = new Promise((resolve) => peer.on('disconnect', resolve));
      transport.close();
      expect(await disconnected).toMatch(/^transport (close|error)$/);
    });

    test('a refusal by the server is a failed connect', async () => {
      const { io, url } = await serve();
      io.use((_socket, next) => next(new Error('not welcome')));
      const { record } = connect(url);
      await vi.waitFor(() => expect(record.reasons.length).toBe(1));
      expect(record.reasons[0]?.kind).toBe('connect-failed');
      expect(record.reasons[0]?.detail).toContain('not welcome');
    });
  });
}
