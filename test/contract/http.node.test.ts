import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchHttp } from '../../src/platform/web-api/http.ts';
import { startHttpPeer } from './http-peer.ts';
import { httpContract, redirectContract } from './http.contract.ts';

let peer: Awaited<ReturnType<typeof startHttpPeer>>;

beforeAll(async () => {
  peer = await startHttpPeer();
});
afterAll(() => peer.stop());

httpContract('node', fetchHttp, () => peer.urls);
redirectContract('node', fetchHttp, () => peer.urls);

test('gives the reason why a host was unreachable', async () => {
  const request = { method: 'GET', url: peer.urls.unreachable, headers: {}, timeoutMs: 2000 } as const;
  await expect(fetchHttp(request)).rejects.toThrow('ECONNREFUSED');
});
