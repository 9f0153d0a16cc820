import { afterEach, expect, inject, test, vi } from 'vitest';
import { fetchHttp } from '../../src/platform/web-api/http.ts';
import { httpContract, redirectContract } from '../contract/http.contract.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

httpContract('browser', fetchHttp, () => inject('http'));
redirectContract('browser', fetchHttp, () => inject('http'));

test('the timeout works without AbortController', async () => {
  vi.stubGlobal('AbortController', undefined);
  const request = { method: 'GET', url: `${inject('http').peer}/half`, headers: {}, timeoutMs: 100 } as const;
  await expect(fetchHttp(request)).rejects.toMatchObject({ kind: 'timeout' });
});
