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
    /** Of a server that writes down what it is told. */
    hostilePort: number;
  }
}

/** Starts what the browser tests talk to and tells them where it is. */
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
