import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What somebody's server wrote down of a request. */
export interface Seen {
  method: string;
  url: string;
  headers: Record<string, string>;
  /** As latin1. */
  body: string;
}

/**
 * A server that wants to know who asks: it answers everything, allows a page everything, sets a cookie with every answer
 * and writes down what comes. `GET /seen` gives that, as JSON.
 */
export async function startHostileServer(): Promise<{ port: number; seen: readonly Seen[]; stop(): Promise<void> }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const asked = headers['access-control-request-headers'];
    response.setHeader('access-control-allow-origin', headers.origin ?? '*');
    response.setHeader('access-control-allow-credentials', 'true');
    response.setHeader('access-control-allow-methods', 'GET, POST, PUT');
    if (asked) response.setHeader('access-control-allow-headers', asked);
    response.setHeader('set-cookie', 'tracked=1; Path=/');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (url === '/seen') return response.end(JSON.stringify(seen));
      const body = Buffer.concat(chunks).toString('latin1');
      seen.push({ method, url, headers: headers as Record<string, string>, body });
      return response.end('{"code":200,"data":true}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    seen,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
