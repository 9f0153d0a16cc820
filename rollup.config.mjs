import { resolve } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import dts from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';
import { es2018BuiltIns, es2018Syntax } from './scripts/rollup-es2018.mjs';
import { lets, onlyReached, plainPrivates, shortNames } from './scripts/rollup-lean.mjs';
import { arrows } from './scripts/rollup-arrows.mjs';
import { es5 } from './scripts/rollup-legacy.mjs';
import { plainNullish } from './scripts/rollup-nullish.mjs';

const ENTRIES = [
  { name: 'browser', input: 'src/entries/browser.ts', client: true },
  { name: 'node', input: 'src/entries/node.ts', client: true },
  { name: 'wechat', input: 'src/entries/wechat.ts', client: true, ecma: 2018 },
  { name: 'uniapp', input: 'src/entries/uniapp.ts', client: true, ecma: 2018 },
  { name: 'wire', input: 'src/wire/index.ts' },
  { name: 'error-texts', input: 'src/error-texts/index.ts' },
];

// The floor that README.md promises, less what plainPrivates does or refuses.
const TARGET = ['chrome84', 'safari14.1', 'firefox90', 'node20'];
const SUPPORTED = { 'class-private-field': true, 'class-private-method': true, 'optional-chain': true };

const SCRIPTS = ['umd', 'legacy'];

const CLIENTS = [...ENTRIES.filter(({ client }) => client).map(({ name }) => name), ...SCRIPTS].map((name) =>
  resolve(`src/entries/${name}.ts`),
);
const names = shortNames(CLIENTS, resolve('src'));

/** Dependencies are in the bundle, all but ws, which Node loads only where it has no WebSocket of its own. */
const code = ({ input, client, ecma = 2020 }) => {
  const short = client && names.bundle();
  const compress = { ecma, passes: 3, pure_getters: true, keep_fargs: false };
  const format = { ecma, comments: false };
  return {
    input,
    external: ['ws'],
    plugins: [
      nodeResolve(),
      onlyReached(),
      commonjs(),
      esbuild({ target: TARGET, supported: SUPPORTED, tsconfig: false }),
      plainPrivates(),
      lets(),
      short && short.plugin,
      ecma < 2020 && plainNullish(),
      ecma === 5 && es5(),
      ecma === 2018 && [es2018BuiltIns(), es2018Syntax()],
      terser({ compress, mangle: false, format }),
      arrows(),
      terser({
        compress: { ...compress, passes: 1 },
        mangle: { properties: short ? short.properties : { regex: /^\$/ } },
        format,
      }),
    ],
  };
};

const types = ({ input, client }) => ({
  input,
  plugins: [dts({ tsconfig: 'src/entries/tsconfig.json' }), client && names.guard],
});

// Apps of mini-programs take what they require for the factory itself.
const CALLABLE = 'module.exports = Object.assign(exports.default, exports);';

const output = { sourcemap: true, exports: 'named', generatedCode: 'es2015', inlineDynamicImports: true };
const script = { ...output, format: 'umd', name: 'flooIM', exports: 'default' };

export default [
  ...ENTRIES.map((entry) => ({
    ...code(entry),
    output: [
      { ...output, format: 'es', file: `dist/${entry.name}.js` },
      { ...output, format: 'cjs', file: `dist/${entry.name}.cjs`, outro: entry.ecma ? CALLABLE : '' },
    ],
  })),
  {
    ...code({ input: 'src/entries/umd.ts', client: true }),
    output: { ...script, file: 'dist/flooim.umd.js' },
  },
  {
    ...code({ input: 'src/entries/legacy.ts', client: true, ecma: 5 }),
    output: { ...script, generatedCode: 'es5', file: 'dist/flooim.legacy.js' },
  },
  ...ENTRIES.map((entry) => ({
    ...types(entry),
    output: ['d.ts', 'd.cts'].map((extension) => ({ format: 'es', file: `dist/${entry.name}.${extension}` })),
  })),
  {
    input: 'src/entries/script-global.ts',
    external: /browser\.ts$/,
    plugins: [dts({ tsconfig: 'src/entries/tsconfig.json' })],
    output: SCRIPTS.map((name) => ({ file: `dist/flooim.${name}.d.ts`, paths: () => './browser.js' })),
  },
];
