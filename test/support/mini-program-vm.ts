import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import type { MiniProgramRun } from './mini-program.ts';

/** An engine as a mini-program may find it: what ES2018 has, timers, a console, and what it is given. */
export interface MiniProgramEngine {
  /** Runs a CommonJS file, once, and gives what it exports. */
  load(file: string): unknown;
  run(code: string): unknown;
  /** What was logged, `level text…`. */
  readonly logged: string[];
}

/** Everything else of V8's globals goes, `eval` too. */
const GLOBALS = `Array ArrayBuffer Boolean DataView Date Error EvalError Float32Array Float64Array Function Infinity Int16Array
  Int32Array Int8Array JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol
  SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakSet decodeURI
  decodeURIComponent encodeURI encodeURIComponent isFinite isNaN parseFloat parseInt undefined`;

/** What ES2018 has on those objects that have grown since. */
const MEMBERS: Readonly<Record<string, string>> = {
  Object: `assign create defineProperties defineProperty entries freeze getOwnPropertyDescriptor getOwnPropertyDescriptors
    getOwnPropertyNames getOwnPropertySymbols getPrototypeOf is isExtensible isFrozen isSealed keys preventExtensions seal
    setPrototypeOf values`,
  Array: 'from isArray of',
  'Array.prototype': `concat copyWithin entries every fill filter find findIndex forEach includes indexOf join keys lastIndexOf
    map pop push reduce reduceRight reverse shift slice some sort splice toLocaleString toString unshift values`,
  ArrayBuffer: 'isView',
  'ArrayBuffer.prototype': 'byteLength slice',
  'Object.getPrototypeOf(Int8Array)': 'from of',
  'Object.getPrototypeOf(Int8Array).prototype': `buffer byteLength byteOffset copyWithin entries every fill filter find findIndex
    forEach includes indexOf join keys lastIndexOf map reduce reduceRight reverse set slice some sort subarray toLocaleString
    toString values`,
  String: 'fromCharCode fromCodePoint raw',
  'String.prototype': `charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf localeCompare match normalize
    padEnd padStart repeat replace search slice split startsWith substr substring toLocaleLowerCase toLocaleUpperCase toLowerCase
    toString toUpperCase trim valueOf`,
  Promise: 'all race reject resolve',
  'Promise.prototype': 'catch finally then',
  Symbol: `asyncIterator for hasInstance isConcatSpreadable iterator keyFor match replace search species split toPrimitive
    toStringTag unscopables`,
  'Symbol.prototype': 'toString valueOf',
  Map: '',
  'Map.prototype': 'clear delete entries forEach get has keys set size values',
  'Set.prototype': 'add clear delete entries forEach has keys size values',
  RegExp: '',
  'RegExp.prototype': 'compile dotAll exec flags global ignoreCase multiline source sticky test toString unicode',
  Error: 'stackTraceLimit',
  'Object.getPrototypeOf(Object.getPrototypeOf([].values()))': '',
};

/**
 * @param more what the platform adds: `wx`, `Page`…
 * @param instead other files, or what they export, in the place of some.
 */
export function createMiniProgramEngine(
  timers: MiniProgramRun['timers'],
  more: Readonly<Record<string, unknown>>,
  instead: Readonly<Record<string, string | object>> = {},
): MiniProgramEngine {
  const logged: string[] = [];
  const console = Object.fromEntries(
    ['debug', 'info', 'log', 'warn', 'error'].map((level) => [
      level,
      (...line: unknown[]) => void logged.push([level, ...line.map(String)].join(' ')),
    ]),
  );
  const globals = { ...timers, console, ...more };
  const context = createContext(globals, { codeGeneration: { strings: false, wasm: false } });
  const given = Object.keys(globals);
  const members = Object.entries(MEMBERS).map(([owner, names]) => `[${owner}, ${JSON.stringify(words(names))}]`);
  const all = JSON.stringify([...words(GLOBALS), ...given]);
  runInContext(`(${strip.toString()})(${all}, [${members.join()}])`, context);
  const modules = new Map<string, { exports: unknown }>();
  const load = (name: string): unknown => {
    const file = instead[name] ?? name;
    if (typeof file === 'object') return file;
    const known = modules.get(file);
    if (known) return known.exports;
    const module = { exports: runInContext('({})', context) as unknown };
    modules.set(file, module);
    const run = runInContext(`(function (module, exports, require) {${readFileSync(file, 'utf8')}\n})`, context, {
      filename: file,
    }) as (...given: unknown[]) => void;
    run(module, module.exports, (path: string) =>
      load(join(dirname(file), path.endsWith('.js') ? path : `${path}.js`)),
    );
    return module.exports;
  };
  return { load, run: (code) => runInContext(code, context), logged };
}

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

/** Runs in the engine. */
function strip(globals: string[], members: [owner: object, names: string[]][]): void {
  const always = ['length', 'name', 'prototype', 'constructor', 'arguments', 'caller'];
  for (const [owner, names] of members) {
    for (const key of Reflect.ownKeys(owner)) {
      if (typeof key === 'string' && !names.includes(key) && !always.includes(key)) Reflect.deleteProperty(owner, key);
    }
  }
  const all = globalThis;
  for (const key of Reflect.ownKeys(all)) {
    if (typeof key === 'string' && !globals.includes(key)) Reflect.deleteProperty(all, key);
  }
}
