import { afterAll, beforeAll } from 'vitest';
import { createMiniProgramHttp } from '../../src/platform/mini-program/http.ts';
import { createPhone } from '../support/mini-program.ts';
import { startHttpPeer } from './http-peer.ts';
import { httpContract } from './http.contract.ts';

let peer: Awaited<ReturnType<typeof startHttpPeer>>;
const phones = [createPhone('wx'), createPhone('uni')] as const;

beforeAll(async () => {
  peer = await startHttpPeer();
});
afterAll(async () => {
  phones.forEach((phone) => phone.remove());
  await peer.stop();
});

httpContract('wx', createMiniProgramHttp(phones[0].launch().api), () => peer.urls);
httpContract('uni', createMiniProgramHttp(phones[1].launch().api), () => peer.urls);
