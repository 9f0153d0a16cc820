import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  homepage: string;
  repository: { url: string };
};

/** Where the site is, with a slash at the end: `homepage` of package.json, the only place that says it. */
export const SITE = manifest.homepage.replace(/\/?$/, '/');

/** Where files of the repository can be read: `repository` of package.json, the only place that says it. */
export const SOURCE = `${manifest.repository.url.replace(/^git\+/, '').replace(/\.git$/, '')}/blob/main/`;
