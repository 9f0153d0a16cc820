import type { Duplex } from 'node:stream';
import type { Socket as NetSocket } from 'node:net';

export type TransportName = 'socket.io' | 'raw';

/** One socket of a client, below frames: bytes out, and the ways a socket can misbehave. */
export interface Channel {
  readonly transport: TransportName;
  send(bytes: Uint8Array): void;
  /** Close as the protocol says. */
  end(): void;
  /** Cut the TCP connection, on demand after half of a WebSocket frame. */
  drop(midFrame: boolean): void;
  /** Read and write nothing while on. */
  setStalled(on: boolean): void;
}

export interface ChannelListener {
  onBytes(bytes: Uint8Array): void;
  onClose(): void;
}

// Header of a binary message of 65535 bytes, and three of them.
const HALF_A_FRAME = Uint8Array.of(0x82, 0x7e, 0xff, 0xff, 1, 2, 3);

export function dropTcp(socket: Duplex, midFrame: boolean): void {
  if (!midFrame) {
    socket.destroy();
    return;
  }
  release(socket);
  socket.write(HALF_A_FRAME, () => socket.destroy());
}

/** Works on TCP below the WebSocket library, because that one answers pings by itself. */
export function stallTcp(socket: Duplex, on: boolean): void {
  release(socket);
  if (!on) return;
  socket.cork();
  (socket as NetSocket).pause();
}

function release(socket: Duplex): void {
  while (socket.writableCorked > 0) socket.uncork();
  (socket as NetSocket).resume();
}
