import { expect, test } from 'vitest';
import { createGate } from '../../../src/entries/gate.ts';
import { isFlooError } from '../../../src/errors.ts';
import { createNodePlatform } from '../../../src/platform/node/index.ts';

const gate = createGate({ createPlatform: createNodePlatform, isSupported: () => true, runsIn: 'Node' });

test('parts of the platform that an app gives take the place of its own', async () => {
  const urls: string[] = [];
  const client = gate.createClient({
    appid: 'parts',
    dnsServer: 'http://dns.test/v2/app_dns',
    platform: {
      clock: undefined,
      http: async ({ url }) => {
        urls.push(url);
        throw new Error('no network');
      },
    },
  });
  // Its error is no HttpFailure.
  await expect(client.login({ name: 'alice', password: 'x' })).rejects.toMatchObject({ reason: 'ServerDNSFailed' });
  expect(urls[0]).toContain('http://dns.test/v2/app_dns');
  await client.dispose();
});

test('a platform that is no object is refused', () => {
  const refused = (): unknown => {
    try {
      return gate.createClient({ platform: JSON.parse('"memory"') as object });
    } catch (error) {
      return error;
    }
  };
  expect(isFlooError(refused(), 'InvalidParam')).toBe(true);
});
