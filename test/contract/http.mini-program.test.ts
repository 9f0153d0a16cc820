import { afterAll, beforeAll } from 'vitest';
import { createMiniProgramHttp } from '../../src/platform/mini-program/http.ts';
import { createPhone } from '../support/mini-program.ts';
import { startHttpPeer } from './http-peer.ts';
import { httpContract, redirectContract } from './http.contract.ts';

let peer: Awaited<ReturnType<typeof startHttpPeer>>;
const phones = [createPhone('wx'), createPhone('uni')] as const;

beforeAll(async () => {
  peer = await startHttpPeer();
});
afterAll(async () => {
  phones.forEach((phone) => phone.remove());
  await peer.stop();
});

const wx = createMiniProgramHttp(phones[0].launch().api);
httpContract('wx', wx, () => peer.urls);
httpContract('uni', createMiniProgramHttp(phones[1].launch().api), () => peer.urls);
// Not `uni`: uni-app follows redirects by itself.
redirectContract('wx', wx, () => peer.urls);
