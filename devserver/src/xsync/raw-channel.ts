import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { dropTcp, stallTcp } from './channel.ts';
import type { Channel, ChannelListener } from './channel.ts';

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
  // A protocol error of the peer; `close` follows.
  socket.on('error', () => undefined);
}
