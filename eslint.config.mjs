import { defineConfig, globalIgnores } from 'eslint/config';
import esX from 'eslint-plugin-es-x';
import reactHooks from 'eslint-plugin-react-hooks';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

// Syntax that esbuild says in ES2018: the rules against it are off where only built-ins matter.
const LOWERED_SYNTAX = [
  'class-instance-fields',
  'class-static-fields',
  'export-ns-from',
  'logical-assignment-operators',
  'nullish-coalescing-operators',
  'numeric-separators',
  'optional-catch-binding',
  'optional-chaining',
];

// What a file may see (no DOM in the core) and import is checked by its tsconfig and by test/unit/architecture.test.ts.
export default defineConfig(
  globalIgnores(['docs/.vitepress/cache/', '**/dist/', '**/.vite/', 'coverage/', 'src/wire/gen/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    // Every file with the nearest tsconfig.json.
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // A default that says why the others need nothing is exhaustive; where it may not be reached it says `satisfies never`.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => close()` and `return listener.onX()` are how events are handed on.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // A listener that does nothing is written `() => {}`.
      '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions', 'methods'] }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { ignoreRestSiblings: true, argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      // `||` where an empty text or 0 means none, too.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true, number: true } }],
      // `answer['field']` says that the field comes from outside and may be missing.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // What is caught is passed on as it came.
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],

      // With noUncheckedIndexedAccess a `!` is how one says that an index was checked.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Async without await keeps a port's promise: what it throws is a rejection.
      '@typescript-eslint/require-await': 'off',
      // Interfaces declare methods, and closures without `this` implement them.
      '@typescript-eslint/unbound-method': 'off',
      // `KvValue | undefined` tells the reader more than `unknown`.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      // An index signature names its key: `{ readonly [code: number]: … }`.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      // A getter keeps a constant on the prototype, out of each instance.
      '@typescript-eslint/class-literal-property-style': 'off',
      // Takes a cast of an instance for the making of one.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // `unknown` that was found truthy is `{}` to it, so that every String() of what came from outside is one of an object.
      '@typescript-eslint/no-base-to-string': 'off',
      // A record without keys is what a generic of fields defaults to.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // The only deprecated names are our own: deployed spellings, which stay and are tested.
      '@typescript-eslint/no-deprecated': 'off',
    },
  },
  {
    files: ['src/**'],
    rules: {
      'max-lines': ['error', 300],
    },
  },
  {
    // A newer server may use a number that a generated enum does not have, so the types above the codec have `number`.
    files: ['src/wire/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    // `default` is what UMD users, vite, vitest and VitePress read.
    ignores: [
      'src/entries/*.ts',
      'docs/.vitepress/{config,theme/index}.ts',
      '**/*.config.ts',
      'test/browser/global-setup.ts',
    ],
    rules: {
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Export it by name.' }],
    },
  },
  {
    // These files end up in mini-programs, whose engines may be of 2018: esbuild lowers syntax, but adds no built-in.
    // src/util/es2019.ts has what the sources need of later editions.
    files: ['src/**'],
    ignores: ['src/platform/{browser,legacy,node,web-api}/**', 'src/entries/{legacy,node,umd}.ts'],
    extends: [esX.configs['flat/restrict-to-es2018']],
    rules: {
      ...Object.fromEntries(LOWERED_SYNTAX.map((name) => [`es-x/no-${name}`, 'off'])),
      // ES2018, but a syntax error in Safari before 16.4.
      'es-x/no-regexp-lookbehind-assertions': 'error',
    },
  },
  {
    // They run in pages, on servers and in uni-app.
    files: ['src/{live,react,vue}/**'],
    rules: { 'no-restricted-globals': ['error', 'window', 'document', 'navigator', 'localStorage', 'process'] },
  },
  {
    // What the template of an app has switched on.
    files: ['src/react/**', 'demo/react/**'],
    extends: [reactHooks.configs.flat.recommended],
  },
  {
    files: ['demo/vue/**'],
    // Layout is Prettier's.
    extends: [vue.configs['flat/recommended'], vue.configs['no-layout-rules']],
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.vue'] } },
    rules: {
      'vue/html-self-closing': 'off',
      // It does not know the types of components. vue-tsc does.
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  {
    // What deployed apps pass in was checked by no compiler.
    files: ['src/client.ts', 'src/managers/*.ts'],
    rules: {
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
    },
  },
  {
    // Matchers (`expect.any`), JSON of a server and protobufjs reflection are `any`; what they hold is what a test is about.
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: [
      'scripts/**',
      'demo/**',
      'devserver/**',
      'test/bench/**',
      'src/platform/web-api/system.ts',
      'src/platform/legacy/polyfills.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  // In no tsconfig.
  { files: ['**/*.config.ts'], extends: [tseslint.configs.disableTypeChecked] },
);
