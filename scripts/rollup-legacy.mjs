// The Rollup plugin that says in ES5 what the other bundles say in ES2020.
import ts from 'typescript';

/** Reached by no import: what these do, or what ES5 output calls of them. */
const KEPT = /\/src\/platform\/legacy\/(polyfills|helpers)\.ts$/;

/** Between the bundling, which knows modules, and terser, which knows no classes from functions. */
export function es5() {
  return {
    name: 'es5',
    transform(code, id) {
      return KEPT.test(id.replaceAll('\\', '/')) ? { code, map: null, moduleSideEffects: 'no-treeshake' } : null;
    },
    renderChunk(code) {
      const { outputText, sourceMapText } = ts.transpileModule(replaced(code), {
        fileName: 'chunk.js',
        compilerOptions: {
          target: ts.ScriptTarget.ES5,
          downlevelIteration: true,
          // They are in src/platform/legacy/helpers.ts.
          noEmitHelpers: true,
          // The bundle says it, inside its function.
          alwaysStrict: false,
          sourceMap: true,
        },
      });
      return { code: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, ''), map: sourceMapText };
    },
  };
}

/**
 * `Error`, called as a base class, makes an object of its own, and there may be no `Symbol`. What stands for them is in helpers.ts
 * too, under names as long, so that source maps stay right.
 */
const replaced = (code) =>
  code.replaceAll(/\bextends Error\b/g, 'extends Fault').replaceAll(/\bSymbol\.for\(/g, 'symbol_for(');
