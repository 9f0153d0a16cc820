import type { Duplex } from 'node:stream';
import type { Socket as NetSocket } from 'node:net';
import type { Socket as SocketIoSocket } from 'socket.io';
import type { WebSocket } from 'ws';
import type { Channel, ChannelListener } from '../xsync/channel.ts';

const SOCKET_IO_EVENT = 'frame';

/** The socket.io transport: event `frame` with one binary argument in both directions. */
export function openSocketIoChannel(socket: SocketIoSocket, listen: (channel: Channel) => ChannelListener): void {
  const tcp = socket.request.socket;
  const listener = listen({
    transport: 'socket.io',
    send: (bytes) => socket.emit(SOCKET_IO_EVENT, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    end: () => socket.disconnect(true),
    drop: (midFrame) => dropTcp(tcp, midFrame),
    setStalled: (on) => stallTcp(tcp, on),
  });
  socket.on(SOCKET_IO_EVENT, (bytes: unknown) => {
    if (bytes instanceof Uint8Array) listener.onBytes(bytes);
  });
  socket.on('disconnect', () => listener.onClose());
}

/** The raw transport: each binary WebSocket message is one frame. */
export function openRawChannel(socket: WebSocket, tcp: Duplex, listen: (channel: Channel) => ChannelListener): void {
  const listener = listen({
    transport: 'raw',
    send: (bytes) => socket.send(bytes),
    end: () => socket.close(),
    drop: (midFrame) => dropTcp(tcp, midFrame),
    setStalled: (on) => stallTcp(tcp, on),
  });
  socket.on('message', (data, isBinary) => {
    if (isBinary) listener.onBytes(data as Buffer);
  });
  socket.on('close', () => listener.onClose());
  // A protocol error of the peer. `close` follows it.
  socket.on('error', () => undefined);
}

// The header of a binary message of 65535 bytes, and three of its bytes.
const HALF_A_FRAME = Uint8Array.of(0x82, 0x7e, 0xff, 0xff, 1, 2, 3);

function dropTcp(socket: Duplex, midFrame: boolean): void {
  if (!midFrame) {
    socket.destroy();
    return;
  }
  release(socket);
  socket.write(HALF_A_FRAME, () => socket.destroy());
}

/** Works on TCP, because the WebSocket library above answers pings by itself. */
function stallTcp(socket: Duplex, on: boolean): void {
  release(socket);
  if (!on) return;
  socket.cork();
  (socket as NetSocket).pause();
}

function release(socket: Duplex): void {
  while (socket.writableCorked > 0) socket.uncork();
  (socket as NetSocket).resume();
}
