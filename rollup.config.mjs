import babel from '@rollup/plugin-babel';
import commonjs from '@rollup/plugin-commonjs';
import nodeResolve from '@rollup/plugin-node-resolve';
import replace from '@rollup/plugin-replace';
import terser from '@rollup/plugin-terser';
import dts from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';
import { thirdPartyNotices } from './scripts/third-party-notices.mjs';

/**
 * What is built from what, and for which engines.
 *
 * `target` is the newest syntax that the file may use. Mini-programs run engines of 2018. A browser file must be readable for
 * webpack 4, which stops at ES2018 too. Babel makes the ES5 of the legacy file.
 */
const MODULES = [
  { name: 'browser', input: 'src/entries/browser.ts', target: 'es2018', isClient: true },
  { name: 'wechat', input: 'src/entries/wechat.ts', target: 'es2018', isClient: true },
  { name: 'uniapp', input: 'src/entries/uniapp.ts', target: 'es2018', isClient: true },
  // Not minified: a download costs nothing here, and a stack trace shows the code.
  { name: 'node', input: 'src/entries/node.ts', target: 'node20', isClient: true, isReadable: true },
  { name: 'wire', input: 'src/wire/index.ts', target: 'es2018' },
  { name: 'error-texts', input: 'src/error-texts/index.ts', target: 'es2018' },
  // For tests: it runs in Node and in new browsers, and a stack trace shows the code.
  { name: 'testing', input: 'testkit/src/index.ts', target: 'es2022', isReadable: true, external: ['flooim/wire'] },
];
/** For apps of these frameworks, whose own copy is used. Next renders a module on the server unless it says 'use client'. */
const FRAMEWORKS = [
  { name: 'react', input: 'src/react/index.ts', target: 'es2018', external: 'react', banner: "'use client';" },
  { name: 'vue', input: 'src/vue/index.ts', target: 'es2018', external: 'vue' },
];
/** Calls, which name types of the client. */
const RTC = { name: 'rtc', input: 'src/rtc/index.ts', target: 'es2018', passes: 3 };
const RTC_SCRIPT = 'flooim.rtc.umd';
const SCRIPTS = [
  { name: 'flooim.umd', input: 'src/entries/umd.ts', target: 'es2018' },
  { name: 'flooim.legacy', input: 'src/entries/legacy.ts', target: 'es5' },
];

/** Of ws only the client is used: its modules do nothing when they are loaded. */
const TREESHAKE = { moduleSideEffects: (id) => !id.includes('/node_modules/ws/') };

/** In a CommonJS file of a client, `require('flooim')` is the factory itself, as deployed apps call it. */
const CALLABLE = 'module.exports = Object.assign(exports.default, exports);';

const SCRIPT_FILES = /\.[cm]?[jt]s$/;

function plugins({ target, isReadable, banner, passes = 1 }) {
  const isLegacy = target === 'es5';
  return [
    nodeResolve({ preferBuiltins: true }),
    commonjs(),
    // long tries WebAssembly when it is loaded, and a strict Content Security Policy reports that. It works without.
    replace({
      include: '**/node_modules/long/**',
      values: { WebAssembly: 'undefined' },
      delimiters: ['\\b', '\\b'],
      preventAssignment: true,
    }),
    esbuild({
      include: SCRIPT_FILES,
      exclude: [],
      loaders: { '.mjs': 'js', '.cjs': 'js' },
      target: isLegacy ? 'esnext' : target,
      tsconfig: false,
      tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    }),
    isLegacy && babelForOldBrowsers(),
    !isReadable &&
      terser({
        ecma: isLegacy ? 5 : 2018,
        // The banner is a directive that terser does not know.
        compress: { directives: !banner, passes },
        format: { comments: false, preserve_annotations: true },
      }),
  ];
}

/**
 * ES5, and core-js for what the code uses of later editions. The polyfills are global: this file is for pages of old browsers,
 * which load it by a script tag and have nothing of it themselves.
 */
const babelForOldBrowsers = () =>
  babel({
    babelHelpers: 'bundled',
    extensions: ['.ts', '.js', '.mjs', '.cjs'],
    // core-js is ES5 already, and must not be polyfilled with itself.
    exclude: '**/node_modules/core-js/**',
    babelrc: false,
    configFile: false,
    sourceType: 'unambiguous',
    presets: [
      [
        '@babel/preset-env',
        {
          targets: 'ie 10',
          useBuiltIns: 'usage',
          corejs: '3.51',
          modules: false,
          // Babel takes map() of an array for map() of an iterator, and a page has `self`.
          exclude: [/^es\.iterator\./, /^esnext\./, 'web.self'],
        },
      ],
    ],
  });

const OUTPUT = { exports: 'named', generatedCode: 'es2015' };

/** Where a file finds the entries that are not bundled with it: beside itself. */
const beside = (extension) => ({ 'flooim/wire': `./wire.${extension}` });

const esModule = ({ name, banner = '' }) => ({
  ...OUTPUT,
  format: 'es',
  file: `dist/${name}.js`,
  inlineDynamicImports: true,
  paths: beside('js'),
  banner,
});

