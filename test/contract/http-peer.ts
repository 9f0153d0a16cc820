import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UNREACHABLE } from '../support/unreachable.ts';
import type { HttpContractUrls } from './http.contract.ts';

/** The server side of the HTTP contract, on a free port of the loopback. */
export async function startHttpPeer(): Promise<{ urls: HttpContractUrls; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
    response.setHeader('access-control-allow-credentials', 'true');
    response.setHeader('access-control-allow-headers', 'content-type, access-token, app_id');
    response.setHeader('set-cookie', 'session=1; SameSite=None; Secure');
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://peer');
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      if (request.method === 'OPTIONS') response.end();
      else if (pathname === '/silent') return;
      else if (pathname === '/half') response.writeHead(200, { 'content-length': '100' }).write('{"half":');
      else if (pathname === '/cut') request.socket.destroy();
      else if (pathname === '/redirect') {
        response.writeHead(Number(searchParams.get('code')), { location: searchParams.get('to')! }).end();
      } else if (pathname === '/status') response.writeHead(Number(searchParams.get('code'))).end('{"code":1}');
      else response.end(JSON.stringify({ method: request.method, headers: request.headers, body }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    urls: { peer: `http://127.0.0.1:${port}`, unreachable: `http://${UNREACHABLE}/` },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
