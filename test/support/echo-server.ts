import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { SocketContractUrls } from '../contract/socket.contract.ts';
import { UNREACHABLE } from './unreachable.ts';

/** The server side of the socket contract, on a free port of the loopback. */
export async function startEchoServer(): Promise<{ urls: SocketContractUrls; stop(): Promise<void> }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (peer) => {
    peer.on('error', () => {});
    peer.on('message', (data, isBinary) => {
      if (!isBinary && String(data) === 'close me') peer.close(4000, 'bye');
      else peer.send(data, { binary: isBinary });
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    urls: { echo: `ws://127.0.0.1:${port}/`, unreachable: `ws://${UNREACHABLE}/` },
    stop() {
      for (const peer of server.clients) peer.terminate();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
