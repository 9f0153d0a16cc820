import type { Channel, ChannelListener } from '../../devserver/src/xsync/channel.ts';
import type { Socket, SocketFactory, SocketListener } from '../../src/platform/ports.ts';
import { createLane } from './line.ts';
import type { Line } from './line.ts';
import type { Network } from './network.ts';
import type { Witness } from './witness.ts';
import { soon } from './turn.ts';

/** What sockets in memory join. */
export interface SocketSetup {
  readonly line: Line;
  /** The host that sockets reach. */
  readonly host: string;
  /** The network that the device has now. */
  network(): Network;
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

/** Of a request to open a socket, and of its answer, about. */
const HANDSHAKE_BYTES = 200;

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
  private readonly network;
  private readonly up;
  private readonly down;
  private readonly entry;
  private server: ChannelListener | undefined;
  private state: 'connecting' | 'held' | 'open' | 'closed' = 'connecting';

  constructor(setup: SocketSetup, url: string, listener: SocketListener, gone: () => void) {
    this.setup = setup;
    this.listener = listener;
    this.gone = gone;
    this.network = setup.network();
    this.up = createLane(setup.line, this.network, 'up');
    this.down = createLane(setup.line, this.network, 'down');
    this.entry = setup.witness.socket();
    this.up.send(HANDSHAKE_BYTES, () => this.down.send(HANDSHAKE_BYTES, () => this.connect(url)));
  }

  send(data: string | Uint8Array): void {
    if (this.state !== 'open' || typeof data === 'string') return;
    const { line, duplicateNext } = this.setup;
    // A copy: the caller may use its buffer again.
    const bytes = data.slice();
    this.entry.up(bytes);
    if (line.isHit(line.faults.cut)) this.end('cut on the way');
    if (line.isHit(line.faults.duplicate)) duplicateNext();
    this.up.send(bytes.length, () => this.server?.onBytes(bytes));
  }

  close(): void {
    if (!this.leave()) return;
    this.network.reach('up', () => this.server?.onClose());
    soon(() => this.listener.onClose('closed by the client'));
  }

  /** Ends the socket on both sides. */
  end(detail: string): void {
    if (!this.leave()) return;
    soon(() => {
      this.server?.onClose();
      this.listener.onClose(detail);
    });
  }

  /** Ends the server's end. The client hears of it unless its network is silent: then it has a half-open socket. */
  private drop(detail: string): void {
    if (!this.network.isSilent('down')) return this.end(detail);
    const { server } = this;
    this.server = undefined;
    server?.onClose();
  }

  /** @returns whether it was open until now */
  private leave(): boolean {
    if (this.state === 'closed') return false;
    this.state = 'closed';
    this.up.close();
    this.down.close();
    this.gone();
    this.entry.close();
    this.setup.line.traffic.note();
    return true;
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
        this.down.send(bytes.length, () => {
          this.entry.down(bytes);
          this.listener.onMessage(bytes);
        });
      },
      end: () => this.down.send(0, () => this.end('closed by the server')),
      drop: () => this.drop('cut'),
      setStalled: (on) => {
        this.up.hold(on);
        this.down.hold(on);
      },
    };
  }
}
