/** The app in demo/tested-app, tested with the built kit in jest. vitest runs its other tests as projects: `vitest.config.ts`. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { run } from './packed.ts';

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

test('its tests for jest pass, with CommonJS and with ES modules', { timeout: 60_000 }, async () => {
  const jest = ['--experimental-vm-modules', '--no-warnings', path('node_modules/jest/bin/jest.js')];
  const { stderr } = await run(process.execPath, [
    ...jest,
    '--runInBand',
    '-c',
    path('demo/tested-app/jest.config.cjs'),
  ]);
  expect(stderr).toContain('Tests:       4 passed, 4 total');
});
