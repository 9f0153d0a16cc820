// A Rollup plugin that makes dist/ smaller: it stands between two runs of terser, when what is left has its final shape.
import MagicString from 'magic-string';
import { walk } from './rollup-lean.mjs';

/** `function f(a) { return b; }` → `let f = (a) => b;` at the top level, unless something that runs earlier may call it. */
export function arrows() {
  return {
    name: 'arrows',
    renderChunk(code) {
      const { body } = this.parse(code);
      const text = new MagicString(code);
      const reached = reachedFrom(body);
      body.forEach((statement, i) => {
        if (statement.type !== 'FunctionDeclaration' || statement.generator || hasThis(statement)) return;
        if (!(reached.get(statement.id.name) < i)) toArrow(text, statement);
      });
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

function toArrow(text, { start, end, id, async, body }) {
  text
    .overwrite(start, id.start, 'let ')
    .appendLeft(id.end, async ? '=async' : '=')
    .appendLeft(body.start, '=>');
  const [first, ...others] = body.body;
  const value = first?.type === 'ReturnStatement' && others.length === 0 && first.argument;
  if (!value) return void text.appendLeft(end, ';');
  text.overwrite(body.start, value.start, '(').overwrite(value.end, end, ');');
}

/** By name, the first statement that may come to it when it runs. */
function reachedFrom(body) {
  const uses = new Map();
  const runs = [];
  body.forEach((statement, i) => {
    for (const node of statement.declarations ?? [statement]) {
      const names = identifiersOf(node);
      if (node.id?.name) uses.set(node.id.name, names);
      if (calls(node)) runs.push([i, names]);
    }
  });
  const reached = new Map();
  const reach = (names, i) => {
    for (const name of names) {
      if (!uses.has(name) || reached.has(name)) continue;
      reached.set(name, i);
      reach(uses.get(name), i);
    }
  };
  for (const [i, names] of runs) reach(names, i);
  return reached;
}

const IS_FUNCTION = /Function|^MethodDefinition$/;
const RUNS = /^(Call|New|TaggedTemplate|Import|Await)Expression$/;

/** Whether code of another place may run when this does: not what is in functions, but for those of a static block or field. */
function calls(node) {
  if (IS_FUNCTION.test(node.type)) return false;
  return RUNS.test(node.type) || childrenOf(node).some(calls);
}

function identifiersOf(node) {
  const names = new Set();
  walk(node, ({ type, name }) => type === 'Identifier' && names.add(name));
  return names;
}

function hasThis(node) {
  return (
    node.type === 'ThisExpression' ||
    (node.type === 'Identifier' && node.name === 'arguments') ||
    childrenOf(node).some((child) => !/^Function|^Class/.test(child.type) && hasThis(child))
  );
}

const childrenOf = (node) =>
  Object.values(node)
    .flat()
    .filter((child) => typeof child?.type === 'string');
