import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PAGES, allCodes, renderErrorDocs, serverNumbers } from '../../../scripts/error-docs.ts';
import { NEVER_USED, FOUND_BY_SDK } from '../../../scripts/error-origins.ts';

test.each(['en', 'zh'] as const)('the page of errors matches the tables: %s', async (language) => {
  const page = readFileSync(PAGES[language], 'utf8');
  expect(page, 'stale: tsx --tsconfig scripts/tsconfig.json scripts/error-docs.ts').toBe(
    await renderErrorDocs(language),
  );
});

test('every code has an origin, or the page explains why it cannot occur', () => {
  const numbers = serverNumbers();
  for (const code of allCodes()) {
    const { rest, status, notices } = numbers.get(code)!;
    const comes = rest.length + notices.length + Object.values(status).flat().length > 0 || code in FOUND_BY_SDK;
    expect([code, comes]).toEqual([code, !(code in NEVER_USED)]);
  }
});
