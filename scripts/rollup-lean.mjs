// Rollup plugins that make dist/ smaller.
// They only overwrite text with as many other characters, so every source map stays right.
import { internalNames, propertyNamesOf } from './internal-names.mjs';

/** What we reach of modules that hang everything on one object by assignment: no tree shaking can tell. */
const REACHED = {
  'eventemitter3/index.js': ['on', 'off', 'removeListener', 'listeners'],
};

export function onlyReached() {
  return {
    name: 'only-reached',
    transform(code, id) {
      const file = id.replaceAll('\\', '/');
      const reached = Object.entries(REACHED).find(([path]) => file.endsWith(`/node_modules/${path}`))?.[1];
      if (!reached) return null;
      const left = this.parse(code).body.filter((statement) => {
        const name = assignedProperty(statement);
        return name ? !reached.includes(name) : statement.expression?.type === 'CallExpression';
      });
      return blank(code, left);
    },
  };
}

/** The `c` of a statement `a.b.c = …`. */
function assignedProperty({ expression }) {
  return expression?.type === 'AssignmentExpression' ? expression.left.property?.name : undefined;
}

function blank(code, nodes) {
  let text = code;
  for (const { start, end } of nodes) {
    text = text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, ' ') + text.slice(end);
  }
  return { code: text, map: null };
}

/**
 * `#name` → `$a`, `$b`, … in every class, mangled later: the fewer names, the better a bundle compresses. TypeScript has checked who
 * may see it; at run time it would cost 2 KB of WeakMaps, for Safari 14. No object of these classes leaves the SDK: clients and
 * managers are plain objects.
 */
export function plainPrivates() {
  return {
    name: 'plain-privates',
    transform(code, id) {
      if (!id.endsWith('.ts')) return null;
      const tree = this.parse(code);
      const isPrivate = (node) => node?.type === 'PrivateIdentifier';
      const letters = code.split('');
      const declarations = [];
      walk(tree, (node) => {
        if (isPrivate(node.left)) this.error(`"#name in object" has no plain form: ${id}`);
        if (node.optional && node.arguments?.some(({ type }) => type === 'SpreadElement')) {
          this.error(`Chrome before 91 cannot spread in an optional call: ${id}`);
        }
        if (node.type === 'PropertyDefinition' && isPrivate(node.key) && !node.value) declarations.push(node);
        if (node.type.startsWith('Class') && node.body?.type === 'ClassBody') shorten(node);
      });
      function shorten(aClass) {
        const names = [];
        walk(aClass.body, (node) => {
          if (!isPrivate(node)) return;
          if (!names.includes(node.name)) names.push(node.name);
          const short = `$${(names.indexOf(node.name) + 10).toString(36)}`;
          letters.splice(node.start, node.end - node.start, ...short.padEnd(node.end - node.start));
        });
        if (names.length > 26) throw new Error(`more than 26 private names: ${id}`);
        if (names.length > 0 && aClass.superClass) throw new Error(`one object, private names of two classes: ${id}`);
      }
      return blank(letters.join(''), declarations);
    },
  };
}

/** `const` → `let`, which terser joins into fewer and shorter declarations. TypeScript has checked that nobody assigns. */
export function lets() {
  return {
    name: 'lets',
    transform(code) {
      const starts = [];
      walk(this.parse(code), (node) => {
        if (node.type === 'VariableDeclaration' && node.kind === 'const') starts.push(node.start);
      });
      const letters = code.split('');
      for (const start of starts) letters.splice(start, 5, ...'let  ');
      return { code: letters.join(''), map: null };
    },
  };
}

/**
 * What terser may rename in the clients: `$name`, and names that never leave the SDK. They are found in the sources anew at every
 * build, for all clients at once.
 *
 * @param {string[]} entries @param {string} root folder of the sources
 */
export function shortNames(entries, root) {
  let found;
  const names = () => {
    found ??= internalNames(entries, root);
    // With a type missing everything is `any`, and nothing internal.
    if (found.size < 200) throw new Error(`only ${found.size} internal names in ${root}`);
    return found;
  };
  return {
    /** For one bundle. */
    bundle() {
      const ofDependencies = new Set();
      const plugin = {
        name: 'short-names',
        transform(code, id) {
          if (!id.includes('node_modules')) return;
          walk(this.parse(code), ({ type, name, value }) => {
            if (type === 'Identifier') ofDependencies.add(name);
            if (type === 'Literal') ofDependencies.add(value);
          });
        },
      };
      const properties = {
        // These names are ours alone, even if something of a browser has the same.
        builtins: true,
        get regex() {
          const short = [...names()].filter((name) => !ofDependencies.has(name));
          return new RegExp(`^(\\$.*|${short.join('|')})$`);
        },
      };
      return { plugin, properties };
    },

    /** Fails the build when the types that apps see have such a name: then `internalNames` has missed a way out. */
    guard: {
      name: 'short-names-guard',
      generateBundle(_options, files) {
        for (const { fileName, code } of Object.values(files)) {
          const wrong = propertyNamesOf(code).filter((name) => names().has(name));
          if (wrong.length > 0) this.error(`${fileName} shows what its bundle calls otherwise: ${wrong.join(', ')}`);
        }
      },
    },
  };
}

export function walk(node, visit) {
  visit(node);
  for (const child of Object.values(node).flat()) if (typeof child?.type === 'string') walk(child, visit);
}
