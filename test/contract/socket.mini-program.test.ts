import { afterAll, beforeAll, describe } from 'vitest';
import { createMiniProgramSockets } from '../../src/platform/mini-program/sockets.ts';
import { startEchoServer } from '../support/echo-server.ts';
import { createPhone } from '../support/mini-program.ts';
import type { MiniProgramRun, Phone } from '../support/mini-program.ts';
import { socketContract } from './socket.contract.ts';

describe.each(['wx', 'uni'] as const)('%s', (kind) => {
  let server: Awaited<ReturnType<typeof startEchoServer>>;
  let phone: Phone;
  let run: MiniProgramRun;

  beforeAll(async () => {
    server = await startEchoServer();
    phone = createPhone(kind);
    run = phone.launch();
  });
  afterAll(async () => {
    phone.remove();
    await server.stop();
  });

  // Each opens one, like a client: two sockets of one factory would wait for each other.
  socketContract(kind, () => ({ factory: createMiniProgramSockets(run.api), urls: server.urls }));
});
