import { describe, expect, test } from 'vitest';
import type { HttpClient, HttpRequest } from '../../src/platform/ports.ts';

/** The URLs of the servers of the suite. */
export interface HttpContractUrls {
  /**
   * `/echo` returns the request; `/status?code=` answers with that status; `/redirect?code=&to=` redirects; `/silent` never answers, `/half` stops in the
   * middle, `/cut` closes the connection.
   */
  peer: string;
  /** Nobody listens there. */
  unreachable: string;
}

/** The behaviour of every {@link HttpClient}. Needs no Node API: it runs in a real browser as well. */
export function httpContract(name: string, http: HttpClient, urls: () => HttpContractUrls): void {
  const get = (path: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
    method: 'GET',
    url: urls().peer + path,
    headers: {},
    timeoutMs: 5000,
    ...more,
  });
  const echo = async (
    request: HttpRequest,
  ): Promise<{ method: string; headers: Record<string, string>; body: string }> =>
    JSON.parse((await http(request)).body);

  describe(`${name}: an HttpClient`, () => {
    test('sends method, headers and JSON, and gets status and text', async () => {
      const headers = { 'content-type': 'application/json', 'access-token': 'secret', app_id: 'app' };
      const got = await echo(get('/echo', { method: 'POST', headers, body: '{"text":"你好 😀"}' }));
      expect(got.method).toBe('POST');
      expect(got.body).toBe('{"text":"你好 😀"}');
      expect(got.headers).toMatchObject(headers);
    });

    test('gets without a body', async () => {
      expect(await echo(get('/echo'))).toMatchObject({ method: 'GET', body: '' });
    });

    test.each([200, 204, 401, 404, 500, 503])('resolves with status %i', async (code) => {
      const { status, body } = await http(get(`/status?code=${code}`));
      expect(status).toBe(code);
      expect(body).toBe(code === 204 ? '' : '{"code":1}');
    });

    test('sends no cookie', async () => {
      await http(get('/echo'));
      expect((await echo(get('/echo'))).headers).not.toHaveProperty('cookie');
    });

    test.each(['/silent', '/half'])('%s: fails with timeout, in time', async (path) => {
      const start = Date.now();
      await expect(http(get(path, { timeoutMs: 150 }))).rejects.toMatchObject({
        kind: 'timeout',
        detail: expect.any(String),
      });
      expect(Date.now() - start).toBeLessThan(1500);
    });

    test('an unreachable host fails as unreachable, long before the timeout', async () => {
      const start = Date.now();
      const failed = http(get('', { url: urls().unreachable }));
      await expect(failed).rejects.toMatchObject({ kind: 'unreachable', detail: expect.any(String) });
      expect(Date.now() - start).toBeLessThan(4000);
    });

    test.each([
      ['a connection cut short', '/cut', undefined],
      ['no URL at all', '', 'http://'],
    ])('%s is unreachable', async (_what, path, url) => {
      await expect(http(get(path, url === undefined ? {} : { url }))).rejects.toMatchObject({ kind: 'unreachable' });
    });

    test('a timeout leaves other requests alone', async () => {
      const slow = http(get('/silent', { timeoutMs: 50 }));
      const fine = echo(get('/echo'));
      await expect(slow).rejects.toMatchObject({ kind: 'timeout' });
      expect((await fine).method).toBe('GET');
    });
  });
}

/** Redirects, which every {@link HttpClient} refuses whose platform lets it. */
export function redirectContract(name: string, http: HttpClient, urls: () => HttpContractUrls): void {
  describe(`${name}: an HttpClient`, () => {
    test.each([301, 302, 303, 307, 308])('follows no redirect with status %i', async (code) => {
      const { peer } = urls();
      for (const to of ['/echo', `${peer.replace('127.0.0.1', 'localhost')}/echo`]) {
        const url = `${peer}/redirect?code=${code}&to=${encodeURIComponent(to)}`;
        const request = { url, headers: { 'access-token': 'secret' }, timeoutMs: 5000 };
        const redirected = { kind: 'redirected', detail: expect.any(String) };
        await expect(http({ ...request, method: 'GET' })).rejects.toMatchObject(redirected);
        await expect(http({ ...request, method: 'POST', body: '{}' })).rejects.toMatchObject(redirected);
      }
    });
  });
}
