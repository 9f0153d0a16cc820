// Rollup plugins for the engines of mini-programs, which may be of 2018.
import { transform } from 'esbuild';
import MagicString from 'magic-string';
import { walk } from './rollup-lean.mjs';

/** What stands for a built-in that came later, where it is called: an app's globals are left alone. */
const PONYFILLS = {
  flatMap: `function $flatMap(list, run) {
    const all = [];
    list.forEach((item, index) => all.push(...[].concat(run(item, index))));
    return all;
  }`,
  fromEntries: `function $fromEntries(entries) {
    const object = {};
    for (const [key, value] of entries) {
      Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return object;
  }`,
};

export function es2018BuiltIns() {
  return {
    name: 'es2018-built-ins',
    renderChunk(code) {
      const text = new MagicString(code);
      const used = new Set();
      walk(this.parse(code), ({ type, callee, arguments: given, optional, start }) => {
        const name = type === 'CallExpression' && callee.property?.name;
        if (!Object.hasOwn(PONYFILLS, name)) return;
        if (optional || callee.optional) this.error(`an optional call of ${name} has no such form`);
        used.add(name);
        if (name === 'fromEntries') {
          text.overwrite(callee.start, callee.end, '$fromEntries');
        } else {
          const dot = code.lastIndexOf('.', callee.property.start);
          text.appendLeft(start, `$${name}(`).overwrite(dot, given[0].start, ', ');
        }
      });
      for (const name of used) text.prepend(`${PONYFILLS[name]}\n`);
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

export function es2018Syntax() {
  return {
    name: 'es2018-syntax',
    async renderChunk(code) {
      const { code: older, map } = await transform(code, {
        target: 'es2018',
        sourcemap: 'external',
        // As TypeScript, so that class fields become plain assignments: a helper would have their names as text.
        loader: 'ts',
        tsconfigRaw: { compilerOptions: { useDefineForClassFields: false, verbatimModuleSyntax: true } },
      });
      return { code: older, map };
    },
  };
}
