/** npm shows the README of the tarball, without the repository around it. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { run } from './packed.ts';

vi.setConfig({ testTimeout: 60_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = ['README.md', 'README.zh-CN.md', 'CHANGELOG.md'];
const { homepage, repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  homepage: string;
  repository: { url: string };
};
const SOURCE = `${repository.url.replace(/^git\+|\.git$/g, '')}/blob/main/`;

const linksOf = (text: string): string[] => [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, href]) => href!);

/** The file of the repository that a public URL shows. */
function fileOf(url: string): string | undefined {
  const [path = ''] = url.split('#');
  if (path.startsWith(homepage)) return `docs/${path.slice(homepage.length).replace(/\.html$/, '.md')}`;
  return path.startsWith(SOURCE) ? path.slice(SOURCE.length) : undefined;
}

/** What `npm pack` packs, from a copy: other tests read the pages meanwhile. */
async function pack(): Promise<{ folder: string; packed: (name: string) => string }> {
  const folder = mkdtempSync(join(tmpdir(), 'flooim-readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of [...PAGES, 'package.json', 'scripts/npm-readme.mjs']) cpSync(join(root, name), join(folder, name));
  // There is nothing to build here.
  writeFileSync(join(folder, 'scripts/build-if-changed.mjs'), '');
  await run('npm', ['pack', '--silent'], { cwd: folder });
  mkdirSync(join(folder, 'out'));
  await run('sh', ['-c', 'tar -xzf flooim-*.tgz -C out --strip-components 1'], { cwd: folder });
  return { folder, packed: (name) => readFileSync(join(folder, 'out', name), 'utf8') };
}

test('every link of the packed pages works without the repository, and leads to a file of it', async () => {
  const { folder, packed } = await pack();
  for (const name of PAGES) {
    const text = readFileSync(join(root, name), 'utf8');
    const links = linksOf(packed(name));
    expect(links.filter((href) => !/^(https?:|#)/.test(href))).toEqual([]);
    expect(links.length).toBe(linksOf(text).length);
    const ours = links.map(fileOf).filter((file) => file !== undefined);
    expect(ours.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    // The pages in the repository stay as they are.
    expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
  }
  expect(linksOf(packed('README.md'))).toContain(`${homepage}guide.html`);
  expect(linksOf(packed('README.md'))).toContain(`${SOURCE}CONTRIBUTING.md`);
});

test('a package is not published while its URLs are placeholders', async () => {
  const { folder } = await pack();
  const check = run('npm', ['run', '--silent', 'prepublishOnly'], { cwd: folder });
  if (new URL(homepage).hostname.endsWith('.example')) await expect(check).rejects.toThrow('Set "homepage"');
  else await check;
});
