import { readFileSync } from 'node:fs';
import type { DevServer } from 'flooim-devserver';

/** The policy of docs/recipes/csp.md, with the hosts of the dev server, and others, in the place of its hosts. */
export function printedPolicy({ url }: DevServer, ...others: string[]): string {
  const page = readFileSync(new URL('../../docs/recipes/csp.md', import.meta.url), 'utf8');
  const printed = /```http\nContent-Security-Policy:\n([^]*?)```/.exec(page)![1]!;
  return printed
    .replace(/\s+/g, ' ')
    .replace(/https:\/\/\S*example\.com/g, [url, ...others].join(' '))
    .replace(/wss:\/\/\S*example\.com/g, url.replace('http', 'ws'));
}
