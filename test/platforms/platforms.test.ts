import { expect, test, vi } from 'vitest';
import { openPlace } from './in-chromium.ts';
import { PLATFORMS, tryPlatform } from './table.ts';

test.each(PLATFORMS.map((row) => [row.name, row.entry, row] as const))(
  '%s: a whole session of %s, and another one after a restart',
  async (_name, _entry, row) => {
    expect(await tryPlatform(row)).toEqual({ session: true, restart: true, violations: [] });
  },
  120_000,
);

test('a page that breaks the rules, or fails, is heard of', async () => {
  const breaking = 'try { eval("1"); } catch (error) { document.body.innerHTML = "<b>bold</b>"; }';
  const place = await openPlace({
    '/index.html': '<script src="/watch.js"></script><body><script src="/main.js"></script>',
    '/main.js': breaking,
  });
  try {
    await place.start();
    await vi.waitFor(() => expect(place.violations.join()).toMatch(/error: .*TrustedHTML/), { timeout: 20_000 });
    expect(place.violations.join()).toMatch(/script-src.*eval/);
    expect(place.violations.join()).toContain('require-trusted-types-for');
  } finally {
    await place.close();
  }
}, 60_000);
