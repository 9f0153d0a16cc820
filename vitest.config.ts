import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumLaunch, findFirefox, findWebKit } from './scripts/find-browsers.mjs';
import { forceCloseDatabases } from './test/browser/commands.ts';
import { engineProvider } from './test/browser/engine-provider.ts';
import { launchFirefox, launchWebKit } from './test/support/browsers.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** What differs between browsers: storage above all, then the network. The built entry runs there in `test/platforms`. */
const ENGINE_TESTS = [
  'client',
  'http',
  'kv-reopen',
  'kv-store.indexeddb',
  'media-policy',
  'preferences',
  'socket',
  'storage-fails',
  'store-upgrade',
  'taken-over',
  'unstored-runs',
].map((name) => `test/browser/${name}.test.ts`);

/** Firefox and WebKit, where they are installed: `scripts/find-browsers.mjs` says which are not. */
const engines = [
  { browser: 'firefox' as const, isInstalled: findFirefox() !== undefined, launch: launchFirefox },
  { browser: 'webkit' as const, isInstalled: findWebKit() !== undefined, launch: launchWebKit },
]
  .filter(({ isInstalled }) => isInstalled)
  .map(({ browser, launch }) => ({
    extends: true as const,
    optimizeDeps: { include: ['eventemitter3', 'idb'] },
    test: {
      name: browser,
      include: ENGINE_TESTS,
      globalSetup: ['test/browser/global-setup.ts'],
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: engineProvider(launch),
        instances: [{ browser }],
      },
    },
  }));

export default defineConfig({
  resolve: {
    alias: { 'flooim/wire': path('src/wire/index.ts'), 'flooim-devserver': path('devserver/src/index.ts') },
  },
  test: {
    // Many tests wait: for a process, a browser, a timer. One worker for all would leave a machine of two cores idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
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
          include: ['smoke', 'platforms', 'drop-in'].map((folder) => `test/${folder}/**/*.test.ts`),
        },
      },
      {
        extends: true,
        // An app and its tests, with the built package: in Node here, and in a page by the next one.
        test: { name: 'app', environment: 'node', include: ['demo/tested-app/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            // By its path: typescript-4.7 has a command of the same name, and either may be in node_modules/.bin.
            checker: path('node_modules/typescript/bin/tsc'),
            include: ['test/types/*.test-d.ts'],
            tsconfig: path('test/types/tsconfig.json'),
          },
        },
      },
      {
        extends: true,
        // Found only when a test runs, a dependency reloads the page in the middle of it.
        optimizeDeps: {
          include: [
            ...['eventemitter3', 'idb', '@testing-library/react', '@vue/test-utils'],
            // By way of another package: the folder `react` here is that of flooim/react.
            ...['@testing-library/react > react', '@vue/test-utils > vue'],
          ],
        },
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts', 'demo/tested-app/*.test.ts'],
          globalSetup: ['test/browser/global-setup.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            commands: { forceCloseDatabases },
            provider: playwright({ launchOptions: chromiumLaunch() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      ...engines,
    ],
  },
});
