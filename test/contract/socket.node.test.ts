import { afterAll, beforeAll } from 'vitest';
import { openNodeSocket } from '../../src/platform/node/sockets.ts';
import { startEchoServer } from '../support/echo-server.ts';
import { socketContract } from './socket.contract.ts';

let server: Awaited<ReturnType<typeof startEchoServer>>;

beforeAll(async () => {
  server = await startEchoServer();
});
afterAll(() => server.stop());

socketContract('node', () => ({ factory: openNodeSocket, urls: server.urls }));
