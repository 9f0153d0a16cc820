import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createDiskKvProvider } from '../../src/platform/node/disk-kv.ts';
import { kvStoreContract } from './kv-store.contract.ts';

const directory = mkdtempSync(join(tmpdir(), 'flooim-kv-'));
afterAll(() => rmSync(directory, { recursive: true }));

kvStoreContract('journal, on the files of Node', () => createDiskKvProvider(join(directory, 'made/by it')));
