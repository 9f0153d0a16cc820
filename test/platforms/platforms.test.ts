import { expect, test, vi } from 'vitest';
import { openPlace } from './in-browser.ts';
import { PLATFORMS, tryPlatform } from './table.ts';

// `scripts/find-browsers.mjs` says which browsers are missing.
const here = PLATFORMS.filter(({ isInstalled }) => isInstalled?.() ?? true);

test.each(here.map((row) => [row.name, row.entry, row] as const))(
  '%s: a whole session of %s, another one after a restart, and every member',
  async (_name, _entry, row) => {
    expect(await tryPlatform(row)).toEqual({ session: true, restart: true, members: true, violations: [] });
  },
  120_000,
);

test('a page that breaks the rules, or fails, is reported', async () => {
  const breaking = 'try { eval("1"); } catch (error) { document.body.innerHTML = "<b>bold</b>"; }';
  const place = await openPlace({
    '/index.html': '<script src="/watch.js"></script><body><script src="/main.js"></script>',
    '/main.js': breaking,
  });
  try {
    await place.start();
    // Each report is a request of its own: they arrive in any order.
    await vi.waitFor(
      () => {
        const heard = place.violations.join();
        expect(heard).toMatch(/error: .*TrustedHTML/);
        expect(heard).toMatch(/script-src.*eval/);
        expect(heard).toContain('require-trusted-types-for');
      },
      { timeout: 20_000 },
    );
  } finally {
    await place.close();
  }
}, 60_000);
