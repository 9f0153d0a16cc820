import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const run = promisify(execFile);

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

/** A project of its own, outside the repository, with the packed tarball and ws in its node_modules. */
export interface PackedProject {
  readonly folder: string;
  readonly tarball: string;
  /** The path of a file of the package. */
  file(name: string): string;
  remove(): void;
}

export async function installPacked(): Promise<PackedProject> {
  if (!existsSync(join(root, 'dist/browser.js'))) throw new Error('nothing to pack: npm run build first');
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'flooim-packed-')));
  const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
  });
  const tarball = join(folder, stdout.trim().split('\n').at(-1)!);
  const installed = join(folder, 'node_modules/flooim');
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1']);
  symlinkSync(dirname(require.resolve('ws/package.json')), join(folder, 'node_modules/ws'), 'dir');
  return {
    folder,
    tarball,
    file: (name) => join(installed, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
