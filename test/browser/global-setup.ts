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
    devServer: { url: string; dnsUrl: string; adminUrl: string; adminToken: string };
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
  project.provide('devServer', { url, dnsUrl, adminUrl, adminToken });
  project.provide('sockets', echo.urls);
  project.provide('http', http.urls);
  project.provide('hostilePort', hostile.port);
  return () => Promise.all([devServer.close(), echo.stop(), http.stop(), hostile.stop()]);
}
