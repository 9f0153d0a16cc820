import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DefaultTheme } from 'vitepress';
import { API_ENTRIES } from './api-entries.ts';

const folder = fileURLToPath(new URL('../reference/api/', import.meta.url));

/** The reference that typedoc makes (`npm run docs:api`). It is in English, as the comments in the types are. */
export function apiSidebar(title: string): DefaultTheme.SidebarItem[] {
  const made = API_ENTRIES.filter(({ name }) => existsSync(`${folder}${name}`));
  const items = made.map(({ name }) => ({ text: name, link: `/reference/api/${name}/` }));
  return items.length === 0 ? [] : [{ text: title, items }];
}
