import { describe, expect, test } from 'vitest';
import { KeptFiles } from '../../../src/files/kept-files.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvProvider } from '../../../src/platform/ports.ts';
import { blobFiles } from '../../support/blob-files.ts';
import { bytesOf, sameBytes } from '../../support/file-bytes.ts';
import { settle } from '../../support/settle.ts';

const NAME = 'files';
const open = (kv: KvProvider, known: string[] = []): KeptFiles => new KeptFiles(kv, NAME, blobFiles, () => known);
const pending = (size: number) => ({ name: 'a', type: 'image/png', size });

async function keys(kv: KvProvider): Promise<string[]> {
  return (await (await kv.open(NAME)).range({ from: '', to: '\uffff' })).map(({ key }) => key);
}

describe('the bytes of a file', () => {
  test.each([0, 1, 1024 * 1024, 1024 * 1024 + 1, 2_500_000])('%i bytes are read in another run', async (size) => {
    const kv = createMemoryKvProvider();
    const bytes = bytesOf(size);
    await open(kv).keep('17', new Blob([bytes]));
    const file = await open(kv, ['17']).load('17', pending(size));
    expect(file).toMatchObject({ type: 'image/png', size });
    sameBytes(new Uint8Array(await file!.slice(0, size).arrayBuffer()), bytes);
  });

  test('are missing when one piece is missing', async () => {
    const kv = createMemoryKvProvider();
    await open(kv).keep('17', new Blob([bytesOf(1_500_000)]));
    expect(await open(kv, ['17']).load('17', pending(2_500_000))).toBeUndefined();
    expect(await open(kv, ['17']).load('18', pending(1))).toBeUndefined();
  });

  test('only files that no message needs are removed when the database opens', async () => {
    const kv = createMemoryKvProvider();
    const first = open(kv);
    // Some are prefixes of others.
    for (const mid of ['1', '17', '170', '1700', '9']) await first.keep(mid, new Blob(['x']));
    await open(kv, ['1700', '17']).load('17', pending(1));
    expect(await keys(kv)).toEqual(['17/000000', '1700/000000']);
  });

  test('dropping a half-stored file leaves nothing of it', async () => {
    const kv = createMemoryKvProvider();
    const kept = open(kv);
    const keeping = kept.keep('17', new Blob([bytesOf(5_000_000)]));
    await settle();
    await kept.drop('17');
    await keeping;
    expect(await keys(kv)).toEqual([]);
  });

  test('when the storage fails, only the upload after a reload is lost', async () => {
    const kv = createMemoryKvProvider();
    const full: KvProvider = {
      ...kv,
      open: async (name) => {
        const store = await kv.open(name);
        const commit: typeof store.commit = async (batch) => {
          if (batch.some((write) => write.op === 'put' && write.key.endsWith('2'))) throw new Error('full');
          return store.commit(batch);
        };
        return {
          get: (key) => store.get(key),
          range: (range) => store.range(range),
          close: () => store.close(),
          commit,
        };
      },
    };
    await open(full).keep('17', new Blob([bytesOf(5_000_000)]));
    expect(await keys(kv)).toEqual([]);
    const closed: KvProvider = { ...kv, open: async () => Promise.reject(new Error('denied')) };
    const kept = open(closed);
    await kept.keep('17', new Blob(['x']));
    await kept.drop('17');
    await kept.close();
  });
});
