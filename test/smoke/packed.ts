import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const run = promisify(execFile);

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A project of its own, outside the repository, with nothing but the packed tarball in its node_modules. */
export interface PackedProject {
  readonly folder: string;
  readonly tarball: string;
  /** The path of a file of the package. */
  file(name: string): string;
  remove(): void;
}

/** @param peers - packages of the repository that the project has, too */
export async function installPacked(peers: readonly string[] = []): Promise<PackedProject> {
  if (!existsSync(join(root, 'dist/browser.js'))) throw new Error('nothing to pack: npm run build first');
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'flooim-packed-')));
  const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
  });
  const tarball = join(folder, stdout.trim().split('\n').at(-1)!);
  const installed = join(folder, 'node_modules/flooim');
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1']);
  for (const peer of peers) symlinkSync(join(root, 'node_modules', peer), join(folder, 'node_modules', peer));
  return {
    folder,
    tarball,
    file: (name) => join(installed, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
