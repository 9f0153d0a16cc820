// A device in a process of its own: process.ts <folder of the sources> node|mini-program. The parent calls its functions by name.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as nodeEntry from '../../../src/entries/node.ts';
import type * as wechatEntry from '../../../src/entries/wechat.ts';
import type * as diskKv from '../../../src/platform/node/disk-kv.ts';
import type * as storeRoom from '../../../src/store/store.ts';
import type * as miniProgram from '../../../src/platform/mini-program/index.ts';
import type * as userFolder from '../../../src/platform/mini-program/user-folder.ts';
import { createPhone } from '../../support/mini-program.ts';
import { createWorkload } from './workload.ts';
import type { Build, Workload } from './workload.ts';

export interface Call {
  number: number;
  name: keyof Workload | 'heap' | 'end';
  args: unknown[];
}

export interface Answer {
  number: number;
  value?: unknown;
  error?: string;
}

const MB = 2 ** 20;

const [, , folder = '', kind = ''] = process.argv;
// The other checkout has the same modules.
const load = async <T>(path: string): Promise<T> => (await import(pathToFileURL(join(folder, path)).href)) as T;
const { openStore } = await load<typeof storeRoom>('src/store/store.ts');

async function nodeBuild(): Promise<[Build, () => void]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'flooim-scale-'));
  const { createClient } = await load<typeof nodeEntry>('src/entries/node.ts');
  const { createDiskKvProvider } = await load<typeof diskKv>('src/platform/node/disk-kv.ts');
  return [
    { openStore, kv: createDiskKvProvider(dataDir), createClient: (options) => createClient({ ...options, dataDir }) },
    () => rmSync(dataDir, { recursive: true }),
  ];
}

async function miniProgramBuild(): Promise<[Build, () => void]> {
  const phone = createPhone();
  const { api } = phone.launch();
  Object.assign(globalThis, { wx: api });
  const { createClient } = await load<typeof wechatEntry>('src/entries/wechat.ts');
  const { createMiniProgramKvProvider } = await load<typeof miniProgram>('src/platform/mini-program/index.ts');
  const { createUserFolder } = await load<typeof userFolder>('src/platform/mini-program/user-folder.ts');
  return [{ openStore, kv: createMiniProgramKvProvider(createUserFolder(api)), createClient }, () => phone.remove()];
}

const [build, remove] = await (kind === 'node' ? nodeBuild() : miniProgramBuild());
const workload = createWorkload(build);

const own = {
  /** MB of live objects and bytes. */
  heap: () => {
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    return (heapUsed + external) / MB;
  },
  end: remove,
};

process.on('message', ({ number, name, args }: Call) => {
  const run = { ...workload, ...own }[name] as (...given: unknown[]) => unknown;
  Promise.resolve()
    .then(() => run(...args))
    .then(
      (value) => process.send!({ number, value } satisfies Answer),
      (error: unknown) => process.send!({ number, error: String(error) } satisfies Answer),
    )
    .finally(() => {
      if (name === 'end') process.exit();
    });
});
