import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server as SocketIoServer } from 'socket.io';
import { WebSocketServer } from 'ws';
import type { Faults } from '../faults.ts';
import type { ResolvedOptions } from '../options.ts';
import { openRawChannel, openSocketIoChannel } from './channels.ts';
import type { XsyncServer } from '../xsync/xsync-server.ts';

const SOCKET_IO_PATH = '/socket.io/';

interface Deps {
  http: HttpServer;
  xsync: XsyncServer;
  faults: Faults;
  options: ResolvedOptions;
}

/** The two socket transports on the port of REST. The path of the upgrade selects one. */
export class Sockets {
  readonly #deps: Deps;
  readonly #io: SocketIoServer;
  readonly #raw: WebSocketServer;
  readonly #upgraded = new Set<Duplex>();
  readonly #held = new Set<Duplex>();

  constructor(deps: Deps) {
    this.#deps = deps;
    const { http, xsync, options } = deps;
    this.#raw = new WebSocketServer({ noServer: true, maxPayload: options.maxFrameBytes });
    this.#io = new SocketIoServer({
      path: SOCKET_IO_PATH,
      transports: ['websocket'],
      allowEIO3: true,
      serveClient: false,
      cors: { origin: '*' },
      pingInterval: options.pingIntervalMs,
      pingTimeout: options.pingTimeoutMs,
      maxHttpBufferSize: options.maxFrameBytes,
      destroyUpgrade: false,
    });
    this.#io.attach(http);
    // Held and raw upgrades must not reach Engine.IO, which listens on the same event.
    const [engineUpgrade] = http.listeners('upgrade') as ((...upgrade: Upgrade) => void)[];
    http.removeAllListeners('upgrade');
    http.on('upgrade', (...upgrade: Upgrade) => this.#dispatch(upgrade, engineUpgrade!));
    this.#io.on('connection', (socket) => openSocketIoChannel(socket, (channel) => xsync.open(channel)));
  }

  /** Cuts the connections whose handshake is held. */
  dropHeld(): void {
    for (const socket of this.#held) socket.destroy();
    this.#held.clear();
  }

  /** Ends every socket at once. */
  close(): void {
    this.#io.engine.close();
    for (const client of this.#raw.clients) client.terminate();
    for (const socket of this.#upgraded) socket.destroy();
    this.#raw.close();
    this.dropHeld();
  }

  #dispatch(upgrade: Upgrade, engineUpgrade: (...upgrade: Upgrade) => void): void {
    const [request, tcp, head] = upgrade;
    tcp.on('error', () => tcp.destroy());
    if (this.#deps.faults.stallNew) {
      this.#held.add(tcp);
      return;
    }
    this.#upgraded.add(tcp);
    tcp.on('close', () => this.#upgraded.delete(tcp));
    const path = request.url?.split('?', 1)[0];
    if (path === SOCKET_IO_PATH) {
      engineUpgrade(...upgrade);
    } else if (path === '/') {
      this.#raw.handleUpgrade(request, tcp, head, (socket) =>
        openRawChannel(socket, tcp, (channel) => this.#deps.xsync.open(channel)),
      );
    } else {
      tcp.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
    }
  }
}

type Upgrade = [request: IncomingMessage, tcp: Duplex, head: Buffer];
