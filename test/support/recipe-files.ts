import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** The files of a recipe of docs/recipes, written out as a user would. */
export interface RecipeFiles {
  /** Imports a file. The caller knows what it exports: the docs are no modules that the compiler sees. */
  load<Exports>(name: string): Promise<Exports>;
  remove(): void;
}

/** Writes the blocks of a page that name a file into a folder. They import the client from the sources. */
export function writeRecipe(page: string): RecipeFiles {
  const folder = mkdtempSync(join(tmpdir(), 'flooim-recipe-'));
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const text = readFileSync(join(repository, 'docs/recipes', page), 'utf8');
  for (const [, name, code] of text.matchAll(/^```tsx? \[(.+)\]\n([^]*?)^```/gm)) {
    const path = join(folder, name!);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code!.replace(/'flooim(\/node)?'/g, JSON.stringify(join(repository, 'src/entries/node.ts'))));
  }
  return {
    load: async (name) => import(/* @vite-ignore */ pathToFileURL(join(folder, name)).href),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