/** The browser module once more, in parts: a bundler leaves out the client where an app imports only the errors. */
const browserParts = {
  ...OUTPUT,
  format: 'es',
  dir: 'dist/browser',
  entryFileNames: 'index.js',
  chunkFileNames: '[name].js',
  manualChunks: { errors: ['src/errors.ts'], client: ['src/entries/browser-client.ts'] },
};

const commonJs = ({ name, isClient, banner = '' }) => ({
  ...OUTPUT,
  format: 'cjs',
  file: `dist/${name}.cjs`,
  inlineDynamicImports: true,
  banner,
  outro: isClient ? CALLABLE : '',
  paths: beside('cjs'),
});

const script = ({ name, target }) => ({
  ...OUTPUT,
  format: 'umd',
  name: 'flooIM',
  exports: 'default',
  generatedCode: target === 'es5' ? 'es5' : 'es2015',
  file: `dist/${name}.js`,
});

const types = dts({ tsconfig: 'src/entries/tsconfig.json' });

const typesOf = ({ name, input }) => ({
  input,
  plugins: [types],
  output: ['d.ts', 'd.cts'].map((extension) => ({ format: 'es', file: `dist/${name}.${extension}` })),
});

/** The types of the test kit name those of the client and of the wire, and are not bundled with them. */
const testingTypes = ({ name, input }) => ({
  input,
  external: (id) => id === 'flooim/wire' || /src\/index\.ts$/.test(id),
  plugins: [dts({ tsconfig: 'testkit/tsconfig.json' })],
  output: ['js', 'cjs'].map((extension) => ({
    format: 'es',
    file: `dist/${name}.d.${extension === 'js' ? 'ts' : 'cts'}`,
    paths: (id) => beside(extension)[id] ?? (id.endsWith('.ts') ? `./browser.${extension}` : id),
  })),
});

/** The types of calls name those of the client, and are not bundled with them. */
const rtcTypes = {
  input: RTC.input,
  external: [/src\/(call-port|errors)\.ts$/, /src\/(managers|model|platform)\//],
  plugins: [dts({ tsconfig: 'src/rtc/tsconfig.json' })],
  output: ['js', 'cjs'].map((extension) => ({
    format: 'es',
    file: `dist/rtc.d.${extension === 'js' ? 'ts' : 'cts'}`,
    paths: () => `./browser.${extension}`,
  })),
};

/** Types that are, or name, those of the browser module and of calls. `external`: a package whose types they name, too. */
const browserTypes = (input, files, external = []) => ({
  input,
  external: [/src\/(entries\/browser|index|rtc\/index)\.ts$/, external].flat(),
  plugins: [types],
  output: files.map((file) => ({
    format: 'es',
    file: `dist/${file}`,
    paths: (id) =>
      id === external ? id : `./${/rtc\/index/.test(id) ? 'rtc' : 'browser'}.${file.endsWith('.cts') ? 'cjs' : 'js'}`,
  })),
});

const notices = thirdPartyNotices('dist/THIRD-PARTY-NOTICES.txt');

const all = [
  ...[...MODULES, RTC, ...FRAMEWORKS].map((entry) => ({
    input: entry.input,
    external: entry.external ?? [],
    plugins: [...plugins(entry), notices],
    treeshake: TREESHAKE,
    output: [esModule(entry), commonJs(entry), ...(entry.name === 'browser' ? [browserParts] : [])],
  })),
  ...SCRIPTS.map((entry) => ({
    input: entry.input,
    plugins: [...plugins(entry), notices],
    output: script(entry),
  })),
  {
    input: RTC.input,
    plugins: plugins(RTC),
    output: { ...OUTPUT, format: 'umd', name: 'flooIMRtc', file: `dist/${RTC_SCRIPT}.js` },
  },
  ...MODULES.filter(({ name, isClient }) => name === 'browser' || !isClient).map((entry) =>
    entry.name === 'testing' ? testingTypes(entry) : typesOf(entry),
  ),
  browserTypes(
    'src/entries/client-types.ts',
    ['node', 'wechat', 'uniapp'].flatMap((name) => [`${name}.d.ts`, `${name}.d.cts`]),
  ),
  rtcTypes,
  ...FRAMEWORKS.map(({ name, input, external }) => browserTypes(input, [`${name}.d.ts`, `${name}.d.cts`], external)),
  browserTypes(
    'src/entries/script-global.ts',
    SCRIPTS.flatMap(({ name }) => [`${name}.d.ts`, `${name}.d.cts`]),
  ),
];

/** All that the demo page and a script in this repository load: `npm start` builds no more. */
const demo = [...MODULES, RTC]
  .filter(({ name }) => ['browser', 'node', 'error-texts', 'rtc'].includes(name))
  .map((entry) => ({
    input: entry.input,
    plugins: plugins(entry),
    output: entry.name === 'browser' ? browserParts : esModule(entry),
  }));

export default ({ configDemo }) => (configDemo ? demo : all);
