import type { Socket } from 'socket.io';
import { dropTcp, stallTcp } from './channel.ts';
import type { Channel, ChannelListener } from './channel.ts';

const EVENT = 'frame';

/** The socket.io transport: event `frame` with one binary argument, both ways. */
export function openSocketIoChannel(socket: Socket, listen: (channel: Channel) => ChannelListener): void {
  const tcp = socket.request.socket;
  const listener = listen({
    transport: 'socket.io',
    send: (bytes) => socket.emit(EVENT, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    end: () => socket.disconnect(true),
    drop: (midFrame) => dropTcp(tcp, midFrame),
    setStalled: (on) => stallTcp(tcp, on),
  });
  socket.on(EVENT, (bytes: unknown) => {
    if (bytes instanceof Uint8Array) listener.onBytes(bytes);
  });
  socket.on('disconnect', () => listener.onClose());
}
