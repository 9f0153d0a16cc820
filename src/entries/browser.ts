import { createBrowserPlatform } from '../platform/browser/index.ts';
import { createGate } from './gate.ts';
import type { Gate } from './gate.ts';

export * from '../index.ts';

const gate: Gate = /* @__PURE__ */ createGate({
  createPlatform: createBrowserPlatform,
  isSupported: () => typeof self !== 'undefined',
  runsIn: 'a page or a worker (in Node, import flooim/node)',
});

export const flooim: Gate['flooim'] = gate.flooim;
export const createClient: Gate['createClient'] = gate.createClient;
export default flooim;
