import type { Channel, ChannelListener } from '../../devserver/src/xsync/channel.ts';
import type { Socket, SocketFactory, SocketListener } from '../../src/platform/ports.ts';
import { createLane } from './line.ts';
import type { Line } from './line.ts';
import type { Witness } from './witness.ts';
import { soon } from './turn.ts';

/** What sockets in memory join. */
export interface SocketSetup {
  readonly line: Line;
  /** The host that sockets reach. */
  readonly host: string;
  /** Whether the device has a network. */
  isOnline(): boolean;
  /** Whether the server opens new sockets; while it does not, they wait. */
  isStalled(): boolean;
  /** Opens the server's end. */
  accept(channel: Channel): ChannelListener;
  /** Sends the next page twice. */
  duplicateNext(): void;
  readonly witness: Witness;
}

/** Sockets of the raw transport in memory: each binary message is one frame. */
export interface MemorySockets {
  readonly open: SocketFactory;
  /** Cuts all sockets, as a lost network does. */
  cutAll(): void;
  /** Ends those that wait to be opened. */
  dropHeld(): void;
}

export function createMemorySockets(setup: SocketSetup): MemorySockets {
  const sockets = new Set<MemorySocket>();
  return {
    open(url, listener) {
      const socket = new MemorySocket(setup, url, listener, () => sockets.delete(socket));
      sockets.add(socket);
      return socket;
    },
    cutAll: () => sockets.forEach((socket) => socket.end('the network is gone')),
    dropHeld: () => sockets.forEach((socket) => socket.endHeld()),
  };
}

class MemorySocket implements Socket {
  private readonly setup: SocketSetup;
  private readonly listener: SocketListener;
  private readonly gone: () => void;
  private readonly up;
  private readonly down;
  private readonly entry;
  private server: ChannelListener | undefined;
  private state: 'connecting' | 'held' | 'open' | 'closed' = 'connecting';

  constructor(setup: SocketSetup, url: string, listener: SocketListener, gone: () => void) {
    this.setup = setup;
    this.listener = listener;
    this.gone = gone;
    this.up = createLane(setup.line);
    this.down = createLane(setup.line);
    this.entry = setup.witness.socket();
    this.down.send(() => this.connect(url));
  }

  send(data: string | Uint8Array): void {
    if (this.state !== 'open' || typeof data === 'string') return;
    const { line, duplicateNext } = this.setup;
    // A copy: the caller may use its buffer again.
    const bytes = data.slice();
    this.entry.up(bytes);
    if (line.isHit(line.faults.cut)) this.end('cut on the way');
    if (line.isHit(line.faults.duplicate)) duplicateNext();
    this.up.send(() => this.server?.onBytes(bytes));
  }

  close(): void {
    this.end('closed by the client');
  }

  /** Ends the socket on both sides. */
  end(detail: string): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.up.close();
    this.down.close();
    this.gone();
    this.entry.close();
    this.setup.line.traffic.note();
    soon(() => {
      this.server?.onClose();
      this.listener.onClose(detail);
    });
  }

  endHeld(): void {
    if (this.state === 'held') this.end('the handshake was cut');
  }

  private connect(url: string): void {
    const { line, host, isOnline, isStalled, accept } = this.setup;
    const { host: wanted, pathname } = new URL(url);
    if (!isOnline()) return this.end('no network');
    if (wanted !== host) return this.end(`nothing listens at ${wanted}: the test server is ${host}`);
    if (pathname !== '/')
      return this.end('the test server speaks the raw transport: leave the option `transport` as it is');
    if (line.isHit(line.faults.refuse)) return this.end('refused');
    if (isStalled()) {
      this.state = 'held';
      return;
    }
    this.state = 'open';
    this.server = accept(this.channel());
    this.entry.open();
    this.listener.onOpen();
  }

  private channel(): Channel {
    const { line } = this.setup;
    return {
      transport: 'raw',
      send: (bytes) => {
        if (line.isHit(line.faults.cut)) return this.end('cut on the way');
        this.down.send(() => {
          this.entry.down(bytes);
          this.listener.onMessage(bytes);
        });
      },
      end: () => this.down.send(() => this.end('closed by the server')),
      drop: () => this.end('cut'),
      setStalled: (on) => {
        this.up.hold(on);
        this.down.hold(on);
      },
    };
  }
}
