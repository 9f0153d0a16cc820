import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createDevServer } from 'flooim-devserver';
import type { TestProject } from 'vitest/node';
import { startEchoServer } from '../support/echo-server.ts';
import { startHostileServer } from '../support/hostile-server.ts';
import { startHttpPeer } from '../contract/http-peer.ts';
import type { HttpContractUrls } from '../contract/http.contract.ts';
import type { SocketContractUrls } from '../contract/socket.contract.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The servers of this run, on free ports of the loopback. */
    devServer: { url: string; dnsUrl: string; adminToken: string; controlUrl: string };
    sockets: SocketContractUrls;
    http: HttpContractUrls;
    /** The URL of a server that records its requests. */
    hostilePort: number;
  }
}

/** Starts the servers of the browser tests, and gives the tests their URLs. */
export default async function setUp(project: TestProject): Promise<() => Promise<unknown>> {
  const [devServer, echo, http, hostile] = await Promise.all([
    createDevServer({ port: 0 }),
    startEchoServer(),
    startHttpPeer(),
    startHostileServer(),
  ]);
  const { url, dnsUrl, adminUrl, adminToken } = devServer;
  const controls = await startControls(adminUrl);
  project.provide('devServer', { url, dnsUrl, adminToken, controlUrl: controls.url });
  project.provide('sockets', echo.urls);
  project.provide('http', http.urls);
  project.provide('hostilePort', hostile.port);
  return () => Promise.all([controls.stop(), devServer.close(), echo.stop(), http.stop(), hostile.stop()]);
}

/** Passes the requests of test pages on to the admin API, which refuses pages. */
async function startControls(adminUrl: string): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    void text(request)
      .then(async (body) => fetch(adminUrl + request.url!, { method: 'POST', body }))
      .then(async (answer) => {
        response.writeHead(answer.status, { 'access-control-allow-origin': '*' }).end(await answer.text());
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
