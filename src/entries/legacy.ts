// For a script tag in old browsers: what umd.ts gives, in ES5. Babel adds the polyfills of core-js, except that it misses
// the need for Symbol in `Symbol.for`.
import 'core-js/actual/symbol/index.js';
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
