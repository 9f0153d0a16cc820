// For a script tag in old browsers: what umd.ts gives, in ES5. Babel adds the polyfills that the code needs by what it reads in
// it. It does not see `Symbol.for`, nor `Array.from` in its own helpers.
import 'core-js/actual/symbol/index.js';
import 'core-js/actual/array/from.js';
import * as exported from '../index.ts';
import { createLegacyPlatform } from '../platform/legacy/index.ts';
import { createGate } from './gate.ts';

const gate = createGate({
  createPlatform: createLegacyPlatform,
  isSupported: () => typeof self !== 'undefined',
  runsIn: 'a page',
});
const flooIM = Object.assign(gate.flooim, exported, gate, { default: gate.flooim });
Object.assign(globalThis, { flooIM, flooim: flooIM });
export default flooIM;
