// The network between a client and its servers, as it is while a device sleeps, moves or waits for a portal. It carries TCP.
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface Network {
  /** `127.0.0.1:port`, in the place of the server's. */
  readonly host: string;
  /** Forgets every connection: nothing arrives on it any more, and nobody is informed. */
  forget(): void;
  /** Ends every connection. */
  cut(): void;
  /** Ends every connection and refuses new ones, until it is back. */
  leave(): void;
  comeBack(): void;
  /** Ends every connection. New ones get the page of a portal whatever they ask for, until the user has logged in there. */
  capture(captured: boolean): void;
  close(): void;
}

const PORTAL = '<!doctype html><title>Welcome</title><form>Log in to this network</form>';
const PORTAL_ANSWER = [
  'HTTP/1.1 200 OK',
  ...['Access-Control-Allow-Origin: *', 'Content-Type: text/html', `Content-Length: ${PORTAL.length}`],
  ...['Connection: close', '', PORTAL],
].join('\r\n');

/** @param port - of the server on this machine */
export async function createNetwork(port: number): Promise<Network> {
  let state: 'there' | 'gone' | 'captured' = 'there';
  const pairs = new Set<{ client: Socket; server: Socket; isForgotten: boolean }>();
  const listener = createServer((client) => {
    client.on('error', () => client.destroy());
    if (state === 'gone') return client.resetAndDestroy();
    if (state === 'captured') return client.once('data', () => client.end(PORTAL_ANSWER));
    const server = connect(port, '127.0.0.1');
    const pair = { client, server, isForgotten: false };
    pairs.add(pair);
    const carry = (from: Socket, to: Socket): void => {
      from.setNoDelay(true);
      from.on('data', (bytes) => pair.isForgotten || to.destroyed || to.write(bytes));
      from.on('error', () => from.destroy());
      from.on('close', () => {
        pairs.delete(pair);
        if (!pair.isForgotten) to.destroy();
      });
    };
    carry(client, server);
    carry(server, client);
    return undefined;
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const { client, server } of [...pairs]) {
      client.destroy();
      server.destroy();
    }
  };
  return {
    host: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    forget: () => pairs.forEach((pair) => (pair.isForgotten = true)),
    cut,
    leave: () => {
      state = 'gone';
      cut();
    },
    comeBack: () => (state = 'there'),
    capture: (captured) => {
      state = captured ? 'captured' : 'there';
      cut();
    },
    close: () => {
      cut();
      listener.close();
    },
  };
}
