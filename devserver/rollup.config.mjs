import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import commonjs from '@rollup/plugin-commonjs';
import nodeResolve from '@rollup/plugin-node-resolve';
import dts from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';
import { thirdPartyNotices } from '../scripts/third-party-notices.mjs';
import manifest from './package.json' with { type: 'json' };

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** The package must work without the SDK's, so the wire format is part of it. The libraries of a server are not. */
const wire = { name: 'wire', resolveId: (id) => (id === 'flooim/wire' ? path('../src/wire/index.ts') : null) };
const external = (id) =>
  id.startsWith('node:') || Object.keys(manifest.dependencies).some((name) => id === name || id.startsWith(`${name}/`));

/**
 * The files of the page at /docs. They are copied and not depended on, because the package that has them reports each of its
 * installations.
 */
const viewer = {
  name: 'viewer',
  writeBundle() {
    const from = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
    const to = path('dist/swagger-ui');
    mkdirSync(to, { recursive: true });
    const licences = ['LICENSE', 'NOTICE', 'swagger-ui-bundle.js.LICENSE.txt'];
    for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js', ...licences])
      copyFileSync(join(from, name), join(to, name));
  },
};

const OUTPUT = { dir: path('dist'), format: 'es', generatedCode: 'es2015' };

export default [
  {
    input: { index: path('src/index.ts'), cli: path('src/cli.ts') },
    external,
    plugins: [
      wire,
      nodeResolve({ preferBuiltins: true }),
      commonjs(),
      esbuild({ target: 'node20', tsconfig: false }),
      thirdPartyNotices(path('dist/THIRD-PARTY-NOTICES.txt')),
      viewer,
    ],
    output: { ...OUTPUT, chunkFileNames: '[name].js' },
  },
  {
    input: path('src/index.ts'),
    external,
    plugins: [dts({ tsconfig: path('tsconfig.json') })],
    output: { ...OUTPUT, entryFileNames: 'index.d.ts' },
  },
];
