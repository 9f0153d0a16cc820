// `npm-readme.mjs absolute|restore|check`, in the folder of a package. npm shows the README of a tarball, where a relative link leads
// nowhere. `prepack` makes the links of the pages in the tarball absolute, `postpack` puts the pages back. The URLs are those of the
// package.json at the root. `check` (`prepublishOnly`) fails while these are only placeholders.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGES = ['README.md', 'README.zh-CN.md', 'CHANGELOG.md'];

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = process.cwd();
const kept = join(root, 'node_modules/.cache/npm-readme');
const { homepage, repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const site = homepage.replace(/\/?$/, '/');
const source = `${repository.url.replace(/^git\+|\.git$/g, '')}/blob/main/`;

/** @param {string} path of a file, from the root of the repository, perhaps with an anchor */
function urlOf(path) {
  const page = /^docs\/(.+)\.md(#.*)?$/.exec(path);
  return page ? `${site}${page[1]}.html${page[2] ?? ''}` : source + path;
}

/** @param {string} text of a page @param {string} from its folder, from the root of the repository */
function withAbsoluteLinks(text, from) {
  return text.replace(/\]\((?![a-z]+:|#)([^)\s]+)\)/g, (_, path) => `](${urlOf(posix.join(from, path))})`);
}

function makeAbsolute() {
  // Only the copy of a pack that was interrupted is the original.
  restore();
  for (const name of PAGES.filter((page) => existsSync(join(folder, page)))) {
    const text = readFileSync(join(folder, name), 'utf8');
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, name), text);
    writeFileSync(join(folder, name), withAbsoluteLinks(text, folder.slice(root.length).replace(/\\/g, '/')));
  }
}

function restore() {
  for (const name of PAGES.filter((page) => existsSync(join(kept, page))))
    renameSync(join(kept, name), join(folder, name));
}

function check() {
  const placeholders = [site, source].filter((url) => new URL(url).hostname.endsWith('.example'));
  if (placeholders.length === 0) return;
  console.error(
    `Set "homepage" and "repository" in package.json to where the docs and the source are, not ${placeholders.join(', ')}`,
  );
  process.exitCode = 1;
}

({ absolute: makeAbsolute, restore, check })[process.argv[2]]();
