/**
 * `npm run docs:api`, after a build: writes the reference of the types into docs/reference/api/, a page for each export.
 * An entry that is not built is left out. The folder is not in git.
 */
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';
import type { TypeDocOptions } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import { API_ENTRIES } from '../docs/.vitepress/api-entries.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}docs/reference/api`;
const entries = API_ENTRIES.filter(({ types }) => existsSync(`${root}dist/${types}.d.ts`));

const options: Partial<TypeDocOptions & PluginOptions> = {
  entryPoints: entries.map(({ types }) => `${root}dist/${types}.d.ts`),
  tsconfig: `${root}scripts/docs/typedoc.tsconfig.json`,
  plugin: ['typedoc-plugin-markdown'],
  out,
  logLevel: 'Error',
  readme: 'none',
  name: 'flooim',
  alwaysCreateEntryPointModule: true,
  disableSources: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  entryFileName: 'index',
};
const app = await Application.bootstrapWithPlugins(options);
const project = await app.convert();
if (!project) throw new Error('typedoc could not read the types of dist/: npm run build first');
for (const module of project.children ?? [])
  module.name = API_ENTRIES.find(({ types }) => types === module.name)?.name ?? module.name;
rmSync(out, { recursive: true, force: true });
await app.generateOutputs(project);
