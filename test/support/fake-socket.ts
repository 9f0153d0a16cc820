import type { SocketFactory, SocketListener } from '../../src/platform/ports.ts';

/** One socket that the test plays the server of. */
export interface FakeSocket {
  readonly url: string;
  /** What the client sent, bytes as hex. */
  readonly sent: string[];
  isClosed: boolean;
  open(): void;
  text(...messages: string[]): void;
  /** A binary message, given as hex. */
  bytes(hex: string): void;
  /** The network or the server ends it. */
  drop(detail?: string): void;
}

/** A factory whose sockets do nothing by themselves, and every socket it made. */
export function createFakeSockets(): { factory: SocketFactory; opened: FakeSocket[] } {
  const opened: FakeSocket[] = [];
  const factory: SocketFactory = (url, listener) => {
    const socket = createFakeSocket(url, listener);
    opened.push(socket);
    return {
      send: (data) => {
        if (!socket.isClosed) socket.sent.push(typeof data === 'string' ? data : toHex(data));
      },
      close: () => socket.drop('closed by client'),
    };
  };
  return { factory, opened };
}

function createFakeSocket(url: string, listener: SocketListener): FakeSocket {
  return {
    url,
    sent: [],
    isClosed: false,
    open: () => listener.onOpen(),
    text: (...messages) => messages.forEach((message) => listener.onMessage(message)),
    bytes: (hex) => listener.onMessage(fromHex(hex)),
    drop(detail = '1006 ') {
      if (this.isClosed) return;
      this.isClosed = true;
      listener.onClose(detail);
    },
  };
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
