// The Rollup plugin that says in ES5 what the other bundles say in ES2020.
import ts from 'typescript';

/** Reached by no import: what these do, or what ES5 output calls of them. */
const KEPT = /\/src\/platform\/legacy\/(polyfills|es5-syntax)\.ts$/;

/** Between the bundling, which knows modules, and terser, which knows no classes from functions. */
export const es5 = () => [
  {
    name: 'plain-loops',
    transform(code, id) {
      return KEPT.test(id.replaceAll('\\', '/')) ? { code, map: null, moduleSideEffects: 'no-treeshake' } : null;
    },
    renderChunk: (code) => withPlainLoops(code),
  },
  {
    name: 'es5',
    renderChunk(code) {
      const rendered = toEs5(code);
      for (const [, name] of rendered.code.matchAll(/\b(__[a-z]\w*)\(/g)) {
        if (!new RegExp(`(function|var|,)\\s+${name}\\b`).test(rendered.code))
          this.error(`es5-syntax.ts has no ${name}`);
      }
      return rendered;
    },
  },
];

/** @param {string} code of what {@link withPlainLoops} gave; may call the functions of src/platform/legacy/es5-syntax.ts. */
export const toEs5 = (code) =>
  transpile(replaced(code), { target: ts.ScriptTarget.ES5, downlevelIteration: true, noEmitHelpers: true });

/** First and apart: TypeScript finds out which loops need variables of their own in what it reads, not in what it makes. */
export const withPlainLoops = (code) => transpile(code, { target: ts.ScriptTarget.ES2020 }, { before: [plainLoops] });

function transpile(code, options, transformers = {}) {
  const { outputText, sourceMapText } = ts.transpileModule(code, {
    fileName: 'chunk.js',
    transformers,
    // Strict the bundle is by itself, inside its function.
    compilerOptions: { ...options, alwaysStrict: false, removeComments: true, sourceMap: true },
  });
  return { code: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, ''), map: sourceMapText };
}

/**
 * `Error`, called as a base class, makes an object of its own, and there may be no `Symbol`. What stands for them is in es5-syntax.ts
 * too, under names as long, so that source maps stay right.
 */
const replaced = (code) =>
  code.replaceAll(/\bextends Error\b/g, 'extends Fault').replaceAll(/\bSymbol\.for\(/g, 'symbol_for(');

/**
 * `for (const x of list)` by index, over a list as `__list` gives it. TypeScript's own form tells the iterator when a loop is
 * left early, with a try around each: 4 KB for what no iterator here listens to.
 */
function plainLoops(context) {
  const { factory } = context;
  const visit = (node) => {
    const visited = ts.visitEachChild(node, visit, context);
    if (!ts.isForOfStatement(visited) || visited.awaitModifier) return visited;
    if (!ts.isVariableDeclarationList(visited.initializer)) throw new Error('no plain loop without a declaration');
    const { initializer, expression, statement } = visited;
    const [index, list] = ['i', 'list'].map((name) => factory.createUniqueName(name));
    const declare = (name, value) => factory.createVariableDeclaration(name, undefined, undefined, value);
    const item = factory.createVariableDeclarationList(
      [declare(initializer.declarations[0].name, factory.createElementAccessExpression(list, index))],
      initializer.flags,
    );
    const body = ts.isBlock(statement) ? statement.statements : [statement];
    const loop = factory.createForStatement(
      factory.createVariableDeclarationList(
        [
          declare(index, factory.createNumericLiteral(0)),
          declare(list, factory.createCallExpression(factory.createIdentifier('__list'), undefined, [expression])),
        ],
        ts.NodeFlags.Let,
      ),
      factory.createLessThan(index, factory.createPropertyAccessExpression(list, 'length')),
      factory.createPostfixIncrement(index),
      factory.createBlock([factory.createVariableStatement(undefined, item), ...body], true),
    );
    return ts.setTextRange(loop, visited);
  };
  return (file) => ts.visitNode(file, visit);
}
