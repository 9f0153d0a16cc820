// For a script tag in browsers without ES2015: what umd.ts gives, with the polyfills it needs before it.
import * as exported from '../index.ts';
import { createLegacyPlatform } from '../platform/legacy/index.ts';
import { createGate } from './gate.ts';

const gate = createGate(createLegacyPlatform);
const flooIM = Object.assign(gate.flooim, exported, gate, { default: gate.flooim });
Object.assign(self, { flooIM, flooim: flooIM });
export default flooIM;
