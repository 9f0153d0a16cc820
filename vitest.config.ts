import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumLaunch } from './scripts/find-chromium.mjs';
import { forceCloseDatabases } from './test/browser/commands.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  resolve: {
    alias: { 'flooim/wire': path('src/wire/index.ts'), 'flooim-devserver': path('devserver/src/index.ts') },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/unit/**/*.test.ts', 'test/contract/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          environment: 'node',
          include: ['test/integration/**/*.test.ts', 'test/interop/**/*.test.ts'],
        },
      },
      {
        extends: true,
        // What users get: the tarball and the built entries, in Node and in pages.
        test: {
          name: 'smoke',
          environment: 'node',
          include: ['test/smoke/**/*.test.ts', 'test/platforms/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['test/types/*.test-d.ts'],
            tsconfig: path('test/types/tsconfig.json'),
          },
        },
      },
      {
        extends: true,
        // Found only when a test runs, a dependency reloads the page in the middle of it.
        optimizeDeps: { include: ['eventemitter3', 'idb'] },
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/global-setup.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            commands: { forceCloseDatabases },
            provider: playwright({
              launchOptions: chromiumLaunch(),
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
