import { afterEach, expect, test } from 'vitest';
import { createIndexedDbKvProvider } from '../../src/platform/browser/kv-store.ts';
import { expectUpgraded, fillV1 } from '../support/store-v1.ts';

const NAME = 'store-upgrade';
const provider = createIndexedDbKvProvider();

afterEach(async () => provider.drop(NAME));

test('a database of version 1 in IndexedDB is upgraded, and stays so after it was closed', async () => {
  const old = await provider.open(NAME);
  await fillV1(old);
  await old.close();
  for (let run = 0; run < 2; run++) {
    const kv = await provider.open(NAME);
    await expectUpgraded(kv);
    expect(await kv.get('x/schema')).toBe(3);
    await kv.close();
  }
});
