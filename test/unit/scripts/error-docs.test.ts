import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allCodes, renderErrorDocs, serverNumbers } from '../../../scripts/error-docs.ts';
import { NEVER_USED, FOUND_BY_SDK } from '../../../scripts/error-origins.ts';

test('docs/reference/errors.md matches the tables', async () => {
  const page = readFileSync(new URL('../../../docs/reference/errors.md', import.meta.url), 'utf8');
  expect(page, 'stale: tsx --tsconfig scripts/tsconfig.json scripts/error-docs.ts').toBe(await renderErrorDocs());
});

test('every code has an origin, or the page explains why it cannot occur', () => {
  const numbers = serverNumbers();
  for (const code of allCodes()) {
    const { rest, status, notices } = numbers.get(code)!;
    const comes = rest.length + notices.length + Object.values(status).flat().length > 0 || code in FOUND_BY_SDK;
    expect([code, comes]).toEqual([code, !(code in NEVER_USED)]);
  }
});
