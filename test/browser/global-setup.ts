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

interface ServerUrls {
  url: string;
  dnsUrl: string;
  adminToken: string;
  controlUrl: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The servers of this run, on free ports of the loopback. */
    devServer: ServerUrls;
    /** One for each file that sets faults: a fault holds for everybody at a server, and files run at the same time. */
    faultyServers: { client: ServerUrls; files: ServerUrls };
    sockets: SocketContractUrls;
    http: HttpContractUrls;
    /** The URL of a server that records its requests. */
    hostilePort: number;
  }
}

/** Starts the servers of the browser tests, and gives the tests their URLs. */
export default async function setUp(project: TestProject): Promise<() => Promise<unknown>> {
  const [devServer, client, files, echo, http, hostile] = await Promise.all([
    startDevServer(),
    startDevServer(),
    startDevServer(),
    startEchoServer(),
    startHttpPeer(),
    startHostileServer(),
  ]);
  project.provide('devServer', devServer.urls);
  project.provide('faultyServers', { client: client.urls, files: files.urls });
  project.provide('sockets', echo.urls);
  project.provide('http', http.urls);
  project.provide('hostilePort', hostile.port);
  return () => Promise.all([devServer, client, files, echo, http, hostile].map(async ({ stop }) => stop()));
}

async function startDevServer(): Promise<{ urls: ServerUrls; stop(): Promise<unknown> }> {
  const server = await createDevServer({ port: 0 });
  const { url, dnsUrl, adminUrl, adminToken } = server;
  const controls = await startControls(adminUrl);
  return {
    urls: { url, dnsUrl, adminToken, controlUrl: controls.url },
    stop: async () => Promise.all([controls.stop(), server.close()]),
  };
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
